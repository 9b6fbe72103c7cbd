"""What every department's tables are made of: who is known on a day, under which numbers and names."""

from __future__ import annotations

from functools import cache

import numpy as np

from mimamori.city.days import NEVER
from mimamori.city.dirt import slipped_days, written_kana, written_names, written_sexes
from mimamori.city.lives import Lives
from mimamori.city.people import CHILD, FATHER, GRANDPARENT, MOTHER, NOBODY, City, name_of, texts
from mimamori.city.streams import Array
from mimamori.sources.writing import Columns

LAG = 30  # days until a department knows of an event


class Tables:
    """The city and its lives, asked table by table."""

    def __init__(self, city: City, lives: Lives) -> None:
        self.city, self.lives, self.people, self.homes = city, lives, city.people, city.homes
        people, size = city.people, len(city.people)
        self.everybody = np.arange(size)
        self.kids = np.flatnonzero((people.role == CHILD) & ~people.outside)
        self.guardian_of = self._guardians()
        order = np.argsort(people.household, kind="stable")
        first = np.searchsorted(people.household[order], people.household[order])
        self.member = np.empty(size, dtype=np.int64)  # 1, 2, … within the household, the unborn too: it stays
        self.member[order] = self.everybody - first + 1

    def _guardians(self) -> Array:
        """The adult of the household who signs for each child: the mother, else the father, else a grandparent."""
        people = self.people
        line = np.full(len(self.homes.ward), NOBODY)
        for role in (GRANDPARENT, FATHER, MOTHER):
            here = np.flatnonzero((people.role == role) & (people.enter != NEVER))
            line[people.household[here]] = here
        result: Array = np.where(people.role == CHILD, line[people.household], NOBODY)
        return result

    def draw(self, topic: str) -> Array:
        """One number from 0 to 1 for each person, the same for the same topic in every delivery."""
        return self.city.streams.topic(topic).random(len(self.people))

    def known(self, who: Array, day: int) -> Array:
        """Those of `who` who were in the city's register by a day, also those who have left since."""
        result: Array = who[self.people.enter[who] <= day]
        return result

    def here(self, who: Array, day: int) -> Array:
        """Those of `who` who live in the city on a day."""
        result: Array = who[self.city.here(who, day)]
        return result

    def ends(self, who: Array, end: Array, day: int) -> tuple[Array, Array]:
        """The earlier of each end and of leaving the city (NEVER while to come), and whether it was by leaving."""
        left = self.people.left[who]
        over = np.minimum(left, end)
        return np.where(over <= day, over, NEVER), (left <= end) & (left <= day)

    def numbers(self, who: Array) -> list[str]:
        """Addressee numbers; a blank for NOBODY and for who never was in the city's register."""
        known = (who != NOBODY) & (self.people.enter[who] != NEVER)
        result: list[str] = np.where(known, self.people.number[who], "").tolist()
        return result

    def addresses(self, who: Array, day: Array | int) -> list[str]:
        result: list[str] = self.city.stays.addresses.address[self.city.stay_on(who, day)].tolist()
        return result

    def named(self, who: Array, day: Array | int, topic: str, *, office: Array | None = None) -> Columns:
        """Name, reading and sex as `topic`'s clerks wrote them; `office`: the number of the one that wrote each.

        The slips stay with the person, and a family's with the family: every delivery holds the same ones.
        """
        noise = self.city.settings.noise
        clerk = self.city.streams.topic(f"clerks {topic}").random(10_000)
        family = self.city.streams.topic(f"family names {topic}").random(len(self.homes.ward))
        home = self.people.household[who]
        names, kana = name_of(self.city, who, day), name_of(self.city, who, day, kana=True)
        return {
            "name": written_names(self.draw(f"names {topic}")[who], family[home], list(names), noise),
            "kana": written_kana(
                self.draw(f"kana {topic}")[who], clerk[(home if office is None else office) % 10_000], list(kana), noise
            ),
            "sex": self._sexes(topic)[who].tolist(),
        }

    @cache  # noqa: B019 - one object per city, gone with it
    def _sexes(self, topic: str) -> Array:
        rng = self.city.streams.topic(f"sexes {topic}")
        return texts(written_sexes(rng, self.people.sex, self.city.settings.noise))

    @cache  # noqa: B019
    def births(self, topic: str) -> Array:
        """Days of birth as `topic`'s clerks typed them."""
        return slipped_days(self.city.streams.topic(f"births {topic}"), self.people.birth, self.city.settings.noise)

    def plainly(self, who: Array, day: Array | int, *, kana: bool = False) -> list[str]:
        """Names (or readings) as the residents' register has them on a day; a blank for NOBODY."""
        names = name_of(self.city, np.maximum(who, 0), day, kana=kana)
        result: list[str] = np.where(who == NOBODY, "", names).tolist()
        return result


def numbered(letter: str, values: Array) -> list[str]:
    """Numbers of a department's own: a letter and seven digits."""
    return [f"{letter}{value:07d}" for value in values.tolist()]


def several(parts: list[Columns]) -> Columns:
    """Tables of the same columns, one below the other."""
    return {field: [value for part in parts for value in part[field]] for field in parts[0]}


def filled(flag: Array, values: list[str] | str) -> list[str]:
    """The values where the flag is set, blanks elsewhere."""
    if isinstance(values, str):
        return [values if one else "" for one in flag.tolist()]
    return [value if one else "" for one, value in zip(flag.tolist(), values, strict=True)]
