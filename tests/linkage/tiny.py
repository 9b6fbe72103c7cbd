"""Tiny state tables: every declared table exists; the rows a test names are in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from mimamori import engine
from mimamori.engine import Connection
from mimamori.sources import Registry, Table, load_registry

DAY = date(2026, 10, 31)
TYPES = {"number": "DOUBLE", "integer": "BIGINT", "flag": "BOOLEAN", "date": "DATE", "month": "DATE"}

Row = dict[str, Any]


def state(**tables: list[Row]) -> tuple[Connection, Registry]:
    """State tables named `<source>__<table>` with these rows; what a row leaves out is NULL."""
    con, registry = engine.connect(), load_registry()
    for layout, table in registry.tables():
        name = f"{layout.name}__{table.name}"
        columns = _columns(table)
        con.execute(f"CREATE TABLE {name} ({', '.join(f'{column} {sort}' for column, sort in columns.items())})")
        for number, row in enumerate(tables.pop(name, [])):
            given = {"_delivery": f"{DAY}.1", "_as_of": DAY, "_row": number, **row}
            for item in table.loaded_items():
                if item.uncertain and isinstance(given.get(item.field), date):
                    given.setdefault(f"{item.field}_status", "exact")
            marks = ", ".join("?" for _ in given)
            con.execute(f"INSERT INTO {name} ({', '.join(given)}) VALUES ({marks})", list(given.values()))
    assert not tables, f"no such tables: {', '.join(tables)}"
    return con, registry


def _columns(table: Table) -> dict[str, str]:
    columns: dict[str, str] = {}
    for item in table.loaded_items():
        columns[item.field] = TYPES.get(item.type, "VARCHAR")
        if item.uncertain:
            columns |= {f"{item.field}_raw": "VARCHAR", f"{item.field}_status": "VARCHAR"}
    return columns | {"_delivery": "VARCHAR", "_as_of": "DATE", "_row": "BIGINT"}


def resident(addressee_no: str, name: str, kana: str, birth: date | None, **more: Any) -> Row:
    """A row of the residents' register."""
    return {
        "addressee_no": addressee_no, "hist_no": 1, "household_no": f"H{addressee_no}", "resident_type": "1",
        "status": "1",
        "name": name, "kana": kana, "birth_date": birth, "sex": "1", "relation": "世帯主",
        "address": "福岡市南区大橋一丁目4番2号", "ward": "40134", "protection": "0", **more,
    }  # fmt: skip


def pupil(pupil_no: str, name: str | None, kana: str | None, birth: date | None, **more: Any) -> Row:
    """A row of the pupil register."""
    return {
        "pupil_no": pupil_no, "name": name, "kana": kana, "birth_date": birth, "sex": "1",
        "address": "南区大橋１－４－２",
        "school_code": "B140130000001", "school_name": "大橋小学校", "grade": 3, "class_name": "2", **more,
    }  # fmt: skip
