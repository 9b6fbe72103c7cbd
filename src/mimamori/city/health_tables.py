"""What mother and child health held on a day: pregnancy, birth, check-ups, home visits, vaccinations."""

from __future__ import annotations

import numpy as np

from mimamori.city.days import NEVER, YEAR, add_months, age_months
from mimamori.city.health import checkup_days
from mimamori.city.people import NOBODY
from mimamori.city.printing import days, flags, whole
from mimamori.city.streams import Array
from mimamori.city.tables import LAG, Tables, filled, numbered, several
from mimamori.sources.writing import Columns

SOURCE = "maternal_child_health"
# 標準的な接種の時期: vaccine, dose, months after birth
VACCINES = (
    ("HIB", 1, 2), ("PCV", 1, 2), ("ROTA", 1, 2), ("HBV", 1, 2), ("DPT", 1, 2), ("HIB", 2, 3), ("PCV", 2, 3),
    ("DPT", 2, 3), ("HIB", 3, 4), ("PCV", 3, 4), ("DPT", 3, 4), ("BCG", 1, 5), ("HBV", 3, 7), ("MR", 1, 12),
    ("VAR", 1, 12), ("VAR", 2, 18), ("JE", 1, 36), ("JE", 2, 37), ("MR", 2, 66),
)  # fmt: skip
KEPT_YEARS = 7  # of births and what follows them


class HealthTables(Tables):
    """The tables of 母子保健."""

    def _born(self, day: int, youngest: float, since: int = 0) -> Array:
        """Children born up to `day` − `since` to a mother who lived in the city, at most so many years old."""
        people, kids = self.people, self.kids
        birth, mother = people.birth[kids], people.mother[kids]
        able = (birth <= day - since) & (birth > day - youngest * YEAR) & (mother != NOBODY)
        able &= (people.enter[kids] <= birth + since) & (people.enter[mother] <= birth)
        result: Array = kids[able & (people.left[kids] > birth + since)]
        return result

    def _child(self, who: Array) -> Columns:
        return {"child_no": self.numbers(who), "mother_no": self.numbers(self.people.mother[who])}

    def pregnancy(self, day: int, _: int) -> Columns:
        """Notifications, also of children not born yet: these have no number."""
        people, health, kids = self.people, self.lives.health, self.kids
        told = people.birth[kids] - 280 + health.notice_weeks[kids] * 7
        mother = people.mother[kids]
        able = (told <= day) & (people.birth[kids] > day - KEPT_YEARS * YEAR) & (mother != NOBODY)
        able &= people.enter[mother] <= told
        who, told = kids[able], told[able]
        mother, born = people.mother[who], people.birth[who] <= day
        # twins are one pregnancy
        order = np.lexsort((who, people.birth[who], mother))
        who, told, mother, born = who[order], told[order], mother[order], born[order]
        again = np.append(False, (np.diff(mother) == 0) & (np.abs(np.diff(people.birth[who])) < 60))
        first = np.where(again, np.append(NOBODY, who[:-1]), who)
        single = self.city.of_home(self.homes.reason == "unmarried")[who]
        born_after = self.homes.split_on[people.household[who]] < told
        return {
            "pregnancy_no": numbered("N", first),
            "birth_order_no": np.where(again, "2", "1").tolist(),
            "mother_no": self.numbers(mother),
            "child_no": filled(born & (people.enter[who] <= people.birth[who]), self.numbers(who)),
            "mother_name": self.plainly(mother, told),
            "mother_birth_date": days(SOURCE, people.birth[mother]),
            "notified_on": days(SOURCE, told),
            "notice_route": np.where(told > people.birth[who], "3", "1").tolist(),
            "weeks": whole(health.notice_weeks[who]),
            "mother_age": whole(health.mother_age[who]),
            "due_on": days(SOURCE, people.birth[who] + (40 - health.weeks[who]) * 7),
            "marital": np.where(single, "2", np.where(born_after, "3", "1")).tolist(),
            "unwanted": flags((health.mother_age[who] < 20) & (who % 3 == 0) | (health.notice_weeks[who] >= 25)),
            "mental_history": flags(self.city.of_home(self.homes.illness)[who]),
            "specified": flags(health.specified[who]),
        }

    def birth(self, day: int, _: int) -> Columns:
        who = self._born(day, KEPT_YEARS)
        return self._child(who) | {
            "child_name": self.plainly(who, self.people.birth[who]),
            "child_kana": self.plainly(who, self.people.birth[who], kana=True),
            "birth_date": days(SOURCE, self.people.birth[who]),
            "sex": whole(self.people.sex[who]),
            "weight_g": whole(self.lives.health.weight[who]),
            "weeks": whole(self.lives.health.weeks[who]),
            "multiple": flags(self.people.twin[who]),
        }

    def postnatal(self, day: int, _: int) -> Columns:
        health, who = self.lives.health, self._born(day, 3, 31 + LAG)
        return self._child(who) | {
            "round": ["2"] * len(who),
            "checked_on": days(SOURCE, self.people.birth[who] + 31),
            "epds_total": whole(health.epds[who]),
            "epds_q10": whole(health.epds_q10[who]),
            "bonding": whole(np.where(health.epds[who] >= 9, who % 9, who % 4)),
            "followed_up": flags((health.epds[who] >= 9) & (who % 5 != 0)),
        }

    def home_visit(self, day: int, _: int) -> Columns:
        who, visit = self._born(day, 3, 70), self.lives.health.visit
        on = self.people.birth[who] + 40 + who % 30
        return self._child(who) | {
            "visit_no": ["1"] * len(who),
            "visited_on": days(SOURCE, on),
            "result": visit[who].tolist(),
            "follow_up": flags((visit[who] != "1") | (self.lives.hazard[who] > 6)),
        }

    def checkup(self, day: int, _: int) -> Columns:
        """A row for each check-up asked for: of those who lived here then, a month after the last day."""
        people, health, kids = self.people, self.lives.health, self.kids
        able = (people.birth[kids] > day - KEPT_YEARS * YEAR) & (self.guardian_of[kids] != NOBODY)
        who = kids[able]
        due = checkup_days(people.birth[who])
        poor, harsh = self.city.of_home(self.homes.poor), self.draw("harsh") < 0.02 * np.sqrt(self.lives.hazard)
        made = []
        for place, kind in enumerate(self.city.settings.checkup_attended):
            last = due[:, place]
            asked = (last <= day - LAG) & (people.enter[who] <= last) & (people.left[who] > last)
            one, last = who[asked], last[asked]
            came = ~health.missed[one, place]
            on = last - 5 - one % 25
            tall, heavy, head = self._growth(one, age_months(people.birth[one], on), place)
            need, verdict = people.need[one], health.verdict[one, place]
            examined = (verdict == "4") & came & (on + 60 <= day) & (one % 5 != 0)
            made.append(
                {
                    "child_no": self.numbers(one),
                    "mother_no": self.numbers(people.mother[one]),
                    "kind": [kind] * len(one),
                    "due_on": days(SOURCE, last),
                    "attended": np.where(came, "1", "2").tolist(),
                    "checked_on": days(SOURCE, np.where(came, on, NEVER)),
                    "age_months": filled(came, whole(age_months(people.birth[one], on))),
                    "height_cm": filled(came, [f"{value:.1f}" for value in tall]),
                    "weight_kg": filled(came, [f"{value:.2f}" for value in heavy]),
                    "head_cm": filled(came, [f"{value:.1f}" for value in head]),
                    "verdict": filled(came, verdict.tolist()),
                    "observed": filled(came, flags(verdict != "1")),
                    "examined_on": days(SOURCE, np.where(examined, on + 45, NEVER)),
                    "untreated_teeth": filled(came & (place >= 2), whole(health.teeth[one])),
                    "hard_to_raise": filled(came, np.where(need > 1.9, "1", np.where(need > 0.9, "2", "3")).tolist()),
                    "over_discipline": filled(came, flags(harsh[one])),
                    "hit": filled(came, flags(harsh[one] & (one % 2 == 0))),
                    "left_alone": filled(came, flags(harsh[one] & (one % 7 == 0))),
                    "no_food": filled(came, flags(harsh[one] & (one % 23 == 0))),
                    "economy": filled(came, np.where(poor[one], np.where(one % 3 == 0, "5", "4"), "3").tolist()),
                }
            )
        return several(made)

    def _growth(self, who: Array, months: Array, place: int) -> tuple[Array, Array, Array]:
        """Height, weight and head of each child, about the medians of the growth survey (A: smoothed)."""
        rng = self.city.streams.topic(f"growth {place}")
        deviation = rng.normal(size=(3, len(self.people)))[:, who]
        deviation -= np.array([[0.1], [0.25], [0.0]]) * self._stress(who)
        tall = 49 + 25.5 * (1 - np.exp(-months / 9.0)) + 0.52 * months
        heavy = 3.1 + 5.6 * (1 - np.exp(-months / 6.0)) + 0.155 * months
        head = 33.5 + 12.5 * (1 - np.exp(-months / 6.5)) + 0.06 * months
        return tall * (1 + 0.036 * deviation[0]), heavy * (1 + 0.1 * deviation[1]), head + 1.2 * deviation[2]

    def _stress(self, who: Array) -> Array:
        result: Array = np.maximum(self.city.of_home(self.homes.stress)[who], 0)
        return result

    def vaccination(self, day: int, before: int) -> Columns:
        """What was entered since the delivery before; some families have none at all, others are late."""
        people = self.people
        delay = self.draw("vaccinations")
        stress = self.city.of_home(self.homes.stress)
        none = delay < 0.012 * np.exp(0.8 * stress)  # A
        made = []
        for vaccine, dose, months in VACCINES:
            who = self.kids[people.birth[self.kids] > day - KEPT_YEARS * YEAR]
            waits = (delay[who] * 60 * np.exp(0.3 * stress[who])).astype(np.int64)
            on = add_months(people.birth[who], months) + 3 + waits
            entered = on + LAG
            fits = ~none[who] & (entered <= day) & (entered > before) & self.city.here(who, on)
            one, given = who[fits], on[fits]
            made.append(
                {
                    "child_no": self.numbers(one),
                    "vaccine": [vaccine] * len(one),
                    "dose": [str(dose)] * len(one),
                    "vaccinated_on": days(SOURCE, given),
                }
            )
        return several(made)
