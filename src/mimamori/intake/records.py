"""A file's rows as text, before anybody knows what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from mimamori.intake.delivery import Reason


@dataclass
class Records:
    """Rows as wide as the first (the heading), the lines they begin on, and the lines that cannot be believed."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    bad: list[tuple[int, Reason]] = field(default_factory=list)
