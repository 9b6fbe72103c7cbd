"""The shapes of a city: households with their hidden risk, people, and how their names are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mimamori.city.days import NEVER
from mimamori.city.names import Names
from mimamori.city.settings import Settings
from mimamori.city.stays import Stays
from mimamori.city.streams import Array, Streams

# ADULT heads a household without children, PARTNER and GROWN live there too; APART is a parent who lives elsewhere.
FATHER, MOTHER, CHILD, GRANDPARENT, ADULT, PARTNER, GROWN, APART = range(8)
NOBODY = -1
LATEST = int(NEVER) - 1  # a day after every change


@dataclass
class Households:
    """One entry per household: families first, then adults' homes, then the homes of parents who live apart.

    No extract holds the risks: `stress`, `isolation` (deviations), `poor`, `violence`, `illness` (flags).
    """

    families: int  # how many are families with children
    ward: Array  # today's, or the last one
    family: Array  # place of the family name
    other_family: Array  # the name before a divorce or a remarriage
    nation: Array  # place of the nation, NOBODY: Japanese
    reason: Array  # why there is one parent: divorce, unmarried, death, other; blank where there are two
    step: Array  # the father is not the children's own
    stress: Array
    isolation: Array
    poor: Array
    violence: Array  # between the parents
    illness: Array  # a parent's mental illness
    split_on: Array  # day of the divorce, NEVER where there was none
    remarried_on: Array  # day the stepfather came, NEVER where there is none

    @property
    def single(self) -> Array:
        result: Array = self.reason != ""
        return result

    @property
    def divorced(self) -> Array:
        result: Array = self.reason == "divorce"
        return result


@dataclass
class People:
    """One entry per person, in the order of `person_id`; days are whole numbers."""

    household: Array  # today's, or the last one
    earlier: Array  # the household before, or NOBODY
    joined: Array  # day of coming from `earlier`
    role: Array
    sex: Array
    birth: Array
    family: Array  # today's family name
    family_before: Array
    renamed_on: Array  # NEVER: the name never changed
    given: Array
    number: Array  # addressee number, text
    mother: Array  # person or NOBODY
    father: Array
    need: Array  # a child's own hidden need, in deviations
    twin: Array
    foster: Array
    outside: Array  # a child who is in no register of the city
    protected: Array
    enter: Array  # first day in the city's register, NEVER: never in it
    left: Array  # first day out of it, NEVER: still there
    dead: Array  # left by death
    abroad: Array  # left for another country

    def __len__(self) -> int:
        return len(self.household)


@dataclass
class City:
    """The whole city as of `today`, with where everybody lived before."""

    settings: Settings
    streams: Streams
    names: Names
    homes: Households
    stays: Stays
    people: People
    today: int
    children: Array  # residents under 18, and those not yet past the 31 March after

    def of_home(self, values: Array) -> Array:
        """A household's value for each person."""
        result: Array = values[self.people.household]
        return result

    def home_on(self, who: Array, day: Array | int) -> Array:
        """The household each person belonged to on a day."""
        people = self.people
        before = (people.earlier[who] != NOBODY) & (day < people.joined[who])
        result: Array = np.where(before, people.earlier[who], people.household[who])
        return result

    def stay_on(self, who: Array, day: Array | int) -> Array:
        """The stay (address) of each person on a day; the last one for those who left, the first for who came later."""
        people = self.people
        known = np.minimum(day, people.left[who] - 1)
        return self.stays.on(self.home_on(who, known), known)

    def here(self, who: Array, day: Array | int) -> Array:
        """Who of these is in the city's register on a day, as flags."""
        result: Array = (self.people.enter[who] <= day) & (self.people.left[who] > day)
        return result


def check_digit(serials: Array) -> Array:
    """Seven digits and the check digit of the residents' register (mod 11, weights 2–7 from the right), as text."""
    digits = (serials[:, None] // 10 ** np.arange(7)) % 10
    total = (digits * np.array([2, 3, 4, 5, 6, 7, 2])).sum(axis=1)
    return np.array(
        [f"{s:07d}{(11 - t % 11) % 11 % 10}" for s, t in zip(serials.tolist(), total.tolist(), strict=True)]
    )


def texts(values: Any) -> Array:
    """An array of objects, for text columns."""
    result: Array = np.array(values, dtype=object)
    return result


def family_on(city: City, who: Array, day: Array | int = LATEST) -> Array:
    """Places of the family names people bore on a day."""
    people = city.people
    changed = (people.renamed_on[who] != NEVER) & (day < people.renamed_on[who])
    result: Array = np.where(changed, people.family_before[who], people.family[who])
    return result


def name_of(city: City, who: Array, day: Array | int = LATEST, *, kana: bool = False) -> Array:
    """Written names (or readings) of people on a day, family name first; letters for foreigners."""
    families, givens = city.names.families, city.names.givens
    family = (families.kana if kana else families.text)[family_on(city, who, day)]
    given = (givens.kana if kana else givens.text)[city.people.given[who]]
    result: Array = family + " " + given
    return result
