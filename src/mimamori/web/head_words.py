"""What the head of a karte says beside the name: where the child is by day, whether it is told that the child is known
already, and which systems are not fresh."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from mimamori.door import Karte, KnownCell
from mimamori.web.days import short_day
from mimamori.web.rows import place_of

KNOWING = "child_guidance"  # the system by which a child is known: to the council, as an open case
CHILDCARE, SCHOOL_AGE = "childcare", 6
KNOWN_FLAGS = {"council", "guidance"}
UNFRESH = ("missing", "stale")
NAMED = 2  # as many systems are named, more are counted


@dataclass(frozen=True)
class Newness:
    """`told`: the last delivery tells who is known. Where it does not, nobody is called new."""

    known: bool
    told: bool


def newness(karte: Karte) -> Newness:
    state = _state(karte, KNOWING)
    known = any(flag.kind in KNOWN_FLAGS for flag in karte.flags)
    return Newness(known, told=bool(state) and state not in UNFRESH)


def place(karte: Karte) -> str:
    """The school with grade and class, else the kind of nursery or school; else that there is none, or nobody knows."""
    head = karte.header
    if named := place_of(head.school, head.grade):
        return f"{named} {gettext('%(name)s組') % {'name': head.class_name}}" if head.class_name else named
    if head.attends:
        return head.attends
    if head.age is not None and head.age < SCHOOL_AGE and _state(karte, CHILDCARE) == "none":
        return gettext("園の利用なし")
    return gettext("わからない")


def unfresh(karte: Karte) -> list[str]:
    """The warnings: systems of which nothing was delivered, then those whose delivery is old, with its day. A system
    that does not cover the child is no warning."""
    told = []
    for state, sentence in zip(UNFRESH, (gettext("未受領: %(named)s"), gettext("古い: %(named)s")), strict=True):
        if cells := [cell for cell in karte.known if cell.state == state]:
            told.append(sentence % {"named": _named(cells)})
    return told


def _named(cells: list[KnownCell]) -> str:
    if len(cells) <= NAMED:
        return gettext("、").join(f"{cell.short_label} {short_day(cell.as_of)}".strip() for cell in cells)
    return gettext("%(n)d系統") % {"n": len(cells)}


def _state(karte: Karte, source: str) -> str:
    return next((cell.state for cell in karte.known if cell.source == source), "")
