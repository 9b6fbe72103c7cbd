"""What a back-test found: exact counts, the shares that may be told of them, and the verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar

from mimamori.linkage.intervals import Interval, wilson
from mimamori.screening.indicators import Difficulty
from mimamori.sources.item import Label

LEAST_EVENTS = 10  # fewer later events tell nothing of a group
LEAST_LISTED = 10  # fewer listed children tell nothing of how often a list is right


@dataclass(frozen=True)
class Count:
    """One group of the screened children.

    `known`: the event went on already on the day. `gone`, `grown`, `lost`: left the city, grew out of the ages, not
    found again, without an event. `followed`: seen to the end or until the event; of these `events` had one, `listed`
    were on the day's whole list, `taken` on the list as long as the wards work, `…hits` with an event.
    `taken_unseen`: taken, and gone, grown or lost.
    """

    dimension: str  # whole, ward, age, sex, nationality
    value: str  # the group's code; empty: not known
    known: int
    gone: int
    grown: int
    lost: int
    followed: int
    events: int
    listed: int
    listed_hits: int
    taken: int
    hits: int
    taken_unseen: int

    COUNTED: ClassVar[tuple[str, ...]] = (
        "known", "gone", "grown", "lost", "followed", "events", "listed", "listed_hits", "taken", "hits",
        "taken_unseen",
    )  # fmt: skip

    @property
    def precision(self) -> Interval | None:
        """Of those taken, how many had an event, with its 95 % interval; None: 判定不能."""
        return wilson(self.hits, self.taken) if self._enough(self.taken) else None

    @property
    def recall(self) -> Interval | None:
        """Of those with an event, how many were taken; None: 判定不能."""
        return wilson(self.hits, self.events) if self.events >= LEAST_EVENTS else None

    @property
    def listed_precision(self) -> Interval | None:
        """`precision` of the whole list, as if the wards had no limit."""
        return wilson(self.listed_hits, self.listed) if self._enough(self.listed) else None

    @property
    def listed_recall(self) -> Interval | None:
        """`recall` of the whole list."""
        return wilson(self.listed_hits, self.events) if self.events >= LEAST_EVENTS else None

    def _enough(self, listed: int) -> bool:
        return self.events >= LEAST_EVENTS and listed >= LEAST_LISTED


@dataclass(frozen=True)
class Ties:
    """Children of one rank who did not fit whole: so many, for so many free places; and how many of the places would
    have gone to a child with an event at the best and at the worst choice."""

    children: int
    free: int
    best: int
    worst: int


@dataclass(frozen=True)
class Backtest:
    """One set's list of the day `start` against what was known until `until`.

    `full`: the record reaches as far as the window asks. `told`: the record tells of this difficulty at all.
    `by_capacity`: the wards' own numbers cut the list. `oracle`: hits of a list as long by a synthetic city's hidden
    risk.
    """

    difficulty: Difficulty
    snapshot: str
    record: str
    start: date
    until: date
    window_months: int
    full: bool
    told: bool
    by_capacity: bool
    whole: Count
    groups: tuple[Count, ...]
    ties: Ties
    oracle: int | None

    @property
    def chance(self) -> float | None:
        """How often a child drawn by lot would have had an event."""
        return self.whole.events / self.whole.followed if self.whole.followed else None

    @property
    def precision_bounds(self) -> tuple[Interval, Interval] | None:
        """`precision` with the places that ties left free given to those without an event, and to those with one."""
        whole, ties = self.whole, self.ties
        if whole.precision is None:
            return None
        worst = wilson(whole.hits + ties.worst, whole.taken + ties.free)
        best = wilson(whole.hits + ties.best, whole.taken + ties.free)
        assert worst is not None and best is not None, "somebody is taken"
        return worst, best

    @property
    def passed(self) -> bool | None:
        """Whether the list finds more later events than a draw by lot of the same length would: the lower end of the
        interval of `precision` lies above `chance`. None (判定不能) with too few events or too short a list."""
        precision, chance = self.whole.precision, self.chance
        return None if precision is None or chance is None else precision.low > chance

    def sentence(self) -> Label:
        """How it went in a sentence without a count, for everybody who sees the version."""
        ja, en = self._verdict()
        short = "" if self.full else f"(望ましい期間は{self.window_months}か月)"
        short_en = "" if self.full else f" (of {self.window_months} months wished for)"
        return Label(
            ja=f"{day_ja(self.start)}の情報で抽出し、{day_ja(self.until)}までの出来事とくらべました{short}。{ja}",
            en=f"The list of {self.start} against events until {self.until}{short_en}. {en}",
        )

    def _verdict(self) -> tuple[str, str]:
        if not self.told:
            return "この類型の出来事を示す記録がないので、判定できません。", "No record tells of this difficulty."
        if self.passed is None:
            if self.whole.events < LEAST_EVENTS:
                few = f"出来事が{LEAST_EVENTS}人に満たないので、判定できません。"
                return few, f"Fewer than {LEAST_EVENTS} children had an event: it cannot be told."
            short = f"一覧が{LEAST_LISTED}人に満たないので、判定できません。"
            return short, f"Fewer than {LEAST_LISTED} children were listed: it cannot be told."
        if self.passed:
            return (
                "くじで選ぶより、あとで出来事のあった児童を多く見つけました。",
                "It found more children with later events than a draw by lot would.",
            )
        return (
            "くじで選ぶより多く見つけたとは言えません。",
            "It cannot be said that it found more than a draw by lot would.",
        )

    def summary(self) -> dict[str, Any]:
        """What is kept as a version's proof, as JSON: the sentence in both languages and every figure."""
        told = self.sentence().model_dump()
        return {
            "told": told,
            "failed": [told] if self.passed is False else [],
            "passed": self.passed,
            "difficulty": self.difficulty,
            "snapshot": self.snapshot,
            "record": self.record,
            "start": self.start.isoformat(),
            "until": self.until.isoformat(),
            "window_months": self.window_months,
            "full": self.full,
            "known_by_record": self.told,
            "by_capacity": self.by_capacity,
            "least": {"events": LEAST_EVENTS, "listed": LEAST_LISTED},
            "chance": self.chance,
            "whole": figures(self.whole),
            "groups": [figures(group) for group in self.groups],
            "ties": asdict(self.ties)
            | {"precision": [asdict(bound) for bound in bounds] if (bounds := self.precision_bounds) else None},
            "oracle": self.oracle,
        }


def figures(count: Count) -> dict[str, Any]:
    """A group's counts and shares, as JSON; a share is None where it is 判定不能."""
    shares = {
        name: asdict(share) if (share := getattr(count, name)) else None
        for name in ("precision", "recall", "listed_precision", "listed_recall")
    }
    return asdict(count) | shares


def count_of(kept: dict[str, Any]) -> Count:
    """The group that `figures` was made of."""
    return Count(**{name: kept[name] for name in ("dimension", "value", *Count.COUNTED)})


def day_ja(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
