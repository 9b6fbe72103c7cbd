"""What the head of a karte says of the data themselves: whether it is told that the child is known already, and which
systems are not fresh."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from mimamori.door import Karte
from mimamori.web.days import short_day
from mimamori.web.pictures.drawing import section

KNOWING = "child_guidance"  # the system by which a child is known: to the council, as an open case
KNOWN_FLAGS = {"council", "guidance"}
NAMED = 2  # as many systems are named, more are counted


@dataclass(frozen=True)
class Newness:
    """`told`: the last delivery tells who is known. Where it does not, nobody is called new."""

    known: bool
    told: bool


def newness(karte: Karte) -> Newness:
    knowing = section(karte, KNOWING)
    return Newness(
        any(flag.kind in KNOWN_FLAGS for flag in karte.flags), knowing is not None and knowing.freshness == "fresh"
    )


def unfresh(karte: Karte) -> list[str]:
    """The warnings: systems that were never delivered, then those whose delivery is old, with its day."""
    missing = [one.short_label for one in karte.sections if one.freshness == "missing"]
    stale = [one for one in karte.sections if one.freshness == "stale"]
    dated = [f"{one.short_label} {short_day(one.as_of)}".strip() for one in stale]
    told = []
    if missing:
        told.append(gettext("未受領: %(named)s") % {"named": _named(missing)})
    if dated:
        told.append(gettext("古い: %(named)s") % {"named": _named(dated)})
    return told


def _named(names: list[str]) -> str:
    if len(names) <= NAMED:
        return gettext("、").join(names)
    return gettext("%(n)d系統") % {"n": len(names)}
