"""From text to types, by the layout: once per distinct value, never per row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mimamori.intake.delivery import QuarantineRow, Reason
from mimamori.intake.tabular import OP, UPDATED_AT, Sheet
from mimamori.sources import Item, Layout, Table
from mimamori.text.dates import parse_date, parse_month

BLANK = Reason("必須の項目が空です。", "A required item is blank.")
CODE = Reason("コード表にない値です。", "The value is not in the code table.")
NUMBER = Reason("数として読めません。", "Not a number.")
DATE = Reason("日付として読めません。", "Not a date.")
PARTIAL = Reason("日までわかる日付が必要な項目です。", "The item needs a date that is known to the day.")
AGAIN = Reason("同じ行が前にもあります(前の行を採りました)。", "The same row stands before; that one was taken.")
FLAG = Reason("有・無(1・0)として読めません。", "Not a yes or a no.")
OPERATION = Reason("処理区分は A・U・D のいずれかです。", "The operation must be A, U or D.")
FLAGS = {
    "1": True,
    "0": False,
    "有": True,
    "無": False,
    "true": True,
    "false": False,
    "○": True,
    "〇": True,
    "×": False,
}
# Not all that float() takes: nan, inf, 1_000 and 1e9 are no numbers here, and 1,5 is not fifteen.
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?|[+-]?\.\d+", re.ASCII)
_MINUS = str.maketrans(dict.fromkeys("−‐△▲", "-"))  # accounts mark what is negative with a triangle
_INTEGERS = range(-(2**63), 2**63)  # what a BIGINT holds

# One distinct value typed: (value[, raw, status]); a Reason stands in its place where it is bad.
Typed = tuple[Any, ...]


@dataclass
class TypedTable:
    """Rows that may be stored, rows that may not, and the share of blanks per item."""

    rows: pa.Table
    quarantine: list[QuarantineRow]
    blanks: dict[str, float]


def typed(sheet: Sheet, layout: Layout, table: Table, *, file: str) -> TypedTable:
    """Type every declared column; rows with a bad value go to quarantine with the item and the reason.

    A row that removes another (D) needs its key alone: what else it says is not believed, and no fault.
    """
    count = len(sheet.lines)
    operations = [_operation(text) for text in sheet.columns[OP]] if table.kind == "difference" else []
    removed = {place for place, operation in enumerate(operations) if operation == "D"}
    bad: dict[int, tuple[str, Reason]] = {}
    arrays: dict[str, pa.Array] = {}
    blanks: dict[str, float] = {}
    for item in table.loaded_items():
        texts = sheet.columns.get(item.field) or [""] * count
        needed = item.required or (table.kind == "difference" and item.field in table.row_key)
        known = {text: _value(text, item, layout, needed=needed) for text in set(texts)}
        faults = {text: value for text, value in known.items() if isinstance(value, Reason)}
        if faults:
            for place, text in enumerate(texts):
                if text in faults and (place not in removed or item.field in table.row_key):
                    bad.setdefault(place, (item.label.ja, faults[text]))
        good: Mapping[str, Typed] = {t: _nothing(item) if isinstance(v, Reason) else v for t, v in known.items()}
        for part, (name, kind) in enumerate(columns_of(item)):
            arrays[name] = pa.array([good[text][part] for text in texts], kind)
        blanks[item.field] = round(sum(not text.strip() for text in texts) / count, 4) if count else 0.0
    if table.kind == "difference":
        for place, operation in enumerate(operations):
            if operation not in {"A", "U", "D"}:
                bad.setdefault(place, (OP, OPERATION))
        arrays["_op"] = pa.array(operations, pa.string())
        arrays["_updated_at"] = pa.array(sheet.columns.get(UPDATED_AT, [""] * count), pa.string())
    arrays["_row"] = pa.array(sheet.lines, pa.int64())
    rows = pa.table(arrays)
    if table.kind == "full":
        bad |= {place: ("", AGAIN) for place in _repeated(rows, table) if place not in bad}
    if bad:
        rows = rows.filter(pc.invert(pc.is_in(pa.array(range(count)), value_set=pa.array(list(bad), pa.int64()))))
    held = [QuarantineRow(file, sheet.lines[p], label, reason.ja, reason.en) for p, (label, reason) in bad.items()]
    held += [QuarantineRow(file, line, "", reason.ja, reason.en) for line, reason in sheet.bad]
    return TypedTable(rows, sorted(held, key=lambda row: row.line), blanks)


def _operation(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()


def _repeated(rows: pa.Table, table: Table) -> list[int]:
    """The places of rows that repeat an earlier one in every item; of rows with only the key in common, both stay."""
    counted = rows.select(list(table.row_key)).append_column("_place", pa.array(range(rows.num_rows), pa.int64()))
    groups = counted.group_by(list(table.row_key)).aggregate([("_place", "list"), ("_place", "count")])
    many = groups.filter(pc.greater(groups["_place_count"], 1))
    content = rows.drop_columns(["_row"])
    repeated = []
    for places in many["_place_list"].to_pylist():
        seen: list[dict[str, Any]] = []
        for place in sorted(places):
            [row] = content.slice(place, 1).to_pylist()
            if row in seen:
                repeated.append(place)
            seen.append(row)
    return repeated


def columns_of(item: Item) -> list[tuple[str, pa.DataType]]:
    """The columns an item becomes in the store, in order."""
    if item.type in {"date", "month"}:
        if item.uncertain:
            return [
                (item.field, pa.date32()),
                (f"{item.field}_raw", pa.string()),
                (f"{item.field}_status", pa.string()),
            ]
        return [(item.field, pa.date32())]
    kinds = {"number": pa.float64(), "integer": pa.int64(), "flag": pa.bool_()}
    return [(item.field, kinds.get(item.type, pa.string()))]


def _nothing(item: Item) -> Typed:
    return (None,) * len(columns_of(item))


def _value(text: str, item: Item, layout: Layout, *, needed: bool) -> Typed | Reason:
    clean = text.strip(" \u3000\r\n\t")
    if not clean and needed:
        return BLANK
    if item.type == "text":
        return (clean or None,)
    if not clean:
        return _nothing(item)
    value = _READERS[item.type](clean, item, layout)
    return BLANK if needed and value == (None,) else value


def _code(text: str, item: Item, layout: Layout) -> Typed | Reason:
    table = layout.codes[item.codes or ""]
    code = unicodedata.normalize("NFKC", text)
    if code in table:
        return (code,)
    padded = [known for known in table if known.lstrip("0") == code.lstrip("0") and code.isdigit()]
    return (padded[0],) if len(padded) == 1 else CODE  # a leading zero that a spreadsheet has eaten


def _number(text: str, item: Item, layout: Layout) -> Typed | Reason:
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    if not _PLAIN_NUMBER.fullmatch(plain):
        return NUMBER
    plain = plain.replace(",", "")
    if item.type == "number":
        return (float(plain),)
    whole, _, rest = plain.partition(".")
    if rest.strip("0") or len(whole) > 20 or int(f"{whole or 0}") not in _INTEGERS:
        return NUMBER
    return (int(whole),)


def _date(text: str, item: Item, layout: Layout) -> Typed | Reason:
    """A day; where the item may be uncertain also what was written. Elsewhere a part of a date is not taken for none:
    an end that is known to the month would leave a use open."""
    parse = parse_month if item.type == "month" else parse_date
    parsed = parse(text, era_digits=layout.era_digits)
    if parsed.status == "invalid":
        return DATE
    if item.uncertain:
        return (parsed.day, text, parsed.status)
    if parsed.day is None and parsed.first is not None:
        return PARTIAL
    return (parsed.day,)


def _flag(text: str, item: Item, layout: Layout) -> Typed | Reason:
    key = unicodedata.normalize("NFKC", text).lower()
    return (FLAGS[key],) if key in FLAGS else FLAG


_READERS: dict[str, Callable[[str, Item, Layout], Typed | Reason]] = {
    "code": _code,
    "number": _number,
    "integer": _number,
    "date": _date,
    "month": _date,
    "flag": _flag,
}
