"""What the registers and the welfare departments held on a day: only what was known then.

Mothers and babies are in `health_tables`, schools in `school_tables`; `departments` says which function fills which.
"""

from __future__ import annotations

import numpy as np

from mimamori.city.days import NEVER, add_months, age, day_of, number
from mimamori.city.dirt import written_kana, written_names
from mimamori.city.lives import Lives
from mimamori.city.people import ADULT, CHILD, FATHER, GRANDPARENT, MOTHER, NOBODY, City, name_of
from mimamori.city.printing import days, whole
from mimamori.city.streams import Array
from mimamori.city.writing import Columns

RELATION = np.array(["世帯主", "妻", "子", "父", "世帯主"], dtype=object)
LAG = 30  # days until a department knows of an event


class Tables:
    """The city and its lives, asked table by table."""

    def __init__(self, city: City, lives: Lives) -> None:
        self.city, self.lives, self.people = city, lives, city.people
        size = len(city.people)
        self.everybody = np.arange(size)
        self.kids = np.flatnonzero(city.people.role == CHILD)
        self.pupil_no = np.array([f"P{place:07d}" for place in range(size)], dtype=object)
        self.guidance_no = np.array([f"G{place:07d}" for place in range(size)], dtype=object)
        order = np.argsort(city.people.household, kind="stable")
        first = np.searchsorted(city.people.household[order], city.people.household[order])
        self.member = np.empty(size, dtype=np.int64)  # 1, 2, … within the household, the unborn too: it stays
        self.member[order] = self.everybody - first + 1
        self.noise = city.settings.noise
        self.noisy = city.streams.topic("dirt").random(size) < 0.05 * self.noise  # the school has the old address

    def born(self, who: Array, day: int) -> Array:
        result: Array = who[self.people.birth[who] <= day]
        return result

    def names(self, who: Array, topic: str) -> tuple[list[str], list[str]]:
        """Names and readings of people as `topic` wrote them, the same in every delivery."""
        rng = self.city.streams.topic(f"names {topic}")
        every, kana = name_of(self.city, self.everybody), name_of(self.city, self.everybody, kana=True)
        dirty = np.array(written_names(rng, every, self.noise), dtype=object)[who]
        return list(dirty), list(np.array(written_kana(rng, kana, self.noise), dtype=object)[who])

    def residents(self, day: int, _: int) -> Columns:
        who, people, homes = self.born(self.everybody, day), self.people, self.city.homes
        home = people.household[who]
        adult_first = np.unique(np.where(people.role == ADULT, people.household, -1), return_index=True)[1]
        head = (people.role == FATHER) | ((people.role == MOTHER) & homes.single[people.household])
        head[adult_first] |= people.role[adult_first] == ADULT
        relation = RELATION[people.role[who]]
        relation = np.where(head[who], "世帯主", relation)
        relation = np.where((people.role[who] == ADULT) & ~head[who], "同居人", relation)
        relation = np.where((people.role[who] == GRANDPARENT) & (people.sex[who] == 2), "母", relation)
        relation = np.where(people.foster[who], "同居人", relation)
        foreign = (homes.nation[home] != NOBODY) & (people.role[who] != ADULT)
        protected, moved = people.protected[who], homes.since[home]
        since = np.maximum(moved, people.birth[who])
        now, old = homes.addresses, homes.old
        names = name_of(self.city, who)
        birth_jp, birth_western = days("resident_register", people.birth[who]), days("", people.birth[who])
        return {
            "addressee_no": list(people.number[who]),
            "hist_no": ["1"] * len(who),
            "household_no": [f"H{one:07d}" for one in home.tolist()],
            "resident_type": ["2" if one else "1" for one in foreign],
            "status": ["1"] * len(who),
            "name": names,
            "kana": name_of(self.city, who, kana=True),
            "alias": [n if f and one % 5 == 0 else "" for n, f, one in zip(names, foreign, who.tolist(), strict=True)],
            "birth_date": [b if f else a for a, b, f in zip(birth_jp, birth_western, foreign, strict=True)],
            "sex": whole(people.sex[who]),
            "relation": list(relation),
            "addr_code": list(now.code[home]),
            "address": list(now.address[home]),
            "building": list(now.building[home]),
            "postal": list(now.postal[home]),
            "ward": [str(one) for one in now.ward[home]],
            "addr_since": days("resident_register", since),
            "prev_address": [a if b else "" for a, b in zip(old.address[home], moved > people.birth[who], strict=True)],
            "move_code": ["13" if one else "31" for one in since == people.birth[who]],
            "move_date": days("resident_register", since),
            "protection": ["1" if one else "0" for one in protected],
            "protection_role": [("1" if role == MOTHER else "2") if one else "" for one, role in
                                zip(protected, people.role[who], strict=True)],
            "protection_from": days("resident_register", np.where(protected, self.city.today - 200, NEVER)),
            "protection_to": days("resident_register", np.where(protected, self.city.today + 165, NEVER)),
        }  # fmt: skip

    def teeth(self, who: Array) -> Array:
        draw = self.city.streams.topic("teeth").poisson(0.35, len(self.people))
        poor = self.city.of_home(self.city.homes.poor)
        result: Array = (draw + np.where(poor, draw * 2, 0))[who]
        return result

    def assistance(self, day: int, _: int) -> Columns:
        who = self.born(np.flatnonzero(self.lives.assistance[self.people.household]), day)
        home = self.people.household[who]
        start = np.maximum(self.city.today - 600 - home % 900, self.people.birth[who])
        names, kana = name_of(self.city, who), name_of(self.city, who, kana=True)
        single = self.city.homes.single[home]
        return {
            "addressee_no": list(self.people.number[who]),
            "assistance_no": [f"{one:07d}" for one in home.tolist()],
            "member_no": [f"{one:02d}" for one in self.member[who].tolist()],
            "name": names,
            "kana": kana,
            "birth_date": days("public_assistance", self.people.birth[who]),
            "sex": whole(self.people.sex[who]),
            "office": [f"0{int(ward) - 40130}" for ward in self.city.homes.ward[home]],
            "household_type": ["2" if one else "5" for one in single],
            "started_on": days("public_assistance", start),
            "aid_living": ["1"] * len(who),
            "aid_housing": ["1"] * len(who),
        }

    def childcare(self, day: int, _: int) -> Columns:
        years = age(self.people.birth[self.kids], self.city.today)
        draw = self.city.streams.topic("childcare").random(len(self.people))[self.kids]
        share = np.array([0.17, 0.59, 0.59, 0.95, 0.97, 0.98])[np.minimum(years, 5)]
        able = (years <= 5) & (draw < share) & (self.people.mother[self.kids] != NOBODY)
        who = self.kids[able]
        start = np.maximum(add_months(self.people.birth[who], 10), number(day_of(day).replace(month=4, day=1)) - 365)
        who, start = who[start <= day], start[start <= day]
        left = (self.city.streams.topic("left").random(len(self.people)) < 0.012)[who]
        end = np.where(left & (self.city.today - 60 <= day), self.city.today - 60, NEVER)
        owes = self.lives.arrears[who]
        return {
            "certification_no": [f"C{one:07d}" for one in who.tolist()],
            "child_no": list(self.people.number[who]),
            "guardian_no": list(self.people.number[self.people.mother[who]]),
            "certification": ["2" if a >= 3 else "3" for a in age(self.people.birth[who], self.city.today)],
            "need": ["01"] * len(who),
            "facility_code": [f"F{one % 40:03d}" for one in who.tolist()],
            "facility_kind": ["1"] * len(who),
            "started_on": days("childcare", start),
            "ended_on": days("childcare", end),
            "leave_reason": ["4" if one < NEVER else "" for one in end],
            "income_band": ["1" if p else "4" for p in self.city.of_home(self.city.homes.poor)[who]],
            "arrears_months": ["4" if one else "0" for one in owes],
        }

    def _recipient(self, who: Array) -> Array:
        mother, father = self.people.mother[who], self.people.father[who]
        result: Array = np.where(father != NOBODY, father, mother)
        return result

    def allowance(self, day: int, _: int) -> Columns:
        draw = self.city.streams.topic("civil servants").random(len(self.city.homes.ward))
        who = self.born(self.kids, day)
        heads = np.full(len(self.city.homes.ward), NOBODY)
        for role in (FATHER, MOTHER):
            here = np.flatnonzero(self.people.role == role)
            heads[self.people.household[here]] = here
        recipient = np.where(self.people.foster[who], heads[self.people.household[who]], self._recipient(who))
        keep = (recipient != NOBODY) & (draw[self.people.household[who]] < self.city.settings.child_allowance)
        who, recipient = who[keep], recipient[keep]
        return {
            "certification_no": [f"A{one:07d}" for one in self.people.household[who].tolist()],
            "recipient_no": list(self.people.number[recipient]),
            "child_no": list(self.people.number[who]),
            "recipient_kind": ["3" if one else "1" for one in self.people.foster[who]],
            "custody": ["1"] * len(who),
            "child_order": ["1"] * len(who),
            "report": ["0"] * len(who),
            "withheld": ["0"] * len(who),
            "started_on": days("child_allowance", self.people.birth[who] + 20),
        }

    def single_parent(self, day: int, _: int) -> Columns:
        homes = self.city.homes
        who = self.born(self.kids, day - 60)
        who = who[homes.single[self.people.household[who]] & (self._recipient(who) != NOBODY)]
        late = (self.city.streams.topic("reports").random(len(homes.ward)) < 0.06)[self.people.household[who]]
        poor = homes.poor[self.people.household[who]]
        return {
            "certificate_no": [f"S{one:07d}" for one in self.people.household[who].tolist()],
            "recipient_no": list(self.people.number[self._recipient(who)]),
            "child_no": list(self.people.number[who]),
            "cause": ["1" if one else "8" for one in homes.divorced[self.people.household[who]]],
            "payment": ["1" if one else "2" for one in poor],
            "report": ["2" if one else "1" for one in late],
            "certified_on": days("child_allowance", self.people.birth[who] + 50),
        }

    def medical(self, day: int, _: int) -> Columns:
        draw = self.city.streams.topic("medical").random(len(self.people))
        who = self.born(self.kids, day - 30)
        who = who[
            (draw[who] < self.city.settings.medical_children) & ~self.lives.assistance[self.people.household[who]]
        ]
        return {
            "addressee_no": list(self.people.number[who]),
            "certificate_no": [f"M{one:07d}" for one in who.tolist()],
            "scheme": ["1"] * len(who),
            "acquired_on": days("medical_subsidy", self.people.birth[who] + 25),
            "burden": ["0"] * len(who),
        }

    def _named(self, who: Array) -> Columns:
        """How child guidance knows a child: by name; by the addressee number in three of five cases."""
        names, kana = self.names(who, "guidance")
        return {
            "guidance_no": list(self.guidance_no[who]),
            "addressee_no": [
                n if one % 5 < 3 else "" for n, one in zip(self.people.number[who], who.tolist(), strict=True)
            ],
            "name": names,
            "kana": kana,
            "birth_date": days("child_guidance", self.people.birth[who]),
            "sex": whole(self.people.sex[who]),
            "address": list(self.city.homes.addresses.address[self.people.household[who]]),
        }

    def guidance(self, day: int, _: int) -> Columns:
        known = self.lives.consulted_on <= day - 7
        who, on = self.lives.consulted[known], self.lives.consulted_on[known]
        foster = np.flatnonzero(self.people.foster)
        who, on = np.concatenate([who, foster]), np.concatenate([on, np.full(len(foster), self.city.today - 900)])
        abuse = np.arange(len(who)) < known.sum()
        closed = np.where(abuse & (on + 200 <= day), on + 200, NEVER)
        severity = self.city.streams.topic("severity").choice(
            ["2", "3", "4", "5"], len(self.people), p=[0.05, 0.25, 0.5, 0.2]
        )
        return self._named(who) | {
            "reception_no": [f"R{one:07d}" for one in who.tolist()],
            "received_on": days("child_guidance", on),
            "consultation": ["1" if one else "2" for one in abuse],
            "route": ["05" if one % 2 else "04" for one in who.tolist()],
            "abuse_kind": [
                ("4" if one % 5 < 3 else "1") if a else "" for one, a in zip(who.tolist(), abuse, strict=True)
            ],
            "severity": [s if a else "" for s, a in zip(severity[who], abuse, strict=True)],
            "measure": ["1" if one else "5" for one in abuse],
            "closed_on": days("child_guidance", closed),
        }

    def council(self, day: int, _: int) -> Columns:
        first = dict(zip(self.lives.consulted.tolist(), self.lives.consulted_on.tolist(), strict=True))
        on = np.array([first[one] + 21 for one in self.lives.council.tolist()], dtype=np.int64)
        who, on = self.lives.council[on <= day], on[on <= day]
        ended = np.where(on + 500 <= day, on + 500, NEVER)
        return self._named(who) | {
            "council_kind": ["1" if one % 3 else "2" for one in who.tolist()],
            "registered_on": days("child_guidance", on),
            "ended_on": days("child_guidance", ended),
            "end_reason": ["1" if one < NEVER else "" for one in ended],
        }

    def handbooks(self, day: int, _: int) -> Columns:
        who = self.born(np.flatnonzero(self.lives.handbook > 0), day - 900)
        kinds = self.lives.handbook[who]
        return {
            "addressee_no": list(self.people.number[who]),
            "name": name_of(self.city, who),
            "birth_date": days("disability_welfare", self.people.birth[who]),
            "handbook": whole(kinds),
            "handbook_no": [f"T{one:07d}" for one in who.tolist()],
            "grade": [{1: "3", 2: "B2", 3: "2"}[int(kind)] for kind in kinds],
            "issued_on": days("disability_welfare", self.people.birth[who] + 800),
            "review_on": days(
                "disability_welfare", np.where(who % 9 == 0, self.city.today - 90, self.city.today + 700)
            ),
        }

    def loans(self, day: int, _: int) -> Columns:
        homes = self.city.homes
        who = self.born(self.kids, day - 15 * 365)
        who = who[homes.single[self.people.household[who]] & (self._recipient(who) != NOBODY) & (who % 4 == 0)]
        owes = self.lives.arrears[who]
        return {
            "loan_no": [f"L{one:07d}" for one in who.tolist()],
            "borrower_no": list(self.people.number[self._recipient(who)]),
            "child_no": list(self.people.number[who]),
            "fund": ["01"] * len(who),
            "decided_on": days("single_parent_loans", self.people.birth[who] + 15 * 365),
            "amount": ["380000"] * len(who),
            "arrears_count": ["4" if one else "0" for one in owes],
            "arrears_amount": ["40000" if one else "0" for one in owes],
        }
