"""What the childcare office held on a day: places in nurseries, kindergartens and centres."""

from __future__ import annotations

import numpy as np

from mimamori.city.days import NEVER, add_months, birth_cohort, first_of_school_year, school_year
from mimamori.city.printing import days, whole
from mimamori.city.streams import Array, calibrated, pick
from mimamori.city.tables import Tables, numbered
from mimamori.sources.writing import Columns

SOURCE = "childcare"
NEEDS = {"01": 0.83, "02": 0.03, "03": 0.03, "04": 0.01, "06": 0.05, "07": 0.015, "08": 0.005, "09": 0.03}  # A


class ChildcareTables(Tables):
    """子ども・子育て支援."""

    def _spells(self) -> tuple[Array, Array, Array, Array, Array]:
        """(children, start, end, whether a nursery, whether left early): one spell for each child who goes anywhere."""
        people, settings = self.people, self.city.settings
        rng, size = self.city.streams.topic("childcare"), len(people)
        cohort = birth_cohort(people.birth)
        place, chance = rng.random(size), rng.random(size)
        use = dict(settings.childcare_use)
        from_three = first_of_school_year(cohort + 4)  # the April in which the youngest class of kindergartens begins
        from_one = np.where(place < use[1], first_of_school_year(cohort + 2), NEVER)
        start = np.where(place < use[0], add_months(people.birth, 8), from_one)
        nursery = start < NEVER
        isolated = 1.0 * self.city.of_home(self.homes.isolation)
        late = np.zeros(size, dtype=np.int64)  # years after the others, of who goes nowhere at first
        for years, share in dict(settings.nowhere).items():
            nowhere = chance < np.minimum(1, calibrated(isolated, share / max(0.01, 1 - use[3])))
            late = np.where(nowhere & ~nursery, years - 2, late)
        start = np.where(nursery, start, first_of_school_year(cohort + 4 + late))
        start = np.where(late >= 3, NEVER, np.maximum(start, np.where(nursery, -NEVER, from_three)))
        start = np.maximum(start, people.enter + 15)
        end = first_of_school_year(cohort + 7)  # the April of the first grade
        leaves = rng.random(size) < calibrated(1.2 * self.city.of_home(self.homes.stress), settings.childcare_leaves)
        early = start + 150 + (rng.random(size) * 500).astype(np.int64)
        gone = leaves & (early < end)
        end = np.where(gone, early, end)
        able = np.isin(np.arange(size), self.kids) & (start < end) & (start < people.left)
        who = np.flatnonzero(able)
        return who, start[who], end[who], nursery[who], gone[who]

    def certifications(self, day: int, _: int) -> Columns:
        people, homes = self.people, self.homes
        who, start, end, nursery, early = self._spells()
        known = (start <= day) & (start > day - 2600)
        who, start, end, nursery, early = who[known], start[known], end[known], nursery[known], early[known]
        over, left = self.ends(who, end, day)
        home, guardian = people.household[who], self.guardian_of[who]
        needs = pick(self.city.streams.topic("needs"), NEEDS, len(homes.ward))
        need = np.where(homes.violence[home] & (who % 3 == 0), "08", np.where(homes.illness[home], "03", needs[home]))
        older = school_year(np.full(len(who), day)) - birth_cohort(people.birth[who]) >= 4
        level = np.where(nursery, np.where(older, "2", "3"), np.where(who % 3 == 0, "4", "1"))
        owes = self.lives.school.arrears[who] & nursery & ~older & (over == NEVER)  # from three on it costs nothing
        income = np.where(homes.poor[home], "1", np.where(home % 4, "4", "5"))
        income = np.where(self.lives.assistance[home], "0", income)
        reason = np.where(left, "3", np.where(over == NEVER, "", np.where(early, np.where(who % 2, "4", "6"), "1")))
        kinds = np.where(nursery, np.where(who % 6 == 0, "4", "1"), np.where(who % 5 == 0, "4", "3"))
        return {
            "certification_no": numbered("C", who),
            "child_no": self.numbers(who),
            "guardian_no": self.numbers(guardian),
            "child_name": self.plainly(who, day),
            "birth_date": days(SOURCE, people.birth[who]),
            "guardian_name": self.plainly(guardian, day),
            "benefit": np.where(level == "4", "2", "1").tolist(),
            "certification": level.tolist(),
            "need": np.where(nursery, need, "").tolist(),
            "hours": np.where(nursery, np.where(np.isin(need, ("06", "09")), "3", "2"), "1").tolist(),
            "facility_code": [f"F{one % 400:03d}" for one in (home * 7).tolist()],
            "facility_kind": kinds.tolist(),
            "started_on": days(SOURCE, start),
            "ended_on": days(SOURCE, over),
            "leave_reason": reason.tolist(),
            "income_band": income.tolist(),
            "arrears_months": whole(np.where(owes, 1 + np.minimum((day - start) // 60, 8), 0)),
        }
