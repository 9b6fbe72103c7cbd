"""Which version is in force on a day.

The day is the one on which the night runs, not the day of the data it reads: deliveries are days or weeks old when they
come, and what people put in force holds for the lists that are made from then on. A run notes its versions, so that a
repeat does not ask what is in force now.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from mimamori.governance.models import ConditionVersion, Enforcement
from mimamori.screening import ConditionSet


@dataclass(frozen=True)
class Standing:
    """One difficulty: the version in force with the line that put it there, and what is going to come."""

    now: Enforcement | None
    coming: tuple[Enforcement, ...]


def standings(day: date | None = None) -> dict[str, Standing]:
    """By difficulty, as of a day (None: today)."""
    asked = day or timezone.localdate()
    lines: dict[str, list[Enforcement]] = {}
    known = Enforcement.objects.select_related("version__proposed_by", "version__approved_by", "by")
    for line in known.order_by("in_force_from", "pk"):
        lines.setdefault(line.version.difficulty, []).append(line)
    return {difficulty: _standing(of, asked) for difficulty, of in lines.items()}


def in_force(day: date | None = None) -> list[ConditionVersion]:
    """The version of each difficulty that a night on this day runs (None: today)."""
    return [standing.now.version for standing in standings(day).values() if standing.now]


def approved_sets(day: date | None = None) -> tuple[ConditionSet, ...]:
    """The condition sets that a night on this day runs."""
    return sets_of(in_force(day))


def sets_of(versions: Iterable[ConditionVersion]) -> tuple[ConditionSet, ...]:
    """What these versions hold."""
    return tuple(ConditionSet.model_validate_json(json.dumps(version.content)) for version in versions)


def was_in_force(version: ConditionVersion, day: date) -> bool:
    """Whether the version ever came into force, on this day or before."""
    lines = list(version.enforcements.order_by("in_force_from", "pk"))
    return any(
        line.in_force_from <= day and line.kind != Enforcement.Kind.RETIRED and not _called_off(line, lines)
        for line in lines
    )


def _standing(lines: list[Enforcement], day: date) -> Standing:
    """`lines` of one difficulty, in the order in which they take effect."""
    begins = [line for line in lines if line.kind == Enforcement.Kind.RETIRED or not _called_off(line, lines)]
    now: Enforcement | None = None
    for line in begins:
        if line.in_force_from > day:
            continue
        if line.kind != Enforcement.Kind.RETIRED:
            now = line
        elif now is not None and now.version_id == line.version_id:
            now = None
    return Standing(now, tuple(line for line in begins if line.in_force_from > day))


def _called_off(line: Enforcement, lines: list[Enforcement]) -> bool:
    """Whether the version was retired after this was decided and before it took effect."""
    return any(
        other.kind == Enforcement.Kind.RETIRED
        and other.version_id == line.version_id
        and other.pk > line.pk
        and other.in_force_from < line.in_force_from
        for other in lines
    )
