"""What a condition set would change, as tables: by ward against what each can work, by age, by difficulty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from mimamori.access.models import Account
from mimamori.door.trying_sets import Tried
from mimamori.privacy.small_cells import Cell
from mimamori.screening.indicators import DIFFICULTIES
from mimamori.screening.what_if import Counts, waiting
from mimamori.web import places
from mimamori.web.frame import ward_word
from mimamori.web.places import Places


@dataclass(frozen=True)
class Line:
    """Children of one group: in force now, with this set, added, removed, unchanged, and with any difficulty."""

    word: str
    before: Cell
    listed: Cell
    added: Cell
    removed: Cell
    unchanged: Cell
    every: Cell


@dataclass(frozen=True)
class WardLine:
    """One ward: what changes, and the places it has this month. `waiting`: how many of the new ones would wait."""

    line: Line
    place: Places | None
    waiting: Cell


def tables(account: Account, tried: Tried, difficulty: str) -> dict[str, Any]:
    """The tables of one set that was tried."""
    counts = tried.counts
    whole = _line(counts.whole, gettext("全市"))
    return {
        "as_of": tried.as_of,
        "whole": whole,
        "wards": list(_wards(counts.wards, {one.ward: one for one in places.of_wards(account)})),
        "ages": [_line(one, _age_word(one.group)) for one in counts.ages],
        "difficulties": [
            {"name": name, "own": name == difficulty, "line": whole if name == difficulty else None,
             "listed": tried.others.get(name, 0)}
            for name in DIFFICULTIES
        ],
        "edge": counts.edge,
        "parts": _parts(whole),
    }  # fmt: skip


def _wards(counts: Iterable[Counts], held: Mapping[str, Places]) -> Iterable[WardLine]:
    """The city's wards in its order, then what is in none."""
    by_code = {one.group: one for one in counts}
    for code, place in held.items():
        one = by_code.pop(code, Counts(code, 0, 0, 0, 0, 0))
        yield _ward(_line(one, place.word), place)
    for code, one in by_code.items():
        yield _ward(_line(one, ward_word(code) if code else gettext("わからない")), None)


def _ward(line: Line, place: Places | None) -> WardLine:
    free = None if place is None or place.room is None else place.free
    return WardLine(line, place, waiting(line.added, free))


def _line(one: Counts, word: str) -> Line:
    return Line(word, one.before, one.listed, one.added, one.removed, one.unchanged, one.any_difficulty)


def _age_word(group: str) -> str:
    return gettext("%(n)s歳") % {"n": group} if group.isdecimal() else gettext("わからない")


def _parts(whole: Line) -> tuple[int, int, int]:
    """Unchanged, added and removed for the bar; what is closed is left out of it."""
    return whole.unchanged or 0, whole.added or 0, whole.removed or 0
