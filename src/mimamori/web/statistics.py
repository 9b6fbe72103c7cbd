"""The tables of the statistics page and of its file: the same closed cells, each with its source and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from mimamori import door
from mimamori.access.models import Account
from mimamori.insight import STAGES, Stage, funnel, headcount
from mimamori.privacy.small_cells import Cell
from mimamori.screening.indicators import DIFFICULTY_LABELS
from mimamori.sources import load_registry
from mimamori.support.progress import Progress, progress
from mimamori.support.states import State
from mimamori.web.days import short_day
from mimamori.web.frame import language, ward_word
from mimamori.web.words import FRESHNESS, STAGE_WORDS, closed_word, difficulty_word

STAGE_OF: dict[State, Stage] = {
    State.PROPOSED: Stage.WAITING,
    State.ASSIGNED: Stage.WAITING,
    State.LOOKING: Stage.LOOKING,
    State.VISITED: Stage.LOOKING,
    State.CONFERENCE: Stage.LOOKING,
    State.SUPPORT_NEEDED: Stage.SUPPORT,
    State.PLANNED: Stage.SUPPORT,
    State.REFERRED: Stage.REFERRED,
    State.IN_SUPPORT: Stage.REFERRED,
    State.WATCHING: Stage.WATCHING,
    State.NO_NEED: Stage.ENDED,
    State.ALREADY_KNOWN: Stage.ENDED,
    State.DATA_WRONG: Stage.ENDED,
    State.SUPPORT_DONE: Stage.ENDED,
    State.CLOSED: Stage.ENDED,
}
NO_WARD = ""  # a child whose ward is not known, or is none of the municipality's


@dataclass(frozen=True)
class Line:
    """One group's counts; `name` is its code, for the square of a difficulty."""

    name: str
    word: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    title: str
    head: str  # what the groups are
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line
    source: str
    day: date


@dataclass(frozen=True)
class Statistics:
    """Everything on the page. `sources`: as `door.source_status` tells them."""

    snapshot: str
    as_of: date
    difficulties: Table
    wards: Table
    children: Table
    sources: tuple[dict[str, Any], ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        return self.difficulties, self.wards, self.children


def statistics(account: Account) -> Statistics | None:
    """The tables as of the published snapshot; None before the first night. Every reader is given the same ones."""
    published = door.published()
    if published is None:
        return None
    found = progress(account)
    return Statistics(
        published.name,
        published.as_of,
        _by_difficulty(found, published.as_of),
        _by_ward(found, published.as_of),
        _children(account, published.as_of),
        tuple(door.source_status()["rows"]),
    )


def rows_of(found: Statistics) -> Iterator[tuple[str | int, ...]]:
    """The same as one long table for a file: a heading, then one row a number."""
    yield (
        gettext("表"), gettext("区分"), gettext("段階"), gettext("人数"), gettext("出典"), gettext("現在の日"),
        gettext("公開した版"),
    )  # fmt: skip
    for table in found.tables:
        for line in (*table.lines, table.total):
            for column, cell in zip(table.columns, line.cells, strict=True):
                shown = closed_word() if cell is None else cell
                yield table.title, line.word, column, shown, table.source, table.day.isoformat(), found.snapshot
    for one in found.sources:
        day = one["as_of"].isoformat() if one["as_of"] else "—"
        label = getattr(one["label"], language())
        yield gettext("データの状態"), label, str(FRESHNESS[one["state"]][1]), "—", label, day, found.snapshot


def _by_difficulty(found: list[Progress], as_of: date) -> Table:
    pairs = [(difficulty, STAGE_OF[one.state]) for one in found for difficulty in one.difficulties]
    named = list(DIFFICULTY_LABELS)
    groups = {name: difficulty_word(name) for name in [*named, *sorted({name for name, _ in pairs} - set(named))]}
    lines, total = _lines(pairs, groups, gettext("のべ"))
    return _staged(gettext("困難の類型ごと"), gettext("困難の類型"), lines, total, as_of)


def _by_ward(found: list[Progress], as_of: date) -> Table:
    groups = _wards()
    pairs = [(one.ward if one.ward in groups else NO_WARD, STAGE_OF[one.state]) for one in found]
    lines, total = _lines(pairs, groups, gettext("全市"))
    return _staged(gettext("区ごと"), gettext("区"), lines, total, as_of)


def _lines(pairs: Iterable[tuple[str, Stage]], groups: dict[str, str], total: str) -> tuple[tuple[Line, ...], Line]:
    """Groups × (all that were extracted, then each stage), and the total."""
    made = funnel(pairs, list(groups))
    named = [*groups.items(), ("", total)]
    lines = [Line(name, word, (row[-1], *row[:-1])) for (name, word), row in zip(named, made.cells, strict=True)]
    return tuple(lines[:-1]), lines[-1]


def _staged(title: str, head: str, lines: tuple[Line, ...], total: Line, as_of: date) -> Table:
    columns = (gettext("抽出した児童"), *(str(STAGE_WORDS[stage][0]) for stage in STAGES))
    source = gettext("支援の記録(抽出は %(day)s 現在)") % {"day": short_day(as_of)}
    return Table(title, head, columns, lines, total, source, timezone.localdate())


def _children(account: Account, as_of: date) -> Table:
    groups = _wards()
    counts = dict.fromkeys(groups, 0)
    for ward, count in door.children_by_ward(account).items():
        counts[ward if ward in groups else NO_WARD] += count
    cells = headcount(counts, list(groups))
    lines = tuple(Line(name, word, (cell,)) for (name, word), cell in zip(groups.items(), cells[:-1], strict=True))
    total = Line("", gettext("全市"), (cells[-1],))
    return Table(
        gettext("見守り対象児童"), gettext("区"), (gettext("児童"),), lines, total, gettext("公開した版"), as_of
    )


def _wards() -> dict[str, str]:
    """Ward codes with their words, the last for children whose ward is not known."""
    codes = [ward.code for ward in load_registry().municipality.wards]
    return {**{code: ward_word(code) for code in codes}, NO_WARD: gettext("区がわからない")}
