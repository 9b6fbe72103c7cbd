"""What a statistical model said of a child, as a reader may know of it: which items put it high, and what of its items
nothing is known of. No score, no value: those stand in the karte, under the reader's own rights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mimamori.access.models import Account
from mimamori.door.masking import Reader
from mimamori.door.reasons import layouts_by_name, reason_of
from mimamori.door.scope import max_sensitivity
from mimamori.door.shapes import Reason
from mimamori.screening import load_indicators
from mimamori.screening.models.features import columns_of
from mimamori.screening.models.inputs import load_inputs
from mimamori.screening.outcomes import load_outcomes


@dataclass(frozen=True)
class OpinionReasons:
    """`reasons`: the strongest first. `unknown`: by system, how many items there are of which nothing is known."""

    reasons: tuple[Reason, ...]
    unknown: tuple[tuple[str, int], ...]


def opinion_reasons(
    account: Account, difficulty: str, reasons: Sequence[str], unknown: Sequence[str], *, language: str = "ja"
) -> OpinionReasons:
    """Columns of a model of the difficulty, in words. A column of a system that is too sensitive for the reader loses
    its words; one whose indicator is no more is left out, for it cannot be told who may see it."""
    reader = Reader(account.role, max_sensitivity(account), language)
    layouts = layouts_by_name()
    outcome = next(one for one in load_outcomes().values() if one.difficulty == difficulty)
    columns = columns_of(outcome.difficulty, load_indicators(), outcome, load_inputs())
    named = {column.feature.name: column for column in columns}
    told = [
        reason_of(
            {
                "condition": name,
                "label": named[name].feature.label.model_dump(),
                "state": "met",
                "source": named[name].indicator.source,
            },
            reader,
            layouts,
        )
        for name in reasons
        if name in named
    ]
    sources = Counter(named[name].indicator.source for name in unknown if name in named)
    return OpinionReasons(
        reasons=tuple(told),
        unknown=tuple(
            (layouts[source].short_label.text(language) if source in layouts else source, count)
            for source, count in sources.most_common()
        ),
    )
