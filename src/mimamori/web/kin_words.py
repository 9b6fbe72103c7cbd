"""Who the family are to each other in sentences: what the lines of the genogram say, for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori.door import Couple, Karte, Relative
from mimamori.web.days import short_day
from mimamori.web.words import kin_word

REGISTER = "resident_register"
CHILD = -1  # the place of the child itself, as the door counts
TIES: dict[str, Promise] = {
    "married": gettext_lazy("婚姻"),
    "partners": gettext_lazy("婚姻なし"),
    "apart": gettext_lazy("婚姻中で別の世帯"),
    "divorced": gettext_lazy("離婚"),
    "unknown": gettext_lazy("婚姻しているかはわからない"),
}


def kin_source(karte: Karte, one: Relative) -> str:
    """Which system tells that they are related, with the day of its delivery."""
    name = REGISTER if one.basis in {"household", "shared_parent"} else one.basis
    told = next((part for part in karte.sections if part.source == name), None)
    return f"{told.short_label} {short_day(told.as_of)}".strip() if told else ""


def kin_told(karte: Karte) -> list[str]:
    """Couples, twins, whose children and whose parents, and who is expected; in the order of the table."""
    return [*_couples(karte), *_twins(karte), *_siblings(karte), *_grandparents(karte), *_expected(karte)]


def named(karte: Karte, at: int) -> str:
    """One of the family in two words: what they are to the child, and the given name."""
    if at == CHILD:
        return gettext("本人")
    one = karte.family[at]
    given = one.name.split("　")[-1].split(" ")[-1]
    word = kin_word(one.kind, sex=one.sex_code, age=one.age, of=karte.header.age, raised=one.raised)
    return f"{word} {given}".strip()


def _couples(karte: Karte) -> Iterator[str]:
    for couple in karte.couples:
        pair = {"one": named(karte, couple.left), "other": named(karte, couple.right)}
        yield gettext("%(one)s と %(other)s: %(tie)s") % {**pair, "tie": f"{TIES[couple.tie]}{_source(karte, couple)}"}
    for at, one in enumerate(karte.family):
        if one.kind == "spouse":
            pair = {"one": gettext("本人"), "other": named(karte, at)}
            yield gettext("%(one)s と %(other)s: %(tie)s") % {**pair, "tie": TIES["unknown"]}


def _source(karte: Karte, couple: Couple) -> str:
    """Who says so, and since when; the day of its delivery where it tells no day."""
    delivered = next((one.as_of for one in karte.sections if one.short_label == couple.source_label), None)
    told = f"{couple.source_label} {short_day(couple.day or delivered)}".strip()
    return gettext("(%(told)s)") % {"told": told} if told else ""


def _twins(karte: Karte) -> Iterator[str]:
    met: set[frozenset[int]] = set()
    for at, one in enumerate(karte.family):
        born = frozenset({at, *one.twins})
        if one.twins and born not in met:
            met.add(born)
            names = gettext("、").join(named(karte, other) for other in sorted(born))
            yield gettext("同じ日に生まれた: %(names)s") % {"names": names}


def _siblings(karte: Karte) -> Iterator[str]:
    for at, one in enumerate(karte.family):
        if one.kind == "sibling":
            parents = [place for place in one.parents if karte.family[place].kind == "parent"]
            yield _child_of(karte, at, parents)


def _child_of(karte: Karte, at: int, parents: list[int]) -> str:
    if not parents:
        return gettext("%(one)s: 親はわからない") % {"one": named(karte, at)}
    names = gettext("、").join(named(karte, place) for place in parents)
    return gettext("%(one)s: %(parents)s の子") % {"one": named(karte, at), "parents": names}


def _grandparents(karte: Karte) -> Iterator[str]:
    for at, one in enumerate(karte.family):
        if one.kind == "grandparent":
            below = [named(karte, place) for place, other in enumerate(karte.family) if at in other.parents]
            if below:
                told = {"one": named(karte, at), "children": gettext("、").join(below)}
                yield gettext("%(one)s: %(children)s の親") % told
            else:
                yield gettext("%(one)s: だれの親かはわからない") % {"one": named(karte, at)}


def _expected(karte: Karte) -> Iterator[str]:
    for day in karte.expected:
        yield gettext("妊娠中: 予定 %(day)s") % {"day": short_day(day)}
