"""A kept back-test as its page shows it: counts closed, shares in words, group by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori.privacy.small_cells import Cell
from mimamori.screening.backtest_closed import Share, Shown, shown, small
from mimamori.screening.backtest_shapes import LEAST_EVENTS, LEAST_LISTED, count_of
from mimamori.screening.later import TRUTH
from mimamori.screening.outcomes import load_outcomes
from mimamori.web.frame import ward_word

TITLES: dict[str, Promise] = {
    "whole": gettext_lazy("市全体"),
    "ward": gettext_lazy("区"),
    "age": gettext_lazy("年齢"),
    "sex": gettext_lazy("性別"),
    "nationality": gettext_lazy("国籍(住民記録の区分)"),
}
SEXES: dict[str, Promise] = {"1": gettext_lazy("男"), "2": gettext_lazy("女")}
NATIONALITIES: dict[str, Promise] = {"1": gettext_lazy("日本人"), "2": gettext_lazy("外国人")}


@dataclass(frozen=True)
class Line:
    """One group; `precision` and `recall` are None where they are 判定不能."""

    word: str
    followed: Cell
    events: Cell
    taken: Cell
    precision: str | None
    recall: str | None


@dataclass(frozen=True)
class Table:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class BacktestPage:
    """`apart`: who is counted apart, each with a word. `chance`: what a draw by lot would find, None where it is closed
    or cannot be told."""

    start: date
    until: date
    window_months: int
    full: bool
    known_by_record: bool
    by_truth: bool
    by_capacity: bool
    counted: Mapping[str, str]  # the outcome's label and note, in both languages
    note: Mapping[str, str]
    tables: tuple[Table, ...]
    apart: tuple[tuple[str, Cell], ...]
    tied: Cell
    free: Cell
    chance: str | None
    least_events: int = LEAST_EVENTS
    least_listed: int = LEAST_LISTED


def backtest_page(kept: Mapping[str, Any]) -> BacktestPage | None:
    """What a proof's summary tells; None of one that holds no figures (not run, or by an earlier form)."""
    if "whole" not in kept:
        return None
    whole = count_of(kept["whole"])
    all_of, groups = shown(whole, [count_of(one) for one in kept["groups"]])
    outcome = load_outcomes()[kept["difficulty"]]
    ties = kept["ties"]
    open_chance = all_of.events is not None and all_of.followed is not None and kept["chance"] is not None
    return BacktestPage(
        start=date.fromisoformat(kept["start"]),
        until=date.fromisoformat(kept["until"]),
        window_months=kept["window_months"],
        full=kept["full"],
        known_by_record=kept["known_by_record"],
        by_truth=kept["record"] == TRUTH,
        by_capacity=kept["by_capacity"],
        counted=outcome.label.model_dump(),
        note=outcome.note.model_dump(),
        tables=tuple(_tables(all_of, groups)),
        apart=(
            (gettext("その日にすでに起きていた"), small(whole.known)),
            (gettext("期間のうちに市外へ移った"), small(whole.gone)),
            (gettext("期間のうちに年齢で対象から外れた"), small(whole.grown)),
            (gettext("あとの記録でたどれない"), small(whole.lost)),
        ),
        tied=small(ties["children"]),
        free=small(ties["free"]),
        chance=_percent(kept["chance"]) if open_chance else None,
    )


def _tables(whole: Shown, groups: tuple[Shown, ...]) -> list[Table]:
    by_dimension: dict[str, list[Shown]] = {"whole": [whole]}
    for group in groups:
        by_dimension.setdefault(group.dimension, []).append(group)
    return [Table(str(TITLES[name]), tuple(_line(one) for one in lines)) for name, lines in by_dimension.items()]


def _line(one: Shown) -> Line:
    return Line(
        _word(one.dimension, one.value), one.followed, one.events, one.taken, _share(one.precision), _share(one.recall)
    )


def _word(dimension: str, value: str) -> str:
    if dimension == "whole":
        return str(TITLES["whole"])
    if not value:
        return gettext("わからない")
    match dimension:
        case "ward":
            return ward_word(value)
        case "age":
            low, high = value.split("-")
            return gettext("%(low)s〜%(high)s歳") % {"low": low, "high": high}
        case "sex":
            return str(SEXES.get(value, value))
        case _:
            return str(NATIONALITIES.get(value, value))


def _share(one: Share) -> str | None:
    if one.kind == "undecided" or one.low is None or one.high is None:
        return None
    values = {"low": _percent(one.low), "high": _percent(one.high)}
    if one.share is None:
        return gettext("%(low)s〜%(high)s のあいだ") % values
    return gettext("%(share)s(%(low)s〜%(high)s)") % (values | {"share": _percent(one.share)})


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%" if 0 < share < 0.1 else f"{100 * share:.0f}%"
