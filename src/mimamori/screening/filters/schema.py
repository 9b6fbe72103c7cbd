"""What a filter may say: groups (`all`, `any`, `not`) around clauses, each with names of closed lists and values.

A node is told by its one key: `{"all": [{"listed": "carer"}, {"not": {"fact": "council"}}]}`; an unknown key is an
error.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeAlias, get_args

from pydantic import ConfigDict, Discriminator, Field, Tag, TypeAdapter, model_validator

from mimamori.screening.conditions.faults import Wrong
from mimamori.screening.conditions.schema import TAKES, Comparison, Number, Year
from mimamori.screening.indicators import Difficulty
from mimamori.sources.item import Declared, Name

MOST_CLAUSES = 40  # of one filter
MOST_DEEP = 8  # groups, `not` and clauses within one another

# What the night's records say of a child, beside the indicators.
Fact = Literal["council", "guidance", "known", "protected", "in_register", "city_pupil"]
FACTS: tuple[Fact, ...] = get_args(Fact)
# What people have done about a child, out of the store of people's work.
WorkFact = Literal[
    "open", "assigned", "waiting", "looking", "assessed", "conference", "support_needed", "watching", "referred",
    "in_support", "closed",
]  # fmt: skip
WORK_FACTS: tuple[WorkFact, ...] = get_args(WorkFact)
# Days: the child's birth; the first night that listed it; the day of its last assessment.
DayName = Literal["born", "first_listed", "assessed"]
DAYS: tuple[DayName, ...] = get_args(DayName)
Ward = Annotated[str, Field(pattern=r"^\d{5}$")]


class IndicatorTest(Declared):
    """An indicator beside a threshold; bounds are within. Which fields go with a comparison: `TAKES`."""

    indicator: Name
    comparison: Comparison
    low: Number | None = None
    high: Number | None = None
    values: tuple[Number, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        given = {name for name in ("low", "high") if getattr(self, name) is not None}
        given |= {"values"} if self.values else set()
        if given != set(TAKES[self.comparison]):
            takes = TAKES[self.comparison]
            raise Wrong(
                f"{self.indicator}: {self.comparison} には {' と '.join(takes)} だけを書いてください",
                f"{self.indicator}: {self.comparison} takes {' and '.join(takes)}, nothing else",
            )
        if self.comparison == "=" and len(self.values) != 1:
            raise Wrong(
                f"{self.indicator}: = の values は1つだけにしてください", f"{self.indicator}: = takes one value"
            )
        _in_order(self.indicator, self.low, self.high)
        return self


class Listed(Declared):
    """The run lists the child for a difficulty; with `tier`, in this tier or a higher one (1 is the highest); with
    `must`, by a must-look condition."""

    listed: Difficulty
    tier: Annotated[int, Field(ge=1, le=9)] | None = None
    must: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.must and self.tier is not None:
            raise Wrong("tier と must は、どちらか1つにしてください", "give tier or must, not both")
        return self


class FactTest(Declared):
    """What the records say."""

    fact: Fact


class WorkTest(Declared):
    """What people have done."""

    work: WorkFact


class Ages(Declared):
    """Completed years, both ends within."""

    ages: tuple[Year, Year]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _in_order("ages", *self.ages)
        return self


class Wards(Declared):
    """Where the child lives, by ward code."""

    wards: tuple[Ward, ...] = Field(min_length=1, max_length=50)


class Between(Declared):
    """A day within bounds, both included; one of them may be left out."""

    day: DayName
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.since is None and self.until is None:
            raise Wrong(f"{self.day}: since か until を書いてください", f"{self.day}: give since or until")
        _in_order(self.day, self.since, self.until)
        return self


class AllOf(Declared):
    """Every one of them is met."""

    all: tuple[Node, ...] = Field(min_length=1)


class AnyOf(Declared):
    """At least one of them is met."""

    any: tuple[Node, ...] = Field(min_length=1)


class Not(Declared):
    """It is not met."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)

    inner: Node = Field(alias="not")


Clause: TypeAlias = IndicatorTest | Listed | FactTest | WorkTest | Ages | Wards | Between
KINDS = ("all", "any", "not", "indicator", "listed", "fact", "work", "ages", "wards", "day")
_MODELS = (AllOf, AnyOf, Not, IndicatorTest, Listed, FactTest, WorkTest, Ages, Wards, Between)


def _kind(told: Any) -> str | None:
    """By which key a node is told apart; None for none of them, or several."""
    if isinstance(told, _MODELS):
        return KINDS[_MODELS.index(type(told))]
    found = [kind for kind in KINDS if isinstance(told, dict) and kind in told]
    return found[0] if len(found) == 1 else None


Node: TypeAlias = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[IndicatorTest, Tag("indicator")]
    | Annotated[Listed, Tag("listed")]
    | Annotated[FactTest, Tag("fact")]
    | Annotated[WorkTest, Tag("work")]
    | Annotated[Ages, Tag("ages")]
    | Annotated[Wards, Tag("wards")]
    | Annotated[Between, Tag("day")],
    Discriminator(_kind),
]
for _model in (AllOf, AnyOf, Not):
    _model.model_rebuild()
NODE: TypeAdapter[Node] = TypeAdapter(Node)


def members(node: Node) -> tuple[Node, ...]:
    """What stands in a group; nothing in a clause."""
    if isinstance(node, AllOf):
        return node.all
    if isinstance(node, AnyOf):
        return node.any
    return (node.inner,) if isinstance(node, Not) else ()


def nodes(node: Node) -> Iterator[Node]:
    """The node and all within, each before what it holds: the order that numbers them."""
    yield node
    for member in members(node):
        yield from nodes(member)


def clauses(node: Node) -> list[Clause]:
    """The clauses alone, in the order of `nodes`."""
    return [one for one in nodes(node) if not isinstance(one, AllOf | AnyOf | Not)]


def depth(node: Node) -> int:
    return 1 + max((depth(member) for member in members(node)), default=0)


def dumped(node: Node) -> dict[str, Any]:
    """The node as plain JSON, as `load.read` takes it."""
    found = NODE.dump_python(node, mode="json", by_alias=True, exclude_defaults=True)
    assert isinstance(found, dict)
    return found


def _in_order(name: str, low: Any, high: Any) -> None:
    if low is not None and high is not None and low > high:
        raise Wrong(f"{name}: 下の値が上の値より大きくなっています", f"{name}: the lower bound is above the higher")
