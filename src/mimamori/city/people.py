"""The people of a city: households, parents, children, and the hidden risk of each family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mimamori.city import rates
from mimamori.city.days import YEAR, age, grade, number, school_year
from mimamori.city.names import Names
from mimamori.city.settings import Settings
from mimamori.city.streams import Array, Streams, calibrated, choose, pick
from mimamori.city.towns import Addresses, make_addresses

FATHER, MOTHER, CHILD, GRANDPARENT, ADULT = range(5)
NOBODY = -1


@dataclass
class Households:
    """One entry per household. No extract holds the risks: `stress`, `isolation` (deviations), `poor` (a flag)."""

    ward: Array
    addresses: Addresses
    family: Array  # place of the family name
    nation: Array  # place of the nation, -1: Japanese
    single: Array  # one parent
    divorced: Array  # of the single ones
    stress: Array
    isolation: Array
    poor: Array
    since: Array  # day the household came to its address
    old: Addresses  # where it lived before


@dataclass
class People:
    """One entry per person, in the order of `person_id`."""

    household: Array
    role: Array
    sex: Array
    birth: Array
    family: Array
    given: Array
    number: Array  # addressee number, text
    mother: Array  # person or NOBODY
    father: Array
    need: Array  # a child's own hidden need, in deviations
    twin: Array
    foster: Array
    protected: Array

    def __len__(self) -> int:
        return len(self.household)


@dataclass
class City:
    """The whole city as of `today`."""

    settings: Settings
    streams: Streams
    names: Names
    homes: Households
    people: People
    today: int
    children: Array  # positions of people under 18 and of those not yet past the 31 March after

    def of_home(self, values: Array) -> Array:
        """A household's value for each person."""
        result: Array = values[self.people.household]
        return result


def check_digit(serials: Array) -> Array:
    """Seven digits and the check digit of the residents' register (mod 11, weights 2–7 from the right), as text."""
    digits = (serials[:, None] // 10 ** np.arange(7)) % 10
    total = (digits * np.array([2, 3, 4, 5, 6, 7, 2])).sum(axis=1)
    return np.array(
        [f"{s:07d}{(11 - t % 11) % 11 % 10}" for s, t in zip(serials.tolist(), total.tolist(), strict=True)]
    )


def make_city(settings: Settings, names: Names, streams: Streams) -> City:
    """Households with children first, then the other adults until the number of residents is reached."""
    today = number(settings.last_day)
    rng = streams.topic("households")
    families = max(8, round(settings.residents * rates.CHILDREN_SHARE / 1.66))
    kids = pick(rng, dict(rates.CHILDREN_PER_HOUSEHOLD), families)
    homes = _households(settings, streams, names, families, today)
    parts = [_parents(rng, homes, families, today), _children(rng, kids, today)]
    elders = np.flatnonzero(rng.random(families) < settings.three_generations)
    parts.append(
        _plain(
            elders, GRANDPARENT, 1 + rng.integers(0, 2, len(elders)), today - rng.integers(58, 84, len(elders)) * 365
        )
    )
    rest = max(0, settings.residents - sum(len(part["household"]) for part in parts))
    others = len(homes.ward) - families
    home = families + rng.integers(0, max(others, 1), rest)
    parts.append(_plain(home, ADULT, 1 + rng.integers(0, 2, rest), today - rng.integers(19 * 365, 92 * 365, rest)))
    joined = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    return _city(settings, streams, names, homes, joined=joined, today=today)


def _households(settings: Settings, streams: Streams, names: Names, families: int, today: int) -> Households:
    rng = streams.topic("homes")
    count = families + max(1, round((settings.residents * 0.62) / 1.45))
    weights = {ward: share * settings.ward_children[ward] for ward, share in rates.WARD_SHARE.items()}
    ward = np.concatenate([pick(rng, weights, families), pick(rng, dict(rates.WARD_SHARE), count - families)])
    stress = rng.normal(size=count)
    single_share = (settings.single_mothers + settings.single_fathers) * settings.residents / families
    single = rng.random(count) < calibrated(0.5 * stress, min(single_share, 0.4))
    poor = rng.random(count) < np.clip(
        np.where(single, rates.POVERTY_ONE_ADULT, rates.POVERTY_TWO_ADULTS) * np.exp(0.5 * stress - 0.125), 0, 0.95
    )
    nation = np.where(
        rng.random(count) < settings.foreign_children,
        pick(rng, np.array([float(nation["weight"]) for nation in names.nations]), count),
        NOBODY,
    )
    family = names.family(rng, count)
    for place, one in enumerate(names.nations):
        here = np.flatnonzero(nation == place)
        family[here] = rng.integers(one["families"][0], one["families"][1], len(here))
    moved = (rng.exponential(6 * YEAR, count) * np.where(poor, 0.7, 1.0)).astype(np.int64)
    return Households(
        ward=ward,
        addresses=make_addresses(rng, ward),
        family=family,
        nation=nation,
        single=single,
        divorced=single & (rng.random(count) < rates.SINGLE_MOTHER_REASON["divorce"]),
        stress=stress,
        isolation=0.4 * stress + 0.9 * rng.normal(size=count),
        poor=poor,
        since=today - moved,
        old=make_addresses(rng, np.where(rng.random(count) < 0.6, ward, pick(rng, dict(rates.WARD_SHARE), count))),
    )


def _plain(home: Array, role: int, sex: Array, birth: Array) -> dict[str, Array]:
    size = len(home)
    return {
        "household": home,
        "role": np.full(size, role),
        "sex": sex,
        "birth": birth,
        "twin": np.zeros(size, dtype=bool),
    }


def _parents(rng: np.random.Generator, homes: Households, families: int, today: int) -> dict[str, Array]:
    """A mother for each family but those of lone fathers, a father where there are two parents."""
    home = np.arange(families)
    single = homes.single[:families]
    lone_father = single & (rng.random(families) < 0.11)
    mothers, fathers = home[~lone_father], home[~single | lone_father]
    born = today - (rng.normal(39, 6.5, families).clip(19, 58) * YEAR).astype(np.int64)
    older = born - (rng.normal(1.8, 3, families) * YEAR).astype(np.int64)
    made = [_plain(mothers, MOTHER, np.full(len(mothers), 2), born[mothers])]
    made.append(_plain(fathers, FATHER, np.full(len(fathers), 1), older[fathers]))
    return {key: np.concatenate([part[key] for part in made]) for key in made[0]}


def _children(rng: np.random.Generator, kids: Array, today: int) -> dict[str, Array]:
    home = np.repeat(np.arange(len(kids)), kids)
    first = np.cumsum(kids) - kids
    order = np.arange(len(home)) - first[home]
    youngest = (rng.random(len(kids)) * 18 * 365).astype(np.int64)
    gaps = np.where(order == 0, 0, (rng.gamma(4, 0.75, len(home)).clip(1.1, 9) * YEAR).astype(np.int64))
    twin = (order == 1) & (rng.random(len(home)) < rates.MULTIPLE_CHILDREN * 1.4)
    gaps[twin] = 0
    ages = youngest[home] + np.cumsum(gaps) - np.cumsum(gaps)[first][home] + gaps[first][home]
    born = today - ages
    pair = twin.copy()
    pair[np.flatnonzero(twin) - 1] = True
    made = _plain(home, CHILD, 1 + (rng.random(len(home)) < 0.488), born)
    made["twin"] = pair
    keep = ages < 19 * 365
    return {key: values[keep] for key, values in made.items()}


def _city(
    settings: Settings, streams: Streams, names: Names, homes: Households, *, joined: dict[str, Array], today: int
) -> City:
    rng = streams.topic("people")
    size = len(joined["household"])
    home, role, birth = joined["household"], joined["role"], joined["birth"]
    given = names.given(rng, joined["sex"], birth)
    for place, one in enumerate(names.nations):
        for sex, kind in ((1, "men"), (2, "women")):
            here = np.flatnonzero((homes.nation[home] == place) & (joined["sex"] == sex))
            given[here] = rng.integers(one[kind][0], one[kind][1], len(here))
    mother, father = np.full(len(homes.ward), NOBODY), np.full(len(homes.ward), NOBODY)
    mother[home[role == MOTHER]] = np.flatnonzero(role == MOTHER)
    father[home[role == FATHER]] = np.flatnonzero(role == FATHER)
    is_child = role == CHILD
    # a mother is at least 15 when her eldest is born
    eldest = np.full(len(homes.ward), today)
    np.minimum.at(eldest, home[is_child], birth[is_child])
    for parents in (mother, father):
        have = parents != NOBODY
        birth[parents[have]] = np.minimum(birth[parents[have]], eldest[have] - round(17.5 * YEAR))
    foster = np.zeros(size, dtype=bool)
    minors = np.flatnonzero(is_child & (age(birth, today) >= 3) & ~joined["twin"])
    foster[
        choose(rng, np.isin(np.arange(size), minors).astype(float), max(1, round(len(minors) * rates.CARE_SHARE)))
    ] = True
    family = np.where(role == ADULT, names.family(rng, size), homes.family[home])
    family = np.where(foster, names.family(rng, size), family)
    single_homes = np.flatnonzero(homes.divorced & (mother != NOBODY))
    wanted = max(1, round(rates.PROTECTED_PEOPLE * settings.residents / 2.6))
    protected_homes = single_homes[choose(rng, np.exp(homes.stress[single_homes]), wanted)]
    people = People(
        household=home,
        role=role,
        sex=joined["sex"],
        birth=birth,
        family=family,
        given=given,
        number=check_digit(rng.permutation(9_000_000)[:size] + 1_000_000),
        mother=np.where(is_child & ~foster, mother[home], NOBODY),
        father=np.where(is_child & ~foster, father[home], NOBODY),
        need=rng.normal(size=size) + 0.25 * homes.stress[home],
        twin=joined["twin"],
        foster=foster,
        protected=np.isin(home, protected_homes),
    )
    minor = is_child & (grade(birth, int(school_year(np.array([today]))[0])) <= 12)
    return City(settings, streams, names, homes, people, today, np.flatnonzero(minor))


def texts(values: Array) -> Array:
    """An array of objects, for text columns."""
    result: Array = np.array(values, dtype=object)
    return result


def name_of(city: City, who: Array, *, kana: bool = False) -> list[str]:
    """Written names (or readings) of people, family name first; letters for foreigners."""
    families, givens = city.names.families, city.names.givens
    family: Any = (families.kana if kana else families.text)[city.people.family[who]]
    given: Any = (givens.kana if kana else givens.text)[city.people.given[who]]
    return [f"{first} {second}" for first, second in zip(family, given, strict=True)]
