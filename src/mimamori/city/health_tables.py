"""What mother and child health held on a day: pregnancy, birth, check-ups, home visits."""

from __future__ import annotations

import numpy as np

from mimamori.city.days import NEVER, YEAR
from mimamori.city.lives import checkup_days
from mimamori.city.people import NOBODY, name_of
from mimamori.city.printing import days, flags, whole
from mimamori.city.streams import Array
from mimamori.city.tables import LAG, Tables
from mimamori.city.writing import Columns


class HealthTables(Tables):
    """The tables of 母子保健."""

    def _mothers(self, day: int, youngest: float, since: int = 0) -> Array:
        """Children with a mother, born up to `day` − `since` and not older than `youngest` years."""
        birth = self.people.birth[self.kids]
        able = (birth <= day - since) & (birth > day - youngest * YEAR) & (self.people.mother[self.kids] != NOBODY)
        result: Array = self.kids[able]
        return result

    def pregnancy(self, day: int, _: int) -> Columns:
        who = self._mothers(day, 7)
        return {
            "pregnancy_no": [f"N{one:07d}" for one in who.tolist()],
            "birth_order_no": ["1"] * len(who),
            "mother_no": list(self.people.number[self.people.mother[who]]),
            "child_no": list(self.people.number[who]),
            "notified_on": days(
                "maternal_child_health", self.people.birth[who] - 280 + self.lives.notice_weeks[who] * 7
            ),
            "notice_route": ["1"] * len(who),
            "weeks": whole(self.lives.notice_weeks[who]),
            "mother_age": whole(self.lives.mother_age[who]),
            "due_on": days("maternal_child_health", self.people.birth[who] + 3),
            "marital": ["2" if one else "1" for one in self.city.homes.single[self.people.household[who]]],
        }

    def _child(self, who: Array) -> Columns:
        return {
            "child_no": list(self.people.number[who]),
            "mother_no": list(self.people.number[self.people.mother[who]]),
        }

    def birth(self, day: int, _: int) -> Columns:
        who = self._mothers(day, 7)
        return self._child(who) | {
            "child_name": name_of(self.city, who),
            "child_kana": name_of(self.city, who, kana=True),
            "birth_date": days("maternal_child_health", self.people.birth[who]),
            "sex": whole(self.people.sex[who]),
            "weight_g": whole(self.lives.weight[who]),
            "weeks": whole(self.lives.weeks[who]),
            "multiple": flags(self.people.twin[who]),
        }

    def postnatal(self, day: int, _: int) -> Columns:
        who = self._mothers(day, 3, 31 + LAG)
        return self._child(who) | {
            "round": ["2"] * len(who),
            "checked_on": days("maternal_child_health", self.people.birth[who] + 31),
            "epds_total": whole(self.lives.epds[who]),
            "epds_q10": whole(self.lives.epds_q10[who]),
            "followed_up": flags(self.lives.epds[who] >= 9),
        }

    def home_visit(self, day: int, _: int) -> Columns:
        who = self._mothers(day, 3, 70)
        return self._child(who) | {
            "visit_no": ["1"] * len(who),
            "visited_on": days("maternal_child_health", self.people.birth[who] + 60),
            "result": list(self.lives.visit[who]),
            "follow_up": flags(self.lives.visit[who] != "1"),
        }

    def checkup(self, day: int, _: int) -> Columns:
        who = self._mothers(day, 7)
        due = checkup_days(self.people.birth[who])
        kinds, parts = list(self.city.settings.checkup_attended), []
        rng = self.city.streams.topic("check-up results")
        verdicts = rng.choice(["1", "3", "4"], size=(len(self.people), 4), p=[0.78, 0.18, 0.04])
        for place, kind in enumerate(kinds):
            asked = np.flatnonzero(due[:, place] <= day - LAG)
            one, missed = who[asked], self.lives.missed[who[asked], place]
            on = np.where(missed, NEVER, due[asked, place] - 10)
            verdict = verdicts[one, place]
            parts.append(
                self._child(one)
                | {
                    "kind": [kind] * len(one),
                    "due_on": days("maternal_child_health", due[asked, place]),
                    "attended": ["2" if m else "1" for m in missed],
                    "checked_on": days("maternal_child_health", on),
                    "verdict": ["" if m else v for m, v in zip(missed, verdict, strict=True)],
                    "untreated_teeth": ["" if m or place < 2 else str(int(t)) for m, t in
                                        zip(missed, self.teeth(one), strict=True)],
                    "hard_to_raise": ["" if m else ("1" if n > 1.9 else "3") for m, n in
                                      zip(missed, self.people.need[one], strict=True)],
                    "hit": ["" if m else ("1" if h > 15 else "0") for m, h in
                            zip(missed, self.lives.hazard[one], strict=True)],
                    "economy": ["" if m else ("5" if p else "3") for m, p in
                                zip(missed, self.city.of_home(self.city.homes.poor)[one], strict=True)],
                }
            )  # fmt: skip
        return {field: [value for part in parts for value in part[field]] for field in parts[0]}
