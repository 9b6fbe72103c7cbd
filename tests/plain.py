"""Rows of a table with what is required and nothing that speaks of anybody: for tests of how files come in."""

from __future__ import annotations

from mimamori.sources import Item, Layout, Table

VALUES = {"date": "20260401", "month": "202604", "integer": "1", "number": "1", "flag": "1"}


def plain_rows(layout: Layout, table: Table, count: int, **values: str) -> list[dict[str, str]]:
    """`count` rows that may be stored; `values` (field → text) stand in each of them."""
    needed = [item for item in table.items if item.required or item.field in table.row_key]
    return [
        {**{item.field: _value(layout, item, number) for item in needed}, **values} for number in range(1, count + 1)
    ]


def _value(layout: Layout, item: Item, number: int) -> str:
    if item.type == "code":
        return next(iter(layout.codes[item.codes or ""]))
    return VALUES.get(item.type, str(1000 + number))
