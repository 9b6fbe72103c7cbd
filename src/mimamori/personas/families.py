"""The people of the personas as a city knows them: numbers, names, homes, places in the household."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from mimamori.personas.names import family_name, given_name
from mimamori.personas.schema import AS_OF, Person, Persona
from mimamori.sources import Registry

WOMEN = ("mother", "grandmother", "sister", "daughter", "wife", "aunt")
MEN = ("father", "grandfather", "brother", "son", "husband", "uncle")
HEADS = ("father", "mother", "grandfather", "grandmother", "husband", "aunt", "uncle")


@dataclass(frozen=True)
class Resident:
    """One person of a persona, with what the systems know them by."""

    persona: str
    who: str
    person: Person
    serial: int
    sex: str
    name: str
    kana: str
    relation: str
    household_no: str
    address: str
    ward: str

    @property
    def addressee_no(self) -> str:
        """Seven digits and the check digit (mod 11, weights 2–7 from the right)."""
        digits = f"{self.serial:07d}"
        total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits)))
        return digits + str((11 - total % 11) % 11 % 10)

    @property
    def pupil_no(self) -> str:
        return f"P{self.serial:08d}"

    @property
    def age(self) -> int:
        """Completed years on the day of the personas."""
        born = self.person.born
        return AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day))

    @property
    def is_child(self) -> bool:
        """Until the 31 March of the school year in which 18 is reached (who was born on 1 April belongs to the year
        before)."""
        born = self.person.born
        return date(born.year + 18 + ((born.month, born.day) >= (4, 2)), 3, 31) >= AS_OF


@dataclass(frozen=True)
class Family:
    """The people of one persona."""

    persona: Persona
    members: dict[str, Resident]

    def with_child(self, who: str, by: str | None = None) -> Resident | None:
        """Who stands for a child in a row: the one named, else the mother, the father, any adult of the home."""
        if by is not None:
            return self.members[by]
        child = self.members[who]
        near = [one for one in self.members.values() if one.household_no == child.household_no and one.age >= 18]
        near.sort(key=lambda one: (one.who != "mother", one.who != "father"))
        return near[0] if near else self.mother

    @cached_property
    def mother(self) -> Resident | None:
        return self.members.get("mother")


def families_of(personas: Iterable[Persona], registry: Registry) -> tuple[Family, ...]:
    """One family a persona; no two share a number, and no two of the first eighty a family name."""
    return tuple(_family(number, persona, registry) for number, persona in enumerate(personas))


def _family(number: int, persona: Persona, registry: Registry) -> Family:
    surname, surname_kana = family_name(number)
    ward = registry.municipality.ward_label(persona.ward)
    town = f"{registry.municipality.label.ja}{ward.ja if ward else ''}桜町{number % 9 + 1}丁目"
    members = {}
    for place, (who, person) in enumerate(persona.people.items()):
        sex = person.sex or _sex(who, place)
        given, given_kana = given_name(number + place, sex)
        members[who] = Resident(
            persona=persona.id,
            who=who,
            person=person,
            serial=1_000_000 + 100 * number + place,
            sex=sex,
            name=person.name or f"{surname} {given}",
            kana=person.kana or f"{surname_kana} {given_kana}",
            relation=person.relation or _relation(who, person, persona),
            household_no=f"H{number:04d}{person.home}",
            address=f"{town}{number + 1}番{person.home}号",
            ward=persona.ward,
        )
    return Family(persona, members)


def _sex(who: str, place: int) -> str:
    if who.startswith(WOMEN):
        return "2"
    return "1" if who.startswith(MEN) or place % 2 else "2"


def _relation(who: str, person: Person, persona: Persona) -> str:
    """続柄 to the head of this home; the head is the father, else the mother, and so on."""
    home = [name for name, other in persona.people.items() if other.home == person.home]
    head = next((name for first in HEADS for name in home if name.startswith(first)), home[0])
    if who == head:
        return "世帯主"
    if who.startswith("mother") and head.startswith("father"):
        return "妻"
    if who.startswith("grand"):
        return "母" if who.startswith("grandmother") else "父"
    return "子" if head.startswith(("father", "mother")) else "同居人"
