"""Why a child was extracted on an earlier night: the conditions met then, as a reader may know of them.

What they measured stays in that night's snapshot. A condition on a system that is too sensitive loses its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mimamori.access.models import Account
from mimamori.door.masking import Reader
from mimamori.door.reasons import layouts_by_name, reason_of
from mimamori.door.scope import max_sensitivity
from mimamori.door.shapes import Reason
from mimamori.screening import ConditionSet, load_indicators


def past_reasons(
    account: Account, sets: Mapping[str, ConditionSet], met: Mapping[str, Sequence[str]], *, language: str = "ja"
) -> dict[str, tuple[Reason, ...]]:
    """The conditions of these ids in words, by difficulty, must-look first. `sets`: those that the night ran with, by
    difficulty. Left out is a condition that they do not hold, and one whose indicator is no more: by what it read it
    cannot be told who may see it."""
    reader = Reader(account.role, max_sensitivity(account), language)
    return {
        difficulty: _told(sets[difficulty], set(names), reader) if difficulty in sets else ()
        for difficulty, names in met.items()
    }


def _told(condition_set: ConditionSet, names: set[str], reader: Reader) -> tuple[Reason, ...]:
    sources = {indicator.id: indicator.source for indicator in load_indicators()}
    layouts = layouts_by_name()
    written = [
        {
            "condition": one.id,
            "label": one.sentence().model_dump(),
            "domain": one.domain,
            "state": "met",
            "must": one.must,
            "source": sources[one.indicator],
        }
        for one in condition_set.conditions
        if one.id in names and one.indicator in sources
    ]
    return tuple(sorted((reason_of(one, reader, layouts) for one in written), key=lambda one: not one.must))
