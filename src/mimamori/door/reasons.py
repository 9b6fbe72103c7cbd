"""Findings and their reasons as a reader sees them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from mimamori.door.masking import Reader, number
from mimamori.door.shapes import FindingChange, FindingView, Reason
from mimamori.door.snapshots import registry
from mimamori.sources import Layout

HIDDEN = {"ja": "閲覧できない項目による条件", "en": "A condition on items you may not see"}


def finding_of(row: Mapping[str, Any], reader: Reader, *, change: FindingChange | None = None) -> FindingView:
    """One row of `findings`. A reason from a source that is too sensitive keeps its state and loses its content."""
    layouts = layouts_by_name()
    return FindingView(
        difficulty=row["difficulty"],
        must=bool(row["must"]),
        tier=int(row["tier"]),
        reasons=tuple(reason_of(reason, reader, layouts) for reason in written(row)),
        change=change,
    )


def written(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The reasons of one row of `findings`, as the night wrote them."""
    reasons = row["reasons"]
    found = json.loads(reasons) if isinstance(reasons, str) else (reasons or [])
    assert isinstance(found, list)
    return found


def layouts_by_name() -> dict[str, Layout]:
    return {layout.name: layout for layout in registry()}


def reason_of(reason: Mapping[str, Any], reader: Reader, layouts: Mapping[str, Layout]) -> Reason:
    language = "en" if reader.language.startswith("en") else "ja"
    layout = layouts.get(reason.get("source") or "")
    hidden = layout is not None and not reader.may_see_source(layout)
    label = reason.get("label") or ""
    value = reason.get("value")
    return Reason(
        condition="" if hidden else reason["condition"],
        label=HIDDEN[language] if hidden else _text(label, language),
        domain="" if hidden else str(reason.get("domain") or ""),
        state=reason["state"],
        must=bool(reason.get("must")),
        value="" if hidden or value is None else number(value),
        unit="" if hidden else _text(reason.get("unit") or "", language),
        source="" if hidden else str(reason.get("source") or ""),
        source_label=layout.short_label.text(language) if layout else "",
        day=None if hidden else _day(reason.get("day")),
        why=str(reason.get("why") or ""),
        hidden=hidden,
    )


def order(reason: Reason) -> tuple[bool, bool, int]:
    """Met before others, must-look before others, the newest first."""
    return (reason.state != "met", not reason.must, -(reason.day.toordinal() if reason.day else 0))


def _text(label: Any, language: str) -> str:
    return str(label.get(language, "")) if isinstance(label, Mapping) else str(label)


def _day(value: Any) -> date | None:
    if isinstance(value, str) and value:
        return date.fromisoformat(value[:10])
    return value if isinstance(value, date) else None
