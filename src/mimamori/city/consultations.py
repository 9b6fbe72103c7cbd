"""Abuse consultations before and after today, drawn from the hidden hazard; who is on the council's list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimamori.city import rates
from mimamori.city.days import NEVER, YEAR, age
from mimamori.city.people import CHILD, City
from mimamori.city.stays import HISTORY_YEARS
from mimamori.city.streams import Array, choose, pick

COUNCIL_DAYS = 700  # A mean length of a registration


@dataclass
class Guidance:
    """One entry per consultation (`who`, `on`, …), per registration (`council…`), per later event (`later…`) and per
    consultation that no record holds (`missed…`)."""

    who: Array
    on: Array
    abuse_kind: Array
    abuser: Array  # mother, father, other_father, other_mother, other
    custody: Array  # taken into temporary protection
    outside: Array  # consulted children who are in no register of the city
    council: Array
    council_on: Array
    council_until: Array
    later: Array
    later_on: Array
    missed: Array
    missed_on: Array


def draw_guidance(city: City, hazard: Array) -> Guidance:
    """Year by year, as earlier consultations of a child and its siblings make the next one likelier."""
    people, rng = city.people, city.streams.topic("consultations")
    referred, siblings = np.zeros(len(people), dtype=bool), np.zeros(len(city.homes.ward), dtype=bool)
    made: list[tuple[Array, Array]] = []
    for year in range(HISTORY_YEARS + 1):
        first = _first_day(city, year)
        who = choose(rng, _weight(city, hazard, referred, siblings, first), _a_year(city))
        on = first + rng.integers(0, 365, len(who))
        on = np.maximum(on, people.birth[who] + 7)
        inside = (on < first + 365) & (city.here(who, on) if year < HISTORY_YEARS else True)
        made.append((who[inside], on[inside]))
        referred[who[inside]] = True
        siblings[people.household[who[inside]]] = True
    later, later_on = made.pop()
    who, on = (np.concatenate(parts) for parts in zip(*made, strict=True))
    recorded = _recorded(city, who)
    missed, missed_on = who[~recorded], on[~recorded]
    who, on = who[recorded], on[recorded]
    outside = np.flatnonzero(people.outside)
    who = np.concatenate([who, outside])
    on = np.concatenate([on, city.today - rng.integers(20, 900, len(outside))])
    council, council_on, until = _council(city, rng, hazard, who, on)
    return Guidance(
        who=who,
        on=on,
        abuse_kind=pick(rng, dict(rates.ABUSE_KIND), len(who)),
        abuser=_abusers(city, rng, who),
        custody=rng.random(len(who)) < city.settings.protection_custody,
        outside=outside,
        council=council,
        council_on=council_on,
        council_until=until,
        later=later,
        later_on=later_on,
        missed=missed,
        missed_on=missed_on,
    )


def expected_after(city: City, hazard: Array, guidance: Guidance, day: int) -> Array:
    """Per person: how many consultations to expect in the year after `day`, by what had happened up to it.

    The years of the draw do not begin on `day`: each of them has its share by how many of the days lie in it. Who was
    drawn already in the year that `day` lies in is not drawn again in it.
    """
    who, on = np.concatenate([guidance.who, guidance.missed]), np.concatenate([guidance.on, guidance.missed_on])
    happened = (on <= day) & (hazard[who] > 0)
    result = np.zeros(len(hazard))
    for year in range(HISTORY_YEARS + 1):
        first = _first_day(city, year)
        days = min(first + 365, day + 365 + 1) - max(first, day + 1)
        if days <= 0:
            continue
        before = who[happened & (on < first)]
        referred = np.isin(np.arange(len(hazard)), before)
        siblings = np.isin(np.arange(len(city.homes.ward)), city.people.household[before])
        weight = _weight(city, hazard, referred, siblings, first)
        weight[who[happened & (on >= first)]] = 0.0
        result += weight * (_a_year(city) * days / 365)
    return result


def _first_day(city: City, year: int) -> int:
    """The first day of a year of the draw; the last of them begins after today."""
    return int(city.today + 1 - round((HISTORY_YEARS - year) * YEAR))


def _a_year(city: City) -> int:
    """How many consultations there are in a year."""
    return max(1, round(rates.ABUSE_CONSULTATIONS * len(city.children)))


def _weight(city: City, hazard: Array, referred: Array, siblings: Array, first: int) -> Array:
    """How a year's consultations fall on people: `referred` people and `siblings`' households had one before it."""
    if city.settings.pure_chance:
        equal: Array = hazard / hazard.sum()
        return equal
    known = np.where(
        referred,
        rates.ABUSE_RATIO["own_referral"],
        np.where(siblings[city.people.household], rates.ABUSE_RATIO["sibling_referred"], 1.0),
    )
    return _by_age(city, np.minimum(hazard * known, 2 * rates.RATIO_CAP), first + 180)


def _recorded(city: City, who: Array) -> Array:
    """Which consultations the records of their ward hold: all of them, but where the settings say so."""
    wards = city.of_home(city.homes.ward)[who]
    shares = np.array([city.settings.recorded.get(str(ward), 1.0) for ward in wards.tolist()])
    result: Array = city.streams.topic("recording").random(len(who)) < shares
    return result


def _by_age(city: City, weight: Array, day: int) -> Array:
    """The weights scaled so that each band of ages gets its published share."""
    years = age(city.people.birth, day)
    result = np.zeros(len(weight))
    for (low, high), share in rates.ABUSE_AGE_SHARE.items():
        here = (years >= low) & (years <= high) & (weight > 0)
        if here.any():
            result[here] = weight[here] * share / weight[here].sum()
    return result


def _abusers(city: City, rng: np.random.Generator, who: Array) -> Array:
    """By the published shares among those the child has: a stepfather only where there is one, a father at home."""
    homes, people = city.homes, city.people
    home = people.household[who]
    found = pick(rng, dict(rates.ABUSER), len(who)).astype(object)
    found = np.where(homes.step[home] & np.isin(found, ("father", "other")), "other_father", found)
    no_father = (people.father[who] < 0) & ~homes.step[home]
    found = np.where(no_father & np.isin(found, ("father", "other_father")), "mother", found)
    no_mother = people.mother[who] < 0
    return np.where(no_mother & (found == "mother"), "other", found)


def _council(city: City, rng: np.random.Generator, hazard: Array, who: Array, on: Array) -> tuple[Array, Array, Array]:
    """Registrations after a consultation, so many that today the known share of children is on the list."""
    first_of, place = np.unique(who[::-1], return_index=True)  # the newest consultation of each child
    begun = on[::-1][place] + 14 + rng.integers(0, 30, len(first_of))
    until = begun + (rng.exponential(COUNCIL_DAYS, len(first_of))).astype(np.int64) + 60
    known = (begun <= city.today) & (city.people.role[first_of] == CHILD)
    active = known & (until > city.today)
    wanted = round(rates.COUNCIL_SHARE * len(city.children)) - round(city.settings.outside_known * len(first_of))
    chosen = choose(rng, np.where(active, 1 + hazard[first_of], 0.0), wanted)
    ended = choose(rng, np.where(known & ~active, 1 + hazard[first_of], 0.0), wanted // 3)
    every = np.sort(np.concatenate([chosen, ended]))
    return first_of[every], begun[every], np.where(until[every] > city.today, NEVER, until[every])
