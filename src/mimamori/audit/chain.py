"""The hash that ties a row of the trail to the one before it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64  # what the first row follows
FIELDS = ("number", "at", "actor", "role", "ward", "action", "case_no", "purpose", "terminal", "detail")


def canonical(values: dict[str, Any]) -> str:
    """JSON with sorted keys and no blanks, non-ASCII kept: the same values give the same text everywhere."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def row_hash(previous: str, values: dict[str, Any]) -> str:
    """SHA-256, in hex, over the previous row's hash and every field of this one (`FIELDS`, `at` in UTC)."""
    fields = {name: values[name] for name in FIELDS}
    at = fields["at"]
    assert isinstance(at, datetime)
    fields["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{previous}\n{canonical(fields)}".encode()).hexdigest()
