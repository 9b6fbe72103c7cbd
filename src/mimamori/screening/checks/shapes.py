"""What is told of a condition set: kinds, findings and the one threshold that mends one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mimamori.sources.item import Label

Kind = Literal[
    "never_met", "always_met", "not_taken", "tier_unreachable", "gap", "falls", "twice", "overlap", "contained",
    "ages_uncovered", "empty",
]  # fmt: skip
KIND_LABELS: Mapping[Kind, Label] = {
    "never_met": Label(ja="当たらない", en="Never met"),
    "always_met": Label(ja="全員が当たる", en="Always met"),
    "not_taken": Label(ja="ない値", en="No such value"),
    "tier_unreachable": Label(ja="届かない段階", en="Tier out of reach"),
    "gap": Label(ja="空白", en="Gap"),
    "falls": Label(ja="点の逆転", en="Points fall"),
    "twice": Label(ja="同じ条件", en="Same test twice"),
    "overlap": Label(ja="重なり", en="Overlap"),
    "contained": Label(ja="含まれる条件", en="Contained"),
    "ages_uncovered": Label(ja="条件のない年齢", en="Ages without a condition"),
    "empty": Label(ja="値がほとんどない", en="Almost no values"),
}
STOPS: frozenset[Kind] = frozenset({"never_met", "always_met", "not_taken"})


@dataclass(frozen=True)
class Repair:
    """One threshold that would mend a finding."""

    condition: str
    bound: Literal["low", "high"]
    value: float
    said: Label


@dataclass(frozen=True)
class Finding:
    """`conditions`: ids it speaks of, the one to change first; none where it speaks of the set."""

    kind: Kind
    said: Label
    conditions: tuple[str, ...] = ()
    repair: Repair | None = None

    @property
    def stops(self) -> bool:
        """Whether the set cannot be tried or tested as it is."""
        return self.kind in STOPS
