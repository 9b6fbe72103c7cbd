"""Where a pair stands after everything that was said of it. Pure: rows in the order they were said, and an answer.

One word decides a plain pair. Where a person is protected, or known to the council or the child guidance centre, two
different people must say the same: until then nothing holds. Two that differ wait for a third, whose word agrees with
one of them. What holds is withdrawn by an undo; where it took two people, the undo takes two as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    SECOND = "second"  # one has spoken; another person must
    DISPUTED = "disputed"  # two said different things; a third must decide, with both reasons before them
    HELD = "held"
    UNDOING = "undoing"  # holds still; one asked to take it back, another person must agree


class Kind(StrEnum):
    WORD = "word"
    UNDO = "undo"


@dataclass(frozen=True)
class Said:
    """One row of what was said: `same` is the word; an undo repeats the word that it withdraws. `by` is an account's
    number, `who` and `reason` are for people to read."""

    by: int
    same: bool
    kind: Kind = Kind.WORD
    needs_second: bool = False
    who: str = ""
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """`same` is what holds (None: nothing); `words` are the words that count now, `undoing` the undo that waits."""

    state: State
    same: bool | None
    words: tuple[Said, ...]
    undoing: Said | None = None

    @property
    def takes(self) -> int:
        """How many people must say the same of what was said so far."""
        return _takes(self.words)

    def of(self, account: int) -> Said | None:
        """This account's own word among those that count."""
        return next((word for word in self.words if word.by == account), None)


def standing(rows: Iterable[Said]) -> Standing:
    """Where a pair stands after these rows, the first said first."""
    words: list[Said] = []
    undoing: Said | None = None
    for row in rows:
        held = _held(words)
        if row.kind == Kind.WORD:
            undoing = None  # whoever speaks again on what holds keeps it
            words.append(row)
        elif held is None:
            words = [word for word in words if word.by != row.by]
        elif _takes(words) == 1 or (undoing is not None and undoing.by != row.by):
            words, undoing = [], None
        else:
            undoing = row
    return Standing(_state(words, undoing), _held(words), tuple(words), undoing)


def _takes(words: Iterable[Said]) -> int:
    """How many people must say the same."""
    return 2 if any(word.needs_second for word in words) else 1


def _held(words: Sequence[Said]) -> bool | None:
    if not words:
        return None
    if _takes(words) == 1:
        return words[-1].same
    for same in (True, False):
        if len({word.by for word in words if word.same is same}) >= 2:
            return same
    return None


def _state(words: Sequence[Said], undoing: Said | None) -> State:
    if not words:
        return State.OPEN
    if _held(words) is None:
        return State.DISPUTED if len({word.same for word in words}) == 2 else State.SECOND
    return State.HELD if undoing is None else State.UNDOING
