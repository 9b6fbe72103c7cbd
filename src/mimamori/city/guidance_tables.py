"""What child guidance and the consultation offices held on a day: cases, the council's list, violence, civil status."""

from __future__ import annotations

import numpy as np

from mimamori.city.days import NEVER, age
from mimamori.city.people import CHILD, NOBODY
from mimamori.city.printing import days, flags, whole
from mimamori.city.streams import Array, choose, pick
from mimamori.city.tables import Tables, filled, numbered, several
from mimamori.sources.writing import Columns

GUIDANCE, VIOLENCE, REGISTER = "child_guidance", "dv_consultation", "family_register"
LAG = 7  # days until a consultation is entered
ROUTES = {"05": 0.50, "02": 0.15, "04": 0.14, "11": 0.09, "01": 0.05, "06": 0.02, "08": 0.01, "10": 0.01, "99": 0.03}
ABUSERS = {"father": "1", "other_father": "2", "mother": "3", "other_mother": "4", "other": "9"}
SEVERITY = {"1": 0.005, "2": 0.03, "3": 0.20, "4": 0.48, "5": 0.285}  # A
OTHER_CONSULTATIONS = {"2": 0.30, "3": 0.10, "5": 0.12, "6": 0.38, "9": 0.10}  # A, where neither abuse nor disability


class GuidanceTables(Tables):
    """児童相談, DV等相談, 戸籍."""

    def _identified(self, who: Array, on: Array) -> Columns:
        """How child guidance knows a person: by the name of that day; three of five by the addressee number."""
        known = (who % 5 < 3) & (self.people.enter[who] <= on)
        return {
            "guidance_no": numbered("G", who),
            "addressee_no": filled(known, self.numbers(who)),
            **self.named(who, on, GUIDANCE),
            "birth_date": days(GUIDANCE, self.births(GUIDANCE)[who]),
            "address": self.addresses(who, on),
        }

    def cases(self, day: int, _: int) -> Columns:
        return several([self._abuse(day), self._in_care(day), self._others(day)])

    def _abuse(self, day: int) -> Columns:
        guidance, rng = self.lives.guidance, self.city.streams.topic("abuse cases")
        size = len(guidance.who)
        route, severity = pick(rng, ROUTES, size), pick(rng, SEVERITY, size)
        length = (rng.gamma(2.0, 90, size) + 20).astype(np.int64)
        stay = (rng.exponential(30, size) + 2).astype(np.int64)
        measure = pick(rng, {"1": 0.72, "2": 0.16, "3": 0.03, "7": 0.07, "9": 0.02}, size)
        known = np.flatnonzero(guidance.on <= day - LAG)
        who, on = guidance.who[known], guidance.on[known]
        closed = on + length[known]
        taken = guidance.custody[known]
        back = on + 1 + stay[known]
        return self._identified(who, on) | {
            "reception_no": [f"R{place:06d}" for place in known.tolist()],
            "received_on": days(GUIDANCE, on),
            "consultation": ["1"] * len(who),
            "route": route[known].tolist(),
            "abuse_kind": guidance.abuse_kind[known].tolist(),
            "abuser": [ABUSERS[one] for one in guidance.abuser[known].tolist()],
            "severity": severity[known].tolist(),
            "custody_from": days(GUIDANCE, np.where(taken, on + 1, NEVER)),
            "custody_to": days(GUIDANCE, np.where(taken & (back <= day), back, NEVER)),
            "measure": measure[known].tolist(),
            "closed_on": days(GUIDANCE, np.where(closed <= day, closed, NEVER)),
        }

    def _plain_case(self, letter: str, who: Array, on: Array, closed: Array, **codes: list[str]) -> Columns:
        row = dict.fromkeys(("abuse_kind", "abuser", "severity", "custody_from", "custody_to"), [""] * len(who))
        return self._identified(who, on) | row | {
            "reception_no": numbered(letter, who),
            "received_on": days(GUIDANCE, on),
            "closed_on": days(GUIDANCE, closed),
        } | codes  # fmt: skip

    def _in_care(self, day: int) -> Columns:
        """Children in foster care: their case stays open."""
        who = np.flatnonzero(self.people.foster)
        on = self.people.enter[who] - 40
        who, on = who[on <= day - LAG], on[on <= day - LAG]
        same = len(who)
        return self._plain_case(
            "Q", who, on, np.full(same, NEVER), consultation=["2"] * same, route=["11"] * same, measure=["5"] * same
        )

    def _others(self, day: int) -> Columns:
        """Consultations about disability (the judgement before a handbook) and everything else."""
        people, rng = self.people, self.city.streams.topic("other consultations")
        judged = np.flatnonzero((self.lives.health.handbook == 2) & (people.role == CHILD) & ~people.outside)
        asked = choose(
            rng,
            np.where(np.isin(self.everybody, self.city.children), np.exp(0.4 * people.need), 0.0),
            round(self.city.settings.other_consultations * len(self.city.children) * 3),
        )
        asked = np.setdiff1d(asked, judged)
        kind = pick(rng, OTHER_CONSULTATIONS, len(asked))
        when = self.city.today - rng.integers(1, 1000, len(asked))
        who = np.concatenate([judged, asked])
        on = np.concatenate([np.maximum(people.birth[judged] + 650, people.enter[judged] + 10), when])
        on = np.maximum(on, people.birth[who] + 30)
        kinds = np.concatenate([np.full(len(judged), "4"), kind])
        known = (on <= day - LAG) & (on >= people.enter[who]) & (on < people.left[who])
        who, on, kinds = who[known], on[known], kinds[known]
        closed = on + 60 + who % 120
        return self._plain_case(
            "P",
            who,
            on,
            np.where(closed <= day, closed, NEVER),
            consultation=kinds.tolist(),
            route=np.where(kinds == "4", "01", np.where(who % 2 == 0, "04", "01")).tolist(),
            measure=["1"] * len(who),
        )

    def council(self, day: int, _: int) -> Columns:
        """The council's list: children, and expectant mothers in need (特定妊婦)."""
        guidance, people = self.lives.guidance, self.people
        asked = guidance.council_on <= day
        babies = self._specified(day)
        told = people.birth[babies] - 280 + self.lives.health.notice_weeks[babies] * 7 + 14
        mothers, place = np.unique(people.mother[babies], return_index=True)
        who = np.concatenate([guidance.council[asked], mothers])
        on = np.concatenate([guidance.council_on[asked], told[place]])
        until = np.concatenate([guidance.council_until[asked], people.birth[babies[place]] + 60])
        expecting = np.arange(len(who)) >= int(asked.sum())
        end, left = self.ends(who, until, day)
        kind = np.where(expecting, "3", np.where(who % 3 == 0, "2", "1"))
        return self._identified(who, on) | {
            "council_kind": kind.tolist(),
            "registered_on": days(GUIDANCE, on),
            "ended_on": days(GUIDANCE, end),
            "end_reason": np.where(left, "2", np.where(end == NEVER, "", np.where(expecting, "9", "1"))).tolist(),
        }

    def _specified(self, day: int) -> Array:
        """Children, born or not, whose mother was on the list while she expected them, notified by `day`."""
        people, health = self.people, self.lives.health
        kids = self.kids[health.specified[self.kids]]
        told = people.birth[kids] - 280 + health.notice_weeks[kids] * 7
        mother = people.mother[kids]
        able = (told <= day - 21) & (people.birth[kids] > self.city.today - 900) & (people.enter[mother] <= told)
        result: Array = kids[able & (mother != NOBODY)]
        return result

    def violence(self, day: int, _: int) -> Columns:
        """Consultations about a partner's violence: one row for each child who is there."""
        people, homes = self.people, self.homes
        rng = self.city.streams.topic("violence")
        asks = homes.violence & (rng.random(len(homes.ward)) < self.city.settings.violence_consulted)
        when = self.city.today - rng.integers(10, 700, len(homes.ward))
        course = pick(rng, {"1": 0.5, "2": 0.35, "3": 0.05, "5": 0.1}, len(homes.ward))
        who = self.kids[asks[people.household[self.kids]] & (people.mother[self.kids] != NOBODY)]
        home = people.household[who]
        on = when[home]
        known = (on <= day - LAG) & (people.birth[who] <= on) & (age(people.birth[who], on) < 18)
        known &= people.enter[people.mother[who]] <= on
        who, home, on = who[known], home[known], on[known]
        mother = people.mother[who]
        count = np.bincount(home, minlength=len(homes.ward))
        closed = np.where(course[home] == "2", NEVER, on + 30)
        child, adult = self.named(who, on, VIOLENCE), self.named(mother, on, VIOLENCE)
        return {
            "reception_no": numbered("V", home),
            "consulter_no": numbered("D", mother),
            "consulter_name": adult["name"],
            "consulter_kana": adult["kana"],
            "consulter_birth_date": days(VIOLENCE, people.birth[mother]),
            "child_own_no": numbered("D", who),
            "child_name": child["name"],
            "child_kana": child["kana"],
            "child_birth_date": days(VIOLENCE, self.births(VIOLENCE)[who]),
            "child_sex": child["sex"],
            "received_on": days(VIOLENCE, on),
            "consultation": np.where(home % 5 == 0, "3", "1").tolist(),
            "children_count": whole(count[home]),
            "witnessed": flags(home % 3 != 0),
            "course": course[home].tolist(),
            "closed_on": days(VIOLENCE, np.where(closed <= day, closed, NEVER)),
        }

    def relations(self, day: int, _: int) -> Columns:
        """Parents in the family register, asked for when a child was consulted about: one row for each parent."""
        people, homes, guidance = self.people, self.homes, self.lives.guidance
        who = np.unique(guidance.who[guidance.on <= day - LAG])
        who = who[~people.outside[who]]
        made = []
        for parent, kind in ((people.father, "1"), (people.mother, "2")):
            known = (parent[who] != NOBODY) & ~(homes.reason[people.household[who]] == "unmarried")
            if kind == "2":
                known = parent[who] != NOBODY
            one, other = who[known], parent[who[known]]
            split = homes.split_on[people.household[one]]
            parted = split <= day
            with_child = people.household[other] == people.household[one]
            made.append(
                {
                    "person_no": numbered("F", one),
                    **self.named(one, day, REGISTER),
                    "birth_date": days(REGISTER, people.birth[one]),
                    "parent_no": numbered("F", other),
                    "parent_name": self.plainly(other, day),
                    "parent_kana": filled(other % 9 != 0, self.plainly(other, day, kana=True)),
                    "parent_birth_date": days(REGISTER, people.birth[other]),
                    "parent_kind": [kind] * len(one),
                    "custody": np.where(parted & ~with_child, "2", "1").tolist(),
                    "since": days(REGISTER, people.birth[one]),
                    "divorced_on": days(REGISTER, np.where(parted, split, NEVER)),
                }
            )
        return several(made)
