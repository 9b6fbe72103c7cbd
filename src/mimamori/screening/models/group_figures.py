"""Measures of groups as tables: counts that would tell of a few children are closed, and so is what tells them.

Beside a count a share tells how many hit and missed. Where one of those is from 1 to `privacy.SMALL`, the share is told
as its interval alone, rounded outwards to whole tenths, as `screening.backtest_closed` does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from mimamori.privacy.small_cells import SMALL, Cell, close_line
from mimamori.screening.models.bootstrap import Estimate
from mimamori.screening.models.candidates import Name
from mimamori.screening.models.evaluation import Evaluation
from mimamori.screening.models.fairness import DIMENSIONS, Dimension, Fairness, Group
from mimamori.screening.models.figures import CHILDREN, DAY, EVENTS, SHORT, Table, plain, same, share
from mimamori.screening.models.shapes import AGE_BANDS
from mimamori.sources.item import Label

CLOSED = Label(ja="秘匿", en="closed")
NOT_KNOWN = Label(ja="不明", en="not known")
VALUES: dict[Dimension, dict[str, Label]] = {
    "sex": {"1": Label(ja="男", en="male"), "2": Label(ja="女", en="female")},
    "nationality": {"1": Label(ja="日本人", en="Japanese"), "2": Label(ja="外国人", en="foreign resident")},
    "welfare": {"true": Label(ja="受給あり", en="on assistance"), "false": Label(ja="受給なし", en="not on it")},
}
PRECISION, RECALL = (
    Label(ja="適合率(95 %区間)", en="Precision (95 %)"),
    Label(ja="再現率(95 %区間)", en="Recall (95 %)"),
)


def by_age(evaluation: Evaluation, candidate: Name) -> Table:
    """The candidate's lists by age band, all cut at the wards' length."""
    rows = []
    for proof in evaluation.splits:
        of_bands = {band: measures[candidate] for band, measures in proof.bands.items()}
        children, events = (
            close_line([getattr(one, name) for one in of_bands.values()])[:-1] for name in ("children", "events")
        )
        for (band, one), many, happened in zip(of_bands.items(), children, events, strict=True):
            rows.append(
                (
                    same(proof.day.isoformat()),
                    years(band),
                    _cell(many),
                    _cell(happened),
                    closed_share(one.precision, one.listed),
                    closed_share(one.recall, one.events),
                    plain(one.auc),
                )
            )
    return Table(
        Label(ja=f"年齢区分ごと({SHORT[candidate].ja})", en=f"By age band ({SHORT[candidate].en})"),
        (
            DAY,
            Label(ja="年齢", en="Ages"),
            CHILDREN,
            EVENTS,
            PRECISION,
            RECALL,
            Label(ja="AUC(95 %区間)", en="AUC (95 %)"),
        ),
        tuple(rows),
    )


def by_group(fairness: Fairness, candidate: Name, wards: Mapping[str, Label]) -> Table:
    """Every group of every dimension, over all splits; `wards`: their names by code."""
    rows = []
    for dimension, called in DIMENSIONS.items():
        groups = [group for group in fairness.groups if group.dimension == dimension]
        groups.sort(key=lambda group: (not group.value, _order(group.value)))
        children, events = (
            close_line([getattr(group, name) for group in groups])[:-1] for name in ("children", "events")
        )
        rows += [
            (
                called,
                _value(group, wards),
                _cell(many),
                _cell(happened),
                closed_share(group.selected, group.children),
                closed_share(group.recall, group.events),
                closed_share(group.precision, group.listed),
                _closed_ratio(group.listed_for_events, group.listed),
                *(plain(each, 2) for each in (group.calibrated, group.recorded, group.known)),
            )
            for group, many, happened in zip(groups, children, events, strict=True)
        ]
    return Table(
        Label(
            ja=f"集団ごとの一覧と記録({SHORT[candidate].ja}。右の4列は、1なら等しく、区間の全体が0.8〜1.25の外なら偏りの疑い)",
            en=f"Lists and records by group ({SHORT[candidate].en}; the four on the right are 1 where groups are "
            "alike, and a doubt where the whole interval lies outside of 0.8–1.25)",
        ),
        (
            Label(ja="観点", en="By"),
            Label(ja="集団", en="Group"),
            CHILDREN,
            EVENTS,
            Label(ja="選ばれた割合", en="Selected"),
            Label(ja="再現率", en="Recall"),
            Label(ja="適合率", en="Precision"),
            Label(ja="出来事の割に選ばれた", en="Listed for events"),
            Label(ja="確率の割に起きた", en="Events for chance"),
            Label(ja="同じ年齢の割に起きた", en="Events for ages"),
            Label(ja="同じ年齢の割に分かる", en="Known for ages"),
        ),
        tuple(rows),
    )


def years(band: str) -> Label:
    """An age band; 不明 where it is empty."""
    if not band:
        return NOT_KNOWN
    return Label(ja=f"{band.replace('-', '〜')}歳", en=f"{band.replace('-', '–')} years")


def closed_share(estimate: Estimate | None, of: float) -> Label:
    """A share of so many, as `figures.share` tells it; its interval alone where it would tell of a few."""
    if estimate is None or not (_few(estimate.value * of) or _few(of - estimate.value * of)):
        return share(estimate)
    low, high = math.floor(10 * estimate.low), min(10, math.ceil(10 * estimate.high))
    return same(f"{10 * low}–{10 * max(high, low + 1)} %")


def _closed_ratio(estimate: Estimate | None, listed: float) -> Label:
    if estimate is None or not _few(listed):
        return plain(estimate, 2)
    return same(f"{estimate.low:.1f}–{estimate.high:.1f}")


def _few(count: float) -> bool:
    return 0.5 <= count < SMALL + 0.5


def _order(value: str) -> tuple[int, str]:
    """Ages by age, codes by code."""
    return (AGE_BANDS.index(value), "") if value in AGE_BANDS else (0, value)


def _value(group: Group, wards: Mapping[str, Label]) -> Label:
    if group.dimension == "age_band":
        return years(group.value)
    if not group.value:
        return NOT_KNOWN
    names = wards if group.dimension == "ward" else VALUES[group.dimension]
    return names.get(group.value, same(group.value))


def _cell(count: Cell) -> Label:
    return CLOSED if count is None else same(f"{count:,}")
