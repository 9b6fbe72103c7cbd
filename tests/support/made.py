"""Findings made for the tests of this room; no snapshot is needed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

DAY = date(2026, 10, 31)
CASE = "K-4827-1936-5"


def row(case_no: str = CASE, difficulty: str = "absence", **change: Any) -> dict[str, Any]:
    """One row as a night gives it."""
    met = change.pop("met", ["in_a_row_7"])
    must = change.pop("must", False)
    reasons = [
        {"condition": name, "state": "met", "must": must, "value": 11, "source": "school_affairs", "day": "2026-10-31"}
        for name in met
    ]
    reasons.append({"condition": "never", "state": "failed", "must": False, "value": 0, "source": "school_affairs"})
    return {
        "case_no": case_no,
        "difficulty": difficulty,
        "must": must,
        "points": 50.0,
        "tier": change.pop("tier", 2),
        "reasons": json.dumps(reasons),
        "ward": change.pop("ward", "40134"),
        "known": change.pop("known", ""),
    }
