"""The disclosure for a program: one JSON-able document; days as YYYY-MM-DD, everything else in words."""

from __future__ import annotations

from typing import Any

from mimamori.door import HeldSource, Row
from mimamori.exchange.disclosure import Disclosure


def as_document(found: Disclosure) -> dict[str, Any]:
    """`complete` is false while something is withheld from the preparer or free text waits to be read by a person."""
    held, header = found.held, found.held.header
    return {
        "case_no": header.case_no,
        "as_of": held.as_of.isoformat(),
        "snapshot": held.snapshot,
        "complete": not found.needs_a_person,
        "person": {
            "name": header.name,
            "kana": header.kana,
            "alias": header.alias,
            "former_name": header.former_name,
            "birth_date": header.birth_date.isoformat() if header.birth_date else None,
            "sex": header.sex,
            "ward": header.ward_label,
            "school": header.school,
            "address": header.address,
            "address_withheld": header.address_withheld,
        },
        "numbers": list(held.refs),
        "sources": [_source(source) for source in held.sources],
        "difficulties": list(found.difficulties),
        "judgements": [
            {"kind": one.kind, "day": one.day.isoformat(), "outcome": one.outcome, "text": one.text}
            for one in found.judgements
        ],
    }


def _source(source: HeldSource) -> dict[str, Any]:
    return {
        "source": source.source,
        "label": source.label,
        "owner": source.owner,
        "purpose": source.purpose,
        "legal_basis": source.legal_basis,
        "as_of": source.as_of.isoformat() if source.as_of else None,
        "withheld": source.withheld,
        "tables": [
            {"name": table.name, "label": table.label, "rows": [_row(row) for row in table.rows]}
            for table in source.tables
        ],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "day": row.day.isoformat() if row.day else None,
        "as_of": row.as_of.isoformat() if row.as_of else None,
        "items": [
            {"item": value.field, "label": value.label, "value": value.day.isoformat() if value.day else value.text}
            for value in row.values
        ],
    }
