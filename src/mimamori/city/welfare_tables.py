"""What the welfare offices held on a day: public assistance, and what disabled people are granted."""

from __future__ import annotations

import numpy as np

from mimamori.city.days import NEVER, age, age_months, from_parts, parts
from mimamori.city.people import CHILD, NOBODY
from mimamori.city.printing import days, flags, whole
from mimamori.city.streams import Array, calibrated
from mimamori.city.tables import LAG, Tables, numbered, several
from mimamori.sources.writing import Columns

# by kind of handbook: 身体, 療育, 精神
GRADES = np.array(
    [["1", "2", "3", "4", "5", "6"], ["A1", "A2", "A3", "B1", "B2", "B2"], ["1", "2", "3", "2", "3", "2"]], dtype=object
)
ASSISTANCE, DISABILITY = "public_assistance", "disability_welfare"


class WelfareTables(Tables):
    """生活保護 and 保健福祉総合."""

    def assistance(self, day: int, _: int) -> Columns:
        """Members of households on assistance: who left the city, or whose household was let go, has an end."""
        people, homes, today = self.people, self.homes, self.city.today
        rng = self.city.streams.topic("assistance spells")
        begun = today - 200 - rng.integers(0, 1500, len(homes.ward))
        over = rng.random(len(homes.ward)) < self.city.settings.assistance_ends
        stopped = np.where(over, np.maximum(begun + 180, today - rng.integers(1, 700, len(homes.ward))), NEVER)
        medical = self.draw("medical aid") < 0.8
        who = self.known(np.flatnonzero(self.lives.assistance[people.household] & ~people.outside), day)
        home = people.household[who]
        start = np.maximum(np.maximum(begun[home], people.enter[who]), people.joined[who])
        known = (start <= day) & (start < people.left[who]) & (start < stopped[home])
        who, home, start = who[known], home[known], start[known]
        end, left = self.ends(who, stopped[home], day)
        old = np.full(len(homes.ward), 200)
        np.minimum.at(old, people.household, age(people.birth, day))
        kind = np.where(homes.illness[home], "4", np.where(old[home] >= 65, "1", "5"))
        kind = np.where(homes.single[home], "2", kind)
        pupils = np.isin(who, np.flatnonzero(self.lives.school.pupil))
        reason = np.where(left, np.where(people.dead[who], "2", "3"), np.where(end < NEVER, "1", ""))
        return {
            "addressee_no": self.numbers(who),
            "assistance_no": numbered("", home),
            "member_no": [f"{one:02d}" for one in self.member[who].tolist()],
            "name": self.plainly(who, day),
            "kana": self.plainly(who, day, kana=True),
            "birth_date": days(ASSISTANCE, people.birth[who]),
            "sex": whole(people.sex[who]),
            "office": [f"0{int(ward) - 40130}" for ward in homes.ward[home]],
            "household_type": kind.tolist(),
            "started_on": days(ASSISTANCE, start),
            "ended_on": days(ASSISTANCE, end),
            "end_reason": reason.tolist(),
            "aid_living": flags(end == NEVER),
            "aid_housing": flags(end == NEVER),
            "aid_education": flags(pupils & (end == NEVER)),
            "aid_medical": flags(medical[who] & (end == NEVER)),
            "aid_care": flags((age(people.birth[who], day) >= 65) & (who % 4 == 0)),
        }

    def handbooks(self, day: int, _: int) -> Columns:
        people = self.people
        wait = 700 + (self.draw("handbooks") * 900).astype(np.int64)
        who = self.known(np.flatnonzero(self.lives.health.handbook > 0), day)
        child = people.role[who] == CHILD
        issued = np.where(child, people.birth[who] + wait[who], self.city.today - 300 - 2 * wait[who])
        issued = np.maximum(issued, people.enter[who] + 20)
        who, issued = who[issued <= day - LAG], issued[issued <= day - LAG]
        kind = self.lives.health.handbook[who]
        review = np.where(kind == 1, NEVER, issued + np.where(kind == 3, 730, 1095) * (1 + (day - issued) // 1095))
        # one in ten who should have been judged anew has not come
        review = np.where((who % 10 == 0) & (kind != 1), day - 20 - who % 200, review)
        end, _left = self.ends(who, np.full(len(who), NEVER), day)
        return {
            "addressee_no": self.numbers(who),
            "name": self.plainly(who, issued),
            "kana": self.plainly(who, issued, kana=True),
            "birth_date": days(DISABILITY, people.birth[who]),
            "handbook": whole(kind),
            "handbook_no": numbered("T", who),
            "grade": GRADES[kind - 1, who % 6].tolist(),
            "issued_on": days(DISABILITY, issued),
            "returned_on": days(DISABILITY, end),
            "review_on": days(DISABILITY, review),
        }

    def services(self, day: int, _: int) -> Columns:
        """児童発達支援 before school, 放課後等デイ from then on; granted to the next birthday, as the law does."""
        settings = self.city.settings
        kids = self.here(self.kids, day)
        years, chance = age(self.people.birth[kids], day), self.draw("services")[kids]
        made = []
        small = (years >= 2) & (years < 6)
        share_small = settings.infant_service * len(kids) / max(1, int(small.sum()))
        for code, able, share, granted in (
            ("61", small, share_small, 10),
            ("63", (years >= 6) & (years < 18), settings.after_school_service, 12),
            ("64", (years >= 3) & (years < 16), settings.visiting_service, 2),
        ):
            who = kids[able]
            using = chance[able] < calibrated(1.6 * self.people.need[who], share)
            made.append(self._service(who[using], code, granted, day))
        return several(made)

    def _service(self, who: Array, code: str, granted: int, day: int) -> Columns:
        months = age_months(self.people.birth[who], day) % 12
        year, month, _ = parts(np.full(len(who), day))
        total = year * 12 + month - 1 - months
        start = np.maximum(from_parts(total // 12, total % 12 + 1, 1), self.people.enter[who])
        end = from_parts((total + 12) // 12, (total + 12) % 12 + 1, 1) - 1
        return {
            "addressee_no": self.numbers(who),
            "guardian_no": self.numbers(self.guardian_of[who]),
            "name": self.plainly(who, day),
            "birth_date": days(DISABILITY, self.people.birth[who]),
            "recipient_no": numbered("J", who),
            "service": [code] * len(who),
            "days_granted": whole(granted + who % 8),
            "started_on": days(DISABILITY, start),
            "ended_on": days(DISABILITY, end),
        }

    def special_allowance(self, day: int, _: int) -> Columns:
        kids = self.kids
        chance = self.draw("special allowance")[kids] < calibrated(
            1.4 * self.people.need[kids], self.city.settings.special_allowance
        )
        who = self.known(kids[chance & (self.guardian_of[kids] != NOBODY)], day)
        since = np.maximum(self.people.birth[who] + 1100, self.people.enter[who] + 40)
        who, since = who[since <= day - LAG], since[since <= day - LAG]
        end, _left = self.ends(who, np.full(len(who), NEVER), day)
        severe = np.isin(self.lives.health.handbook[who], (1, 2)) & (who % 3 == 0)
        return {
            "allowance_no": numbered("K", who),
            "recipient_no": self.numbers(self.guardian_of[who]),
            "child_no": self.numbers(who),
            "child_name": self.plainly(who, since),
            "birth_date": days(DISABILITY, self.people.birth[who]),
            "allowance_grade": ["1" if one else "2" for one in severe],
            "certified_on": days(DISABILITY, since),
            "lost_on": days(DISABILITY, end),
        }
