"""One written value read by its item: a code of the table, a number, a day, a yes or no; or why it is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pyarrow as pa

from mimamori.intake.delivery import Reason
from mimamori.sources import Item, Layout
from mimamori.text.dates import ParsedDate, parse_date, parse_month

AROUND = " \u3000\r\n\t"  # what stands around a value and is no part of it
BLANK = Reason("必須の項目が空です。", "A required item is blank.")
CODE = Reason("コード表にない値です。", "The value is not in the code table.")
NUMBER = Reason("数として読めません。", "Not a number.")
DATE = Reason("日付として読めません。", "Not a date.")
PARTIAL = Reason("日までわかる日付が必要な項目です。", "The item needs a date that is known to the day.")
FLAG = Reason("有・無(1・0)として読めません。", "Not a yes or a no.")
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
Value = tuple[Any, ...]


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


def nothing(item: Item) -> Value:
    """What a blank says of an item."""
    return (None,) * len(columns_of(item))


def value_of(text: str, item: Item, layout: Layout, *, needed: bool) -> Value | Reason:
    """What a text says of an item; a `Reason` where it says nothing that may be stored."""
    clean = text.strip(AROUND)
    if not clean and needed:
        return BLANK
    if item.type == "text":
        return (clean or None,)
    if not clean:
        return nothing(item)
    value = _READERS[item.type](clean, item, layout)
    return BLANK if needed and value == (None,) else value


def _code(text: str, item: Item, layout: Layout) -> Value | Reason:
    table = layout.codes[item.codes or ""]
    code = unicodedata.normalize("NFKC", text)
    if code in table:
        return (code,)
    padded = [known for known in table if known.lstrip("0") == code.lstrip("0") and code.isdigit()]
    return (padded[0],) if len(padded) == 1 else CODE  # a leading zero that a spreadsheet has eaten


def _number(text: str, item: Item, layout: Layout) -> Value | Reason:
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


@lru_cache(maxsize=200_000)
def _parsed(text: str, kind: str, eras: tuple[tuple[str, str], ...]) -> ParsedDate:
    """A written day read once for all files: few days are written, in many of them."""
    return (parse_month if kind == "month" else parse_date)(text, era_digits=dict(eras))


def _date(text: str, item: Item, layout: Layout) -> Value | Reason:
    """A day; where the item may be uncertain also what was written. Elsewhere a part of a date is not taken for none:
    an end that is known to the month would leave a use open."""
    parsed = _parsed(text, item.type, tuple(layout.era_digits.items()))
    if parsed.status == "invalid":
        return DATE
    if item.uncertain:
        return (parsed.day, text, parsed.status)
    if parsed.day is None and parsed.first is not None:
        return PARTIAL
    return (parsed.day,)


def _flag(text: str, item: Item, layout: Layout) -> Value | Reason:
    key = unicodedata.normalize("NFKC", text).lower()
    return (FLAGS[key],) if key in FLAGS else FLAG


_READERS: dict[str, Callable[[str, Item, Layout], Value | Reason]] = {
    "code": _code,
    "number": _number,
    "integer": _number,
    "date": _date,
    "month": _date,
    "flag": _flag,
}
