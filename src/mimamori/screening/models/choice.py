"""Which candidate, and whether any: the stop rule. A model that does not beat the conditions stays off, and that is a
result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from mimamori.screening.models.bootstrap import Estimate
from mimamori.screening.models.candidates import LABELS, TRAINED, Name
from mimamori.sources.item import Declared, Label


class Comparison(Declared):
    """One candidate on one split, at the length of the conditions' list. `found`: events on it; `regret`: how much
    less of its places hit than those of the best candidate on that split; `gain`: how much more than the conditions',
    paired. `found_together`, `gain_together`: of conditions and model taking turns."""

    candidate: Name
    day: date
    length: float
    found: float
    regret: float
    gain: Estimate | None
    found_together: float
    gain_together: Estimate | None


class Choice(Declared):
    """`candidate`: of the trained ones that with the least mean regret. `offered`: whether it may be put before the
    person who approves; `won`: on how many of the `splits` it beat the conditions for certain."""

    candidate: Name
    regret: dict[Name, float]
    offered: bool
    won: int
    told_of: int
    splits: int
    reason: Label


def choose(comparisons: Sequence[Comparison]) -> Choice:
    """Of equals the one that is easier to read. It is offered only if it beats the conditions on more than half of all
    splits, with the interval clear of zero; a split that cannot be told is not won."""
    regret = {
        name: float(np.mean([each.regret for each in comparisons if each.candidate == name]))
        for name in dict.fromkeys(each.candidate for each in comparisons)
    }
    candidate = min((name for name in TRAINED if name in regret), key=lambda name: regret[name])
    gains = [each.gain for each in comparisons if each.candidate == candidate]
    won = sum(gain is not None and gain.low > 0 for gain in gains)
    told_of = sum(gain is not None for gain in gains)
    offered = 2 * won > len(gains)
    return Choice(
        candidate=candidate,
        regret=regret,
        offered=offered,
        won=won,
        told_of=told_of,
        splits=len(gains),
        reason=_reason(LABELS[candidate], won, told_of, len(gains)),
    )


def _reason(name: Label, won: int, told_of: int, splits: int) -> Label:
    if 2 * won > splits:
        return Label(
            ja=f"{name.ja}は、同じ人数の一覧で、検証した{splits}回のうち{won}回、いまの抽出条件より多くの出来事を"
            "確かに見つけました。承認の候補にできます。",
            en=f"At the same length of list the {name.en} found for certain more events than the conditions in force, "
            f"on {won} of {splits} splits. It may be offered for approval.",
        )
    if 2 * told_of <= splits:
        untold = splits - told_of
        return Label(
            ja=f"検証した{splits}回のうち{untold}回は、出来事か一覧の人数が足りず判定できません。モデルは使いません。",
            en=f"{untold} of {splits} splits have too few events or listed children to tell. No model is used.",
        )
    return Label(
        ja=f"最もよい{name.ja}でも、同じ人数の一覧で、いまの抽出条件より多く見つけたと確かに言えるのは、"
        f"検証した{splits}回のうち{won}回だけです。モデルは使わず、抽出条件だけで進めます。",
        en=f"Even the best, the {name.en}, found for certain more than the conditions in force on only {won} of "
        f"{splits} splits at the same length of list. No model is used; the conditions stand alone.",
    )
