"""What people have done about children, as the plain table that filters are asked against: one row a case number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
from django.utils import timezone

from mimamori.screening.filters import WORK, WORK_FACTS
from mimamori.support.conferences import TAKEN_OFF
from mimamori.support.models import AgendaItem, Assessment, Finding, Note
from mimamori.support.states import State

MEETING = "meeting"  # of `notes.KINDS`
# Facts that are one state of the open finding.
STATES: dict[str, State] = {
    "looking": State.LOOKING,
    "support_needed": State.SUPPORT_NEEDED,
    "watching": State.WATCHING,
    "referred": State.REFERRED,
    "in_support": State.IN_SUPPORT,
}


def work_facts() -> pa.Table:
    """Rows of `screening.filters.WORK` over every finding, open or closed. A conference is one that decided, or that
    stands in the chronology, withdrawn entries left out. A finding drawn at random was never listed."""
    assessed = dict(_last_assessed())
    conferences = set(Note.objects.filter(kind=MEETING, withdrawn_at=None).values_list("finding__case_no", flat=True))
    decided = AgendaItem.objects.exclude(decision__in=["", TAKEN_OFF])
    conferences |= set(decided.values_list("finding__case_no", flat=True))
    rows: dict[str, dict[str, Any]] = {}
    known = Finding.objects.filter(joins=None).order_by("pk")
    for found in known.values("case_no", "state", "owner", "waiting", "first_as_of", "draw", "difficulties"):
        row = rows.setdefault(found["case_no"], _nothing(found["case_no"]))
        listed = found["draw"] is None or found["difficulties"]
        if listed and row["first_listed"] is None:
            row["first_listed"] = found["first_as_of"]
        if found["state"] == State.CLOSED:
            row["closed"] = True
            continue
        row |= {name: found["state"] == state for name, state in STATES.items()}
        row |= {"open": True, "assigned": found["owner"] is not None, "waiting": found["waiting"]}
    for case_no, row in rows.items():
        row["last_assessed"] = assessed.get(case_no)
        row |= {"assessed": case_no in assessed, "conference": case_no in conferences}
    return pa.Table.from_pylist(list(rows.values()), schema=WORK)


def _nothing(case_no: str) -> dict[str, Any]:
    return {"case_no": case_no, **dict.fromkeys(WORK_FACTS, False), "first_listed": None, "last_assessed": None}


def _last_assessed() -> Iterator[tuple[str, date]]:
    recorded = Assessment.objects.order_by("recorded_at", "pk").values_list("finding__case_no", "recorded_at")
    for case_no, at in recorded:
        yield case_no, timezone.localtime(at).date()
