"""What the offices that pay families held on a day: allowances, medical certificates, loans."""

from __future__ import annotations

import numpy as np

from mimamori.city.days import NEVER, age, first_of_school_year, grade, school_year, school_year_of
from mimamori.city.people import APART, CHILD, FATHER, NOBODY
from mimamori.city.printing import days, flags, whole
from mimamori.city.streams import Array, calibrated, choose
from mimamori.city.tables import LAG, Tables, numbered, several
from mimamori.sources.writing import Columns

ALLOWANCE, MEDICAL, LOANS = "child_allowance", "medical_subsidy", "single_parent_loans"
CAUSES = {"divorce": "1", "death": "2", "unmarried": "8", "other": "9"}


class AllowanceTables(Tables):
    """児童手当・児童扶養手当, 公費医療, 母子父子寡婦福祉資金."""

    def _recipients(self) -> tuple[Array, Array]:
        """Who is paid for each child today, and who was before a divorce (NOBODY: the same)."""
        people = self.people
        fathers = np.full(len(self.homes.ward), NOBODY)
        here = np.flatnonzero((people.role == FATHER) & (people.enter != NEVER))
        fathers[people.household[here]] = here
        now = np.where(fathers[people.household] != NOBODY, fathers[people.household], self.guardian_of)
        left = np.flatnonzero((people.role == APART) & (people.earlier != NOBODY) & (people.sex == 1))
        before = np.full(len(self.homes.ward), NOBODY)
        before[people.earlier[left]] = left
        return now, np.where(people.foster, NOBODY, before[people.household])

    def allowance(self, day: int, _: int) -> Columns:
        """One row for each child and recipient; after a divorce the father's ends and the mother's begins."""
        people, homes = self.people, self.homes
        now, before = self._recipients()
        draw = self.city.streams.topic("civil servants").random(len(homes.ward))
        paid_here = draw < self.city.settings.child_allowance
        who = self.known(self.kids, day)
        who = who[paid_here[people.household[who]] & (now[who] != NOBODY)]
        began = np.maximum(people.birth[who], people.enter[who]) + 15
        changed = np.where(before[who] != NOBODY, homes.split_on[people.household[who]] + 40, -NEVER)
        changed = np.where(changed > began, changed, -NEVER)
        order = self._order()
        made = []
        for recipient, start, stop in (
            (before[who], began, changed),
            (now[who], np.maximum(began, changed), np.full(len(who), NEVER)),
        ):
            fits = (recipient != NOBODY) & (start < stop) & (start <= day) & (start < people.left[who])
            one, paid, since = who[fits], recipient[fits], start[fits]
            grown = self._grown(one)
            end, left = self.ends(one, np.minimum(stop[fits], grown), day)
            reason = np.where(left, "1", np.where(end == grown, "2", np.where(end < NEVER, "4", "")))
            foster = people.foster[one]
            made.append(
                {
                    "certification_no": numbered("A", paid),
                    "recipient_no": self.numbers(paid),
                    "child_no": self.numbers(one),
                    "child_name": self.plainly(one, day),
                    "birth_date": days(ALLOWANCE, people.birth[one]),
                    "recipient_kind": ["3" if yes else "1" for yes in foster],
                    "custody": ["1"] * len(one),
                    "child_order": whole(order[one]),
                    # 現況届 is asked of few since 2022: foster parents and those who live apart from their spouse
                    "report": np.where(foster, np.where(one % 8 == 0, "2", "1"), "0").tolist(),
                    "withheld": flags(foster & (one % 8 == 0)),
                    "started_on": days(ALLOWANCE, since),
                    "ended_on": days(ALLOWANCE, end),
                    "lost_reason": reason.tolist(),
                }
            )
        return several(made)

    def _grown(self, who: Array) -> Array:
        """The day after the 31 March after the 18th birthday."""
        return first_of_school_year(school_year(self.people.birth[who]) + 19)

    def _order(self) -> Array:
        """第n子: the place of each child among those of its household, by age."""
        kids, people = self.kids, self.people
        sorted_kids = kids[np.lexsort((people.birth[kids], people.household[kids]))]
        home = people.household[sorted_kids]
        result = np.zeros(len(people), dtype=np.int64)
        result[sorted_kids] = np.arange(len(home)) - np.searchsorted(home, home) + 1
        return result

    def single_parent_spells(self) -> tuple[Array, Array, Array]:
        """Children for whom 児童扶養手当 is paid, from when, and the day of a remarriage that ended it."""
        people, homes, settings = self.people, self.homes, self.city.settings
        married = homes.remarried_on[people.household]
        since = np.where(homes.single[people.household], homes.split_on[people.household], NEVER)
        since = np.where(since == NEVER, people.birth, since)
        since = np.maximum(np.maximum(since, people.birth), people.enter) + 45
        able = (people.role == CHILD) & ~people.outside & ~people.foster & (self.guardian_of != NOBODY)
        able &= homes.single[people.household] | (married < NEVER)
        score = 1.5 * self.city.of_home(homes.poor)
        share = settings.single_parent_allowance * len(self.city.children) / max(1, int(able.sum()))
        chance = np.zeros(len(people))
        chance[able] = calibrated(score[able], min(0.97, share))
        draw = self.city.streams.topic("single parents").random(len(homes.ward))[people.household]
        who = np.flatnonzero(able & (draw < chance))
        return who, since[who], married[who] + 20

    def single_parent(self, day: int, _: int) -> Columns:
        people, homes = self.people, self.homes
        who, since, until = self.single_parent_spells()
        known = (since <= day - LAG) & (since < until) & (since < people.left[who])
        who, since, until = who[known], since[known], until[known]
        home = people.household[who]
        rng = self.city.streams.topic("reports")
        late = rng.random(len(homes.ward)) < calibrated(1.2 * homes.stress, 0.05)
        part = rng.random(len(homes.ward))
        grown = self._grown(who)
        end, left = self.ends(who, np.minimum(until, grown), day)
        reason = np.where(left, "1", np.where(end == grown, "2", np.where(end < NEVER, "3", "")))
        full = homes.poor[home] | (part[home] < self.city.settings.allowance_in_full - 0.3)
        cause = [CAUSES.get(one, "1") for one in homes.reason[home]]
        return {
            "certificate_no": numbered("S", home),
            "recipient_no": self.numbers(self.guardian_of[who]),
            "child_no": self.numbers(who),
            "child_name": self.plainly(who, day),
            "birth_date": days(ALLOWANCE, people.birth[who]),
            "cause": cause,
            "payment": np.where(full, "1", np.where(part[home] > 0.93, "3", "2")).tolist(),
            "report": np.where(late[home], "2", "1").tolist(),
            "certified_on": days(ALLOWANCE, since),
            "lost_on": days(ALLOWANCE, end),
            "lost_reason": reason.tolist(),
        }

    def medical(self, day: int, _: int) -> Columns:
        """Certificates of the three schemes; children on public assistance have none."""
        people, settings = self.people, self.city.settings
        draw = self.draw("medical")
        assisted = self.lives.assistance[people.household]
        alone, since_alone, until_alone = self.single_parent_spells()
        kids = self.kids[(draw[self.kids] < settings.medical_children) & ~assisted[self.kids]]
        one_parent = ~assisted[alone]
        able = self.kids[~assisted[self.kids]]
        disabled = able[self.draw("medical of disabled")[able] < calibrated(
            1.8 * (self.lives.health.handbook[able] > 0) * 2, settings.medical_disabled
        )]  # fmt: skip
        made = []
        for scheme, who, since, until in (
            ("1", kids, np.maximum(people.birth, people.enter)[kids] + 20, np.full(len(kids), NEVER)),
            ("2", alone[one_parent], since_alone[one_parent] + 10, until_alone[one_parent]),
            ("3", disabled, np.maximum(people.birth + 1000, people.enter)[disabled], np.full(len(disabled), NEVER)),
        ):
            known = (since <= day - LAG) & (since < people.left[who]) & (since < until)
            one, start = who[known], since[known]
            grown = self._grown(one)
            end, left = self.ends(one, np.minimum(until[known], grown), day)
            reason = np.where(left, "1", np.where(end == grown, "2", np.where(end < NEVER, "7", "")))
            acquired = np.where(people.enter[one] > people.birth[one], "2", "1") if scheme == "1" else "3"
            made.append(
                {
                    "addressee_no": self.numbers(one),
                    "certificate_no": numbered("M", one),
                    "name": self.plainly(one, start),
                    "kana": self.plainly(one, start, kana=True),
                    "birth_date": days(MEDICAL, people.birth[one]),
                    "scheme": [scheme] * len(one),
                    "acquired_on": days(MEDICAL, start),
                    "acquired_reason": np.broadcast_to(acquired, len(one)).tolist(),
                    "lost_on": days(MEDICAL, end),
                    "lost_reason": reason.tolist(),
                    "burden": np.where(age(people.birth[one], day) < 3, "0", "1").tolist(),
                }
            )
        return several(made)

    def loans(self, day: int, _: int) -> Columns:
        """Loans of the last years: most for a child's schooling, in the spring before it starts."""
        people, homes, settings = self.people, self.homes, self.city.settings
        rng = self.city.streams.topic("loans")
        year = school_year_of(self.city.today)
        grades = grade(people.birth, year)
        able = homes.single[people.household] & (people.role == CHILD) & ~people.outside & ~people.foster
        able &= (self.guardian_of != NOBODY) & (people.enter < self.city.today - 900)
        school = able & (grades >= 10)
        weight = np.where(school, settings.loans_for_school / max(1, int(school.sum())), 0.0)
        other = able & (grades < 10)
        weight += np.where(other, (1 - settings.loans_for_school) / max(1, int(other.sum())), 0.0)
        who = choose(rng, weight, max(2, round(settings.loans * settings.residents * 3)))
        decided = self.city.today - rng.integers(30, 1000, len(who))
        schooling, living = np.where(rng.random(len(who)) < 0.5, "01", "02"), np.where(who % 2 == 0, "03", "05")
        fund = np.where(school[who], schooling, living)
        decided = np.where(school[who], first_of_school_year(year - (grades[who] - 10)) - 40, decided)
        owes = rng.random(len(who)) < calibrated(1.5 * homes.poor[people.household[who]], settings.loans_in_arrears)
        known = np.flatnonzero((decided <= day - 10) & (decided > people.birth[who]))
        who, decided, fund, owes = who[known], decided[known], fund[known], owes[known]
        repay = decided + np.where(fund == "01", 1300, 200)
        late = np.where(owes & (repay <= day), np.minimum((day - repay) // 60 + 1, 9), 0)
        borrower = self.guardian_of[who]
        return {
            "loan_no": numbered("L", who),
            "borrower_no": self.numbers(borrower),
            "child_no": self.numbers(who),
            "borrower_name": self.plainly(borrower, decided),
            "child_name": self.plainly(who, decided),
            "birth_date": days(LOANS, people.birth[who]),
            "fund": fund.tolist(),
            "decided_on": days(LOANS, decided),
            "amount": whole(np.where(fund == "01", 540_000, 250_000)),
            "repay_from": days(LOANS, repay),
            "arrears_count": whole(late),
            "arrears_amount": whole(late * 12_000),
        }
