"""The rows of a karte by area of life: every record kind stands once, and every row tells its source and day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from mimamori.door import PARTS, Row, Section, TableView, Value
from mimamori.sources import load_registry
from mimamori.web.tables import AREAS, area_of, areas_of, grid, quiet_of

AS_OF = date(2020, 10, 31)


@pytest.fixture(autouse=True)
def japanese() -> Any:
    with translation.override("ja"):
        yield


def value(field: str, text: str) -> Value:
    return Value(field, f"<{field}>", text)


def section(source: str, *tables: TableView, state: str = "in_use", freshness: str = "fresh", **more: Any) -> Section:
    return Section(
        source=source, number=1, label=source, short_label="校務支援", owner="課", network="core", as_of=AS_OF,
        freshness=freshness, state=state, tables=tables, **more,
    )  # fmt: skip


def table(name: str, **more: Any) -> TableView:
    return TableView(name, "表", (Row(None, (value("a", "1"),), AS_OF, **more),))


def test_a_grid_has_the_columns_that_hold_something() -> None:
    rows = (Row(None, (value("a", "1"), value("b", "2")), AS_OF), Row(None, (value("b", "3"),), None))
    found = grid(TableView("t", "表", rows), "校務支援")
    assert found.columns == ("<a>", "<b>", "出典")
    assert [[one.text if one else None for one in row] for row in found.rows] == [
        ["1", "2", "校務支援 R2.10.31"], [None, "3", "校務支援"],
    ]  # fmt: skip


def test_a_row_of_somebody_else_says_how_the_child_stands_in_it() -> None:
    [row] = grid(table("birth", role="mother"), "母子保健").facts
    assert row.values[-1].text == "母子保健 R2.10.31(母として)"


@pytest.mark.parametrize(("items", "facts"), [(14, 0), (15, 2)])
def test_a_wide_table_reads_as_facts(items: int, facts: int) -> None:
    rows = tuple(Row(None, tuple(value(f"f{at}", "x") for at in range(items)), AS_OF) for _ in range(4))
    found = grid(TableView("t", "表", rows), "校務支援")
    assert (len(found.facts), len(found.facts_rest), found.count) == (facts, facts, 4)


def test_every_section_speaks_or_is_quiet() -> None:
    sections = [
        section("childcare", table("t")), section("child_guidance", state="none"), section("unheard_of", table("t")),
        section("school_affairs", state="missing", freshness="missing"),
        section("dv_consultation", items_withheld=3),
    ]  # fmt: skip
    speaking = [(area.name, shown.section.source) for area in areas_of(sections) for shown in area.sections]
    assert speaking == [("childcare", "childcare"), ("consultations", "dv_consultation"), ("other", "unheard_of")]
    assert [part.source for part in quiet_of(sections)] == ["child_guidance", "school_affairs"]


def test_a_system_speaks_in_several_areas_and_each_record_kind_once() -> None:
    mother_and_child = section("maternal_child_health", table("pregnancy"), table("checkup"), table("vaccination"))
    found = [
        (area.name, len(shown.grids), shown.first) for area in areas_of([mother_and_child]) for shown in area.sections
    ]
    assert found == [("baby", 1, True), ("health", 2, False)]


def test_every_record_kind_of_the_layouts_has_its_area() -> None:
    kinds = {f"{layout.name}.{kind.name}": area_of(layout.name, kind.name) for layout, kind in load_registry().tables()}
    assert {kind for kind, area in kinds.items() if area == "other"} == set()
    named = {one for _name, _word, names in AREAS for one in names}
    assert {one for one in named if "." in one} <= set(kinds)


def test_every_area_may_be_printed() -> None:
    assert {name for name, _word, _named in AREAS} <= set(PARTS)
