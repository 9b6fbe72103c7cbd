"""The residents' register: one row per entry of each person's history, made once and cut off at a delivery's day."""

from __future__ import annotations

from typing import Any

import numpy as np

from mimamori.city.days import NEVER, YEAR
from mimamori.city.dirt import partial_dates
from mimamori.city.people import (
    ADULT,
    APART,
    CHILD,
    FATHER,
    GRANDPARENT,
    GROWN,
    MOTHER,
    NOBODY,
    PARTNER,
    City,
    name_of,
    texts,
)
from mimamori.city.printing import days, whole
from mimamori.city.stays import IN
from mimamori.city.streams import Array, each_of, pick
from mimamori.sources.writing import Columns

# Reasons of an entry (移動事由), as the layout's codes.
FROM_JAPAN, FROM_ABROAD, BIRTH, INSIDE_CITY, CORRECTED, NEW_HEAD = "11", "12", "13", "31", "33", "38"
FORMER_NAME, OUT_TO_JAPAN, OUT_ABROAD, DEATH = "41", "21", "22", "23"
NOTIFIED_WITHIN = 14  # days the law gives
OUTSIDE = (
    "福岡県春日市", "福岡県大野城市", "福岡県糸島市", "福岡県糟屋郡志免町", "福岡県北九州市小倉北区", "福岡県久留米市",
    "熊本県熊本市中央区", "佐賀県佐賀市", "長崎県長崎市", "鹿児島県鹿児島市", "大分県大分市", "宮崎県宮崎市",
    "山口県下関市", "広島県広島市中区", "大阪府大阪市北区", "東京都大田区", "東京都世田谷区", "神奈川県横浜市港北区",
    "愛知県名古屋市千種区",
)  # fmt: skip


class Register:
    """All rows there will ever be up to today; `residents` is what was known on a day."""

    def __init__(self, city: City) -> None:
        self.city = city
        rng = city.streams.topic("register")
        person, day, code = self._entries(rng)
        order = np.lexsort((code, day, person))
        person, day, code = person[order], day[order], code[order]
        # One entry a day: of two the one with the greater code (a birth before a move) would stand for both.
        keep = np.append((np.diff(person) != 0) | (np.diff(day) != 0), True)
        self.person, self.day, self.code = person[keep], day[keep], code[keep]
        first = np.searchsorted(self.person, self.person, side="left")
        self.number = np.arange(len(self.person)) - first + 1
        lag = rng.integers(0, NOTIFIED_WITHIN + 1, len(self.person))
        told = self.day + np.where(self.code == OUT_TO_JAPAN, -np.minimum(lag, 5), lag)
        told = np.where(self.number == 1, np.minimum(told, self.day + NOTIFIED_WITHIN), told)
        # An entry is not known before the one it follows.
        step = self.person * 2**20 + 2**19
        self.known_on = np.maximum.accumulate(np.maximum(told, self.day) + step) - step
        self._heads()
        self.texts = self._texts(rng)

    def _entries(self, rng: np.random.Generator) -> tuple[Array, Array, Array]:
        """(person, day, code) of arrivals, moves, changes of name and head, and ends; in no order."""
        city, people, stays = self.city, self.city.people, self.city.stays
        everybody = np.flatnonzero(people.enter != NEVER)
        had = everybody[people.earlier[everybody] != NOBODY]
        foreign = city.of_home(city.homes.nation) != NOBODY
        arrived = np.where(rng.random(len(people)) < np.where(foreign, 0.6, 0.04), FROM_ABROAD, FROM_JAPAN)
        first = np.where(people.enter == people.birth, BIRTH, arrived)
        found = [(everybody, people.enter[everybody], first[everybody])]
        for who, home, since, until in (
            (had, people.earlier[had], people.enter[had], people.joined[had]),
            (everybody, people.household[everybody], np.maximum(people.enter, people.joined)[everybody], None),
        ):
            ends = people.left[who] if until is None else np.minimum(until, people.left[who])
            each, stay = each_of(stays.home, home)
            inside = (stays.start[stay] > since[each]) & (stays.start[stay] < ends[each])
            moved = who[each][inside]
            back = stays.kind[stay[inside]] == IN
            found.append((moved, stays.start[stay[inside]], np.where(back, FROM_JAPAN, INSIDE_CITY)))
        came = had[(people.joined[had] > people.enter[had]) & (people.joined[had] < people.left[had])]
        found.append((came, people.joined[came], np.full(len(came), INSIDE_CITY)))
        renamed = everybody[people.renamed_on[everybody] < people.left[everybody]]
        renamed = renamed[people.renamed_on[renamed] > people.enter[renamed]]
        former = (people.birth[renamed] < city.today - 18 * YEAR) & (rng.random(len(renamed)) < 0.3)
        found.append((renamed, people.renamed_on[renamed], np.where(former, FORMER_NAME, CORRECTED)))
        self.former = np.zeros(len(people), dtype=bool)
        self.former[renamed[former]] = True
        gone = everybody[people.left[everybody] <= city.today]
        end = np.where(people.dead[gone], DEATH, np.where(people.abroad[gone], OUT_ABROAD, OUT_TO_JAPAN))
        found.append((gone, people.left[gone], end))
        found.append(self._new_heads())
        person, day, code = (np.concatenate(column) for column in zip(*found, strict=True))
        return person, day, code.astype(object).astype(str)

    def _new_heads(self) -> tuple[Array, Array, Array]:
        """Who became head of the household when the head left it or died."""
        people = self.city.people
        first, second = self._lines()
        homes = np.flatnonzero((first != NOBODY) & (second != NOBODY))
        one, two = first[homes], second[homes]
        apart = people.role[one] == APART
        day = np.where(apart, people.joined[one], np.where(people.dead[one], people.left[one], NEVER))
        fits = (day < NEVER) & (day > people.enter[two]) & (day < people.left[two]) & (day <= self.city.today)
        return two[fits], day[fits], np.full(int(fits.sum()), NEW_HEAD)

    def _lines(self) -> tuple[Array, Array]:
        """The first and the second who may head each household."""
        people, count = self.city.people, len(self.city.homes.ward)
        first, second = np.full(count, NOBODY), np.full(count, NOBODY)
        in_register = people.enter != NEVER
        for role, line in ((MOTHER, second), (PARTNER, second), (MOTHER, first), (FATHER, first), (ADULT, first)):
            here = np.flatnonzero((people.role == role) & in_register)
            line[people.household[here]] = here
        apart = np.flatnonzero((people.role == APART) & in_register)
        first[people.household[apart]] = apart
        lately = apart[people.earlier[apart] != NOBODY]
        fathers = lately[people.sex[lately] == 1]
        first[people.earlier[fathers]] = fathers
        second[first == second] = NOBODY
        return first, second

    def _heads(self) -> None:
        """`head`: who heads the household of each row on its day; `home`, `stay`: where the person was then."""
        city, people = self.city, self.city.people
        first, second = self._lines()
        self.home = city.home_on(self.person, np.minimum(self.day, people.left[self.person] - 1))
        self.stay = city.stay_on(self.person, self.day)
        third = np.full(len(city.homes.ward), NOBODY)
        grown = np.flatnonzero((people.role == GROWN) | (people.role == GRANDPARENT))
        third[people.household[grown]] = grown
        self.head = third[self.home]
        for line in (second, first):
            one = line[self.home]
            safe = np.maximum(one, 0)
            day = np.minimum(self.day, people.left[self.person] - 1)
            able = (one != NOBODY) & city.here(safe, day) & (city.home_on(safe, day) == self.home)
            self.head = np.where(able, one, self.head)

    def _relations(self) -> Array:
        """Words of 続柄, chained by の, seen from the head of the household."""
        people, homes = self.city.people, self.city.homes
        who, head = self.person, np.maximum(self.head, 0)
        role, head_role, sex = people.role[who], people.role[head], people.sex[who]
        wife = np.where(sex == 2, "妻", "夫").astype(object)
        parent = np.where(sex == 2, "母", "父").astype(object)
        own = (people.father[who] == head) | (people.mother[who] == head)
        by_name = people.family[who] == people.family[head]  # adopted: the stepfather's name
        step = homes.step[self.home] & (head_role == FATHER)
        child = np.where(own | (step & by_name), "子", np.where(step, "妻の子", "縁故者")).astype(object)
        child = np.where(people.foster[who], "同居人", child)
        couple = np.isin(head_role, (FATHER, MOTHER, APART, ADULT, PARTNER))
        result = np.where(role == CHILD, child, "縁故者").astype(object)
        for roles, word in (
            ((MOTHER, FATHER, PARTNER, ADULT, APART), wife),
            ((GRANDPARENT,), parent),
            ((GROWN,), np.full(len(who), "子", dtype=object)),
        ):
            result = np.where(np.isin(role, roles) & couple, word, result)
        return np.where(self.head == who, "世帯主", result)

    def _texts(self, rng: np.random.Generator) -> dict[str, Array]:
        """Every column but the protection, as text, one entry per row."""
        city, people, homes = self.city, self.city.people, self.city.homes
        who, address = self.person, city.stays.addresses
        foreign = (homes.nation != NOBODY)[people.household[who]]
        name, kana = name_of(city, who, self.day), name_of(city, who, self.day, kana=True)
        born = days("resident_register", people.birth)
        japanese = texts(partial_dates(rng, born, people.birth, city.settings.noise))[who]
        gone = np.isin(self.code, (OUT_TO_JAPAN, OUT_ABROAD, DEATH))
        since = np.maximum(city.stays.start[self.stay], people.enter[who])
        moved_in = (people.joined[who] > since) & (people.earlier[who] != NOBODY) & (self.day >= people.joined[who])
        since = np.where(moved_in, people.joined[who], since)
        outside = texts(OUTSIDE)[pick(rng, np.ones(len(OUTSIDE)), len(who))]
        before = np.where(np.append(True, np.diff(who) != 0), "", np.roll(address.address[self.stay], 1))
        arrival = np.where(np.isin(self.code, (FROM_JAPAN, FROM_ABROAD)), outside, "").astype(object)
        previous = np.where(self.code == INSIDE_CITY, before, arrival)
        known_as = _aliases(city, rng)
        former = self.former[who] & (self.day >= people.renamed_on[who])
        family = city.names.families
        return {
            "addressee_no": texts(people.number[who]),
            "hist_no": texts(whole(self.number)),
            "household_no": city.stays.household_no()[self.stay],
            "resident_type": np.where(foreign, "2", "1").astype(object),
            "status": np.where(~gone, "1", np.where(self.code == DEATH, "3", "2")).astype(object),
            "name": name,
            "kana": kana,
            "former_name": np.where(former, family.text[people.family_before[who]], ""),
            "former_name_kana": np.where(former, family.kana[people.family_before[who]], ""),
            "alias": np.where(foreign, known_as[0][who], ""),
            "alias_kana": np.where(foreign, known_as[1][who], ""),
            "birth_date": np.where(foreign, texts(days("", people.birth[who])), japanese),
            "sex": texts(whole(people.sex[who])),
            "relation": self._relations(),
            "addr_code": address.code[self.stay],
            "address": address.address[self.stay],
            "building": address.building[self.stay],
            "postal": address.postal[self.stay],
            "ward": address.ward[self.stay],
            "addr_since": texts(days("resident_register", since)),
            "prev_address": previous,
            "move_code": self.code.astype(object),
            "move_date": texts(days("resident_register", self.day)),
            "notified_on": texts(days("resident_register", self.known_on)),
            "removed_on": texts(days("resident_register", np.where(gone, self.day, NEVER))),
        }

    def residents(self, day: int, _: int) -> Columns:
        known = np.flatnonzero(self.known_on <= day)
        result: dict[str, Any] = {field: values[known].tolist() for field, values in self.texts.items()}
        return result | self._protection(self.person[known], day)

    def _protection(self, who: Array, day: int) -> Columns:
        """支援措置 as of a day: in force for a year, provisional at first for some, expired where nobody renewed it."""
        people, settings = self.city.people, self.city.settings
        draw = self.city.streams.topic("protection").random((2, len(self.city.homes.ward)))
        home = people.household
        expired = draw[0] < settings.protected_expired
        provisional = ~expired & (draw[0] < settings.protected_expired + settings.protected_provisional)
        begun = self.city.today - np.where(expired, 370 + draw[1] * 200, np.where(provisional, 5, 20 + draw[1] * 300))
        start = begun.astype(np.int64)[home]
        protected = people.protected & (start <= day) & (start >= people.enter)
        over = protected & (start + 365 <= day)
        state = np.where(over, "3", np.where(protected & provisional[home], "2", np.where(protected, "1", "0")))
        role = np.where(people.role == CHILD, "2", "1")
        last = np.where(provisional[home], start + 30, start + 365)
        accused = np.where(people.role == CHILD, people.father, _fathers(self.city))
        named = protected & (accused != NOBODY) & (people.enter[accused] != NEVER)
        return {
            "protection": state[who].tolist(),
            "protection_role": np.where(protected, role, "")[who].tolist(),
            "protection_from": days("resident_register", np.where(protected, start, NEVER)[who]),
            "protection_to": days("resident_register", np.where(protected, last, NEVER)[who]),
            "protection_city": np.where(protected, "福岡市", "")[who].tolist(),
            "perpetrator_no": np.where(named, people.number[accused], "")[who].tolist(),
        }


def _fathers(city: City) -> Array:
    """The father of each mother's children, or NOBODY."""
    people = city.people
    result = np.full(len(people), NOBODY)
    kids = np.flatnonzero((people.mother != NOBODY) & (people.father != NOBODY))
    result[people.mother[kids]] = people.father[kids]
    return result


def _aliases(city: City, rng: np.random.Generator) -> tuple[Array, Array]:
    """Aliases (通称) of foreign residents: a Japanese family name, the same in one household; text and reading."""
    homes, people = city.homes, city.people
    shares = np.array([float(nation["alias"]) for nation in city.names.nations] + [0.0])
    uses = (rng.random(len(homes.ward)) < shares[homes.nation])[people.household]
    family = city.names.family(rng, len(homes.ward))[people.household]
    given = city.names.given(rng, people.sex, people.birth)
    pools = city.names.families, city.names.givens
    text = np.where(uses, pools[0].text[family] + " " + pools[1].text[given], "")
    return text, np.where(uses, pools[0].kana[family] + " " + pools[1].kana[given], "")
