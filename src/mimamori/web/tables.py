"""A karte's sections as areas of life, and each table's rows as a grid of the columns that hold something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from mimamori.door import Row, Section, TableView, Value

SHOWN = 6  # rows before the fold
WIDE = 14  # columns before a table becomes a list of facts

# Areas of life in the order of a worker's questions; a source that is not named stands in the last.
AREAS: tuple[tuple[str, Promise, tuple[str, ...]], ...] = (
    ("school", gettext_lazy("学校"), ("pupil_register", "school_affairs", "school_age_register")),
    ("health", gettext_lazy("母子と健康"), ("maternal_child_health", "disability_welfare")),
    ("childcare", gettext_lazy("保育"), ("childcare",)),
    (
        "money",
        gettext_lazy("暮らし・お金"),
        (
            "school_expense_aid",
            "school_lunch_fees",
            "school_collections",
            "child_allowance",
            "medical_subsidy",
            "public_assistance",
            "single_parent_loans",
        ),
    ),
    ("consultations", gettext_lazy("相談と支援"), ("child_guidance", "dv_consultation")),
    ("home", gettext_lazy("住まいと戸籍"), ("resident_register", "family_register")),
)


@dataclass(frozen=True)
class Grid:
    """One table's rows. `facts`: too wide for columns, so each row reads as a list of facts."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]
    rest: tuple[tuple[Value | None, ...], ...]
    facts: tuple[Row, ...]
    facts_rest: tuple[Row, ...]
    count: int


@dataclass(frozen=True)
class Shown:
    """One source system's section with its grids."""

    section: Section
    grids: tuple[Grid, ...]


@dataclass(frozen=True)
class Area:
    name: str  # as a part that may be printed (`door.PARTS`)
    word: Promise
    sections: tuple[Shown, ...]


def quiet_of(sections: Iterable[Section]) -> list[Section]:
    """The sections without a row, in the order of the list of systems: one line each, never left out."""
    return [section for section in sections if not _speaks(section)]


def _speaks(section: Section) -> bool:
    return any(table.rows for table in section.tables) or section.items_withheld > 0


def areas_of(sections: Iterable[Section]) -> list[Area]:
    """The sections that say something, by area of life; empty areas are left out."""
    left = {section.source: section for section in sections if _speaks(section)}
    found = []
    for name, word, sources in AREAS:
        shown = tuple(_shown(left.pop(source)) for source in sources if source in left)
        if shown:
            found.append(Area(name, word, shown))
    if left:
        found.append(Area("other", gettext_lazy("そのほか"), tuple(_shown(section) for section in left.values())))
    return found


def _shown(section: Section) -> Shown:
    return Shown(section, tuple(grid(table) for table in section.tables if table.rows))


def grid(table: TableView) -> Grid:
    """Columns are the items that any row fills, in the layout's order; wide tables become lists of facts."""
    labels: dict[str, str] = {}
    for row in sorted(table.rows, key=lambda row: -len(row.values)):
        labels.update({value.field: value.label for value in row.values if value.field not in labels})
    if len(labels) > WIDE or len(table.rows) == 1:
        return Grid(table.label, (), (), (), table.rows[:2], table.rows[2:], len(table.rows))
    lines = tuple(
        tuple({value.field: value for value in row.values}.get(field) for field in labels) for row in table.rows
    )
    return Grid(table.label, tuple(labels.values()), lines[:SHOWN], lines[SHOWN:], (), (), len(table.rows))
