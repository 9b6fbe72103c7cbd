"""A karte's rows as areas of life, and each table's rows as a grid of the columns that hold something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori.door import Row, Section, TableView, Value
from mimamori.web.days import short_day
from mimamori.web.words import PERSON_ROLES

SHOWN = 6  # rows before the fold
WIDE = 14  # columns before a table becomes a list of facts
SAID_BY = "_said_by"  # the column that tells a row's source and day

# Areas of life in the order of a worker's questions, each with its systems, or single record kinds of a system
# (`source.table`). A system that is not named stands in the last; a record kind that is not named, with its system.
AREAS: tuple[tuple[str, Promise, tuple[str, ...]], ...] = (
    ("home", gettext_lazy("家族と住まい"), ("resident_register", "family_register", "pupil_register.family")),
    ("baby", gettext_lazy("母と乳児"), ("maternal_child_health",)),
    (
        "health",
        gettext_lazy("健康と発達"),
        (
            "maternal_child_health.checkup",
            "maternal_child_health.vaccination",
            "school_affairs.checkups",
            "school_affairs.health_room",
        ),
    ),
    ("childcare", gettext_lazy("保育"), ("childcare",)),
    ("school", gettext_lazy("学校"), ("school_affairs", "pupil_register", "school_age_register")),
    (
        "money",
        gettext_lazy("お金と手当"),
        (
            "school_lunch_fees",
            "school_collections",
            "school_expense_aid",
            "child_allowance",
            "medical_subsidy",
            "public_assistance",
            "single_parent_loans",
        ),
    ),
    ("disability", gettext_lazy("障がい"), ("disability_welfare",)),
    ("consultations", gettext_lazy("相談と支援"), ("child_guidance", "dv_consultation")),
)
OTHER = ("other", gettext_lazy("そのほか"))
AREA_OF = {named: area for area, _word, names in AREAS for named in names}


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
    """What one source system says of one area of life. `first`: of the areas in which the system speaks."""

    section: Section
    grids: tuple[Grid, ...]
    first: bool


@dataclass(frozen=True)
class Area:
    name: str  # as a part that may be printed (`door.PARTS`)
    word: Promise
    sections: tuple[Shown, ...]


def area_of(source: str, table: str) -> str:
    """The area of life that a record kind belongs to."""
    return AREA_OF.get(f"{source}.{table}") or AREA_OF.get(source) or OTHER[0]


def quiet_of(sections: Iterable[Section]) -> list[Section]:
    """The sections without a row, in the order of the list of systems: one line each, never left out."""
    return [section for section in sections if not _speaks(section)]


def _speaks(section: Section) -> bool:
    return any(table.rows for table in section.tables) or section.items_withheld > 0


def areas_of(sections: Iterable[Section]) -> list[Area]:
    """What the systems say, by area of life; empty areas are left out."""
    speaking = [section for section in sections if _speaks(section)]
    met: set[str] = set()
    found = []
    for name, word, named in (*AREAS, (*OTHER, ())):
        order = {one.partition(".")[0]: place for place, one in reversed(list(enumerate(named)))}
        shown = []
        for section in sorted(speaking, key=lambda one: order.get(one.source, len(order))):
            tables = [table for table in section.tables if table.rows and area_of(section.source, table.name) == name]
            # A system of which this reader sees no item at all is named where it would stand.
            mute = not any(table.rows for table in section.tables) and area_of(section.source, "") == name
            if tables or mute:
                grids = tuple(grid(table, section.short_label) for table in tables)
                shown.append(Shown(section, grids, section.source not in met))
                met.add(section.source)
        if shown:
            found.append(Area(name, word, tuple(shown)))
    return found


def grid(table: TableView, said_by: str) -> Grid:
    """Columns are the items that any row fills, in the layout's order, then the row's source and day; wide tables
    become lists of facts."""
    rows = [replace(row, values=(*row.values, _said(row, said_by))) for row in table.rows]
    labels: dict[str, str] = {}
    for row in sorted(table.rows, key=lambda row: -len(row.values)):
        labels.update({value.field: value.label for value in row.values if value.field not in labels})
    labels[SAID_BY] = gettext("出典")
    if len(labels) > WIDE + 1 or len(rows) == 1:
        return Grid(table.label, (), (), (), tuple(rows[:2]), tuple(rows[2:]), len(rows))
    lines = [_line(row, list(labels)) for row in rows]
    return Grid(table.label, tuple(labels.values()), tuple(lines[:SHOWN]), tuple(lines[SHOWN:]), (), (), len(rows))


def _line(row: Row, fields: Sequence[str]) -> tuple[Value | None, ...]:
    values = {value.field: value for value in row.values}
    return tuple(values.get(field) for field in fields)


def _said(row: Row, source: str) -> Value:
    """The row's source and day, and how the child stands in it where it is somebody else's row."""
    told = f"{source} {short_day(row.as_of)}".strip()
    if row.role:
        told = gettext("%(told)s(%(role)sとして)") % {"told": told, "role": PERSON_ROLES.get(row.role, row.role)}
    return Value(SAID_BY, gettext("出典"), told, mark=row.mark)
