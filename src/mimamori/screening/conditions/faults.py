"""What is wrong with a condition set, in both languages, for whoever wrote the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError


class Wrong(ValueError):
    """A rule of condition sets is broken; the texts name the condition where it is one condition's."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en


# By pydantic's type of fault; the braces are filled from what it tells with it.
SAYINGS: dict[str, tuple[str, str]] = {
    "missing": ("書いてありません", "is missing"),
    "extra_forbidden": ("このような項目はありません", "there is no such key"),
    "literal_error": ("{expected} のどれかにしてください", "must be {expected}"),
    "greater_than": ("{gt} より大きい数にしてください", "must be above {gt}"),
    "greater_than_equal": ("{ge} 以上にしてください", "must be {ge} or more"),
    "less_than_equal": ("{le} 以下にしてください", "must be {le} or less"),
    "finite_number": ("数にしてください(nan・inf は使えません)", "must be a number, not nan or inf"),
    "float_type": ("数にしてください(引用符は付けません)", "must be a number, without quotation marks"),
    "int_type": ("整数にしてください(引用符は付けません)", "must be a whole number, without quotation marks"),
    "bool_type": ("true か false にしてください", "must be true or false"),
    "bool_parsing": ("true か false にしてください", "must be true or false"),
    "string_type": ("文字にしてください", "must be text"),
    "string_pattern_mismatch": (
        "英小文字で始まる、英小文字・数字・_ だけの名前にしてください",
        "must be a name of lower-case letters, digits and _, beginning with a letter",
    ),
    "string_too_short": ("空にはできません", "must not be empty"),
    "string_too_long": ("{max_length} 文字までにしてください", "must have {max_length} letters or fewer"),
    "too_short": ("{min_length} つ以上書いてください", "must have {min_length} or more entries"),
    "too_long": ("{max_length} つまでにしてください", "must have {max_length} entries or fewer"),
    "tuple_type": ("[ ] で囲んだ並びにしてください", "must be a list in [ ]"),
    "model_type": ("項目の組にしてください", "must be a table of keys"),
    "union_tag_not_found": ("条件か組を、1つのキーで書いてください", "must be one clause or group, told by one key"),
    "union_tag_invalid": ("条件か組を、1つのキーで書いてください", "must be one clause or group, told by one key"),
    "date_type": ("日付(2026-10-31 の形)にしてください", "must be a day such as 2026-10-31"),
    "date_parsing": ("日付(2026-10-31 の形)にしてください", "must be a day such as 2026-10-31"),
    "date_from_datetime_parsing": ("日付(2026-10-31 の形)にしてください", "must be a day such as 2026-10-31"),
    "date_from_datetime_inexact": ("日付(2026-10-31 の形)にしてください", "must be a day such as 2026-10-31"),
}
_ID = re.compile(r"[a-z][a-z0-9_]*")


def told(error: ValidationError, document: Any) -> tuple[str, str]:
    """Every fault in one text, in Japanese and in English; conditions and domains are named by their `id`."""
    found = error.errors()
    faults = [fault for fault in found if not _follows(fault, found)]
    sentences = [sentence_of(fault, document) for fault in faults]
    return "; ".join(ja for ja, _ in sentences), "; ".join(en for _, en in sentences)


def _follows(fault: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it only says that a list is too short because its entries were refused."""
    place = fault["loc"]
    return fault["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in found
    )


def sentence_of(fault: Mapping[str, Any], document: Any) -> tuple[str, str]:
    """One fault, as pydantic tells it, in Japanese and in English; `loc` is its path in the document."""
    told_with = fault.get("ctx", {})
    if isinstance(wrong := told_with.get("error"), Wrong):
        return wrong.ja, wrong.en
    context = {name: f"{value:g}" if isinstance(value, float) else value for name, value in told_with.items()}
    ja, en = SAYINGS.get(fault["type"], ("正しくありません", "is not right"))
    place = _place(fault["loc"], document)
    expected = str(context.get("expected", ""))
    return (
        f"{place}: {ja.format(**{**context, 'expected': expected.replace(' or ', ', ')})}",
        f"{place}: {en.format(**{**context, 'expected': expected})}",
    )


def _place(path: Sequence[str | int], document: Any) -> str:
    """conditions.<id>.points; an entry without a usable id is told by its number, from 1."""
    steps = []
    at = document
    for step in path:
        at = at[step] if _has(at, step) else None
        name = at.get("id") if isinstance(step, int) and isinstance(at, dict) else None
        if isinstance(name, str) and _ID.fullmatch(name):
            steps.append(name)
        else:
            steps.append(str(step + 1) if isinstance(step, int) else step)
    return ".".join(steps) or "—"


def _has(found: Any, step: str | int) -> bool:
    if isinstance(found, dict):
        return step in found
    return isinstance(found, list) and isinstance(step, int) and step < len(found)
