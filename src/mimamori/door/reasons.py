"""Findings and their reasons as a reader sees them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from mimamori.door.masking import Reader, number
from mimamori.door.shapes import FindingView, Reason
from mimamori.door.snapshots import registry

HIDDEN = {"ja": "閲覧できない項目による条件", "en": "A condition on items you may not see"}


def finding_of(row: Mapping[str, Any], reader: Reader) -> FindingView:
    """One row of `findings`. A reason from a source that is too sensitive keeps its state and loses its content."""
    reasons = row["reasons"]
    listed = json.loads(reasons) if isinstance(reasons, str) else (reasons or [])
    return FindingView(
        difficulty=row["difficulty"],
        must=bool(row["must"]),
        tier=int(row["tier"]),
        reasons=tuple(_reason(reason, reader) for reason in listed),
    )


def _reason(reason: Mapping[str, Any], reader: Reader) -> Reason:
    language = "en" if reader.language.startswith("en") else "ja"
    layout = next((layout for layout in registry() if layout.name == reason.get("source")), None)
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
