"""Whether a list treats groups alike, and whether their records speak alike.

No measure proves a list fair. Each is told with its 95 % interval. A sentence is written where the interval lies
outside of `ALIKE` as a whole even when it is stretched so that all comparisons of an audit hold together (Bonferroni).
An event is what an office wrote down, so that a group of whom more is written down has more events: then precision and
calibration look well, and only the comparison of the records themselves shows it (Denmark, FAccT 2024; AFST). That is
why `recorded` and `known` compare groups without any model.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from mimamori.screening.models.bootstrap import Draws, Estimate, estimate, ratio
from mimamori.screening.models.columns import Flags, Floats, Ints
from mimamori.screening.models.measures import LEAST_EVENTS, LEAST_LISTED
from mimamori.sources.item import Declared, Label

Dimension = Literal["ward", "sex", "age_band", "nationality", "welfare"]

DIMENSIONS: dict[Dimension, Label] = {
    "ward": Label(ja="区", en="ward"),
    "sex": Label(ja="性別", en="sex"),
    "age_band": Label(ja="年齢区分", en="age band"),
    "nationality": Label(ja="国籍の区分", en="nationality"),
    "welfare": Label(ja="生活保護", en="welfare"),
}
ALIKE = (0.8, 1.25)  # a ratio within is no finding: four fifths, and its inverse
EXPECTED_TO_DIFFER: frozenset[Dimension] = frozenset({"age_band", "welfare"})  # events do, by their nature


class Group(Declared):
    """One group over all judged days. None: 判定不能.

    `selected`: share of its children on the list. `calibrated`: events for each one that the chances add up to.
    `listed_for_events`: its share of the list for its share of the events; 1: listed as often as its events say.
    `recorded`: its events for each one that children of the same ages have elsewhere in the city.
    `known`: what is known of its columns, as a share of what is known of other children's of the same ages.
    """

    dimension: Dimension
    value: str
    children: int
    events: int
    listed: float
    selected: Estimate | None
    recall: Estimate | None
    precision: Estimate | None
    calibrated: Estimate | None
    listed_for_events: Estimate | None
    recorded: Estimate | None
    known: Estimate | None

    @property
    def compared(self) -> tuple[Estimate | None, ...]:
        """The ratios that are 1 where groups are alike."""
        return self.listed_for_events, self.calibrated, self.recorded, self.known


class Fairness(Declared):
    """Of one list. `biased`: whether any sentence of `told` says that groups are not treated or recorded alike; None:
    no group has enough events to tell."""

    groups: tuple[Group, ...]
    biased: bool | None
    told: tuple[Label, ...]


@dataclass(frozen=True)
class Audited:
    """By row: places on the list, chance, event, family, place in AGE_BANDS (-1: not known), how many columns are
    known, and each dimension's codes with their texts."""

    listed: Floats
    chance: Floats
    event: Flags
    family: Ints
    band: Ints
    known: Floats
    dimensions: dict[Dimension, tuple[Ints, tuple[str, ...]]]


def audit(rows: Audited, draws: Draws) -> Fairness:
    """Every group of every dimension, and what has to be said of them, the farthest off first."""
    groups = tuple(group for name in rows.dimensions for group in _groups(rows, name, draws))
    asked = sum(estimate is not None for group in groups for estimate in group.compared)
    stretch = NormalDist().inv_cdf(1 - 0.025 / max(1, asked)) / NormalDist().inv_cdf(0.975)
    said = [each for group in groups for each in _said(group, stretch)]
    told = tuple(sentence for _, sentence in sorted(said, key=lambda each: -each[0]))
    if told:
        return Fairness(groups=groups, biased=True, told=told)
    if all(group.listed_for_events is None for group in groups):
        few = Label(
            ja=f"どの集団も出来事が{LEAST_EVENTS}件に満たないので、公平かどうかを判定できません。",
            en=f"No group has {LEAST_EVENTS} events: whether the list is fair cannot be told.",
        )
        return Fairness(groups=groups, biased=None, told=(few,))
    alike = Label(
        ja="判定できる集団の間に、偶然を超える違いは見つかりませんでした。公平であることの証明ではありません。",
        en="Among groups that can be told, no difference beyond chance was found. That is no proof of fairness.",
    )
    return Fairness(groups=groups, biased=False, told=(alike,))


def _groups(rows: Audited, name: Dimension, draws: Draws) -> list[Group]:
    code, texts = rows.dimensions[name]
    count = len(texts)
    event = rows.event.astype(np.float64)
    ones = np.ones_like(event)

    def both(values: Floats) -> tuple[Floats, Floats]:
        """By group as it is, and by group and repeat."""
        once = np.bincount(code, values, count).astype(np.float64)
        return once, draws.sums(values, rows.family, code, count)

    children, events, listed, hits = both(ones), both(event), both(rows.listed), both(rows.listed * event)
    chances, known = both(rows.chance), both(rows.known)
    expected, expected_known = (_elsewhere(rows, code, count, values, draws) for values in (event, rows.known))
    total = [(each[0].sum(), each[1].sum(axis=0)) for each in (events, listed)]
    found = []
    for place, text in enumerate(texts):
        enough = events[0][place] >= LEAST_EVENTS
        several = enough and children[0][place] < len(event)  # a group of everybody is compared with nobody

        def share(
            above: tuple[Floats, Floats], below: tuple[Floats, Floats], ask: bool, place: int = place
        ) -> Estimate | None:
            if not ask or below[0][place] <= 0:
                return None
            return estimate(float(above[0][place] / below[0][place]), ratio(above[1][place], below[1][place]))

        of_list = (listed[0] / max(total[1][0], 1e-12), ratio(listed[1], total[1][1]))
        of_events = (events[0] / max(total[0][0], 1e-12), ratio(events[1], total[0][1]))
        found.append(
            Group(
                dimension=name,
                value=text,
                children=int(children[0][place]),
                events=int(events[0][place]),
                listed=float(listed[0][place]),
                selected=share(listed, children, bool(enough)),
                recall=share(hits, events, bool(enough)),
                precision=share(hits, listed, bool(enough and listed[0][place] >= LEAST_LISTED)),
                calibrated=share(events, chances, bool(enough)),
                listed_for_events=share(of_list, of_events, bool(several and total[1][0] >= LEAST_LISTED)),
                recorded=share(events, expected, bool(several)),
                known=share(known, expected_known, bool(several)),
            )
        )
    return found


def _elsewhere(rows: Audited, code: Ints, count: int, values: Floats, draws: Draws) -> tuple[Floats, Floats]:
    """What each group's children would have of `values` if they had as much as children of their ages in all other
    groups (indirect standardisation)."""
    bands = int(rows.band.max(initial=-1)) + 2
    cell = code * bands + (rows.band + 1)
    size = count * bands
    ones = np.ones_like(values)
    once = np.bincount(cell, ones, size)[:, np.newaxis], np.bincount(cell, values, size)[:, np.newaxis]
    drawn = draws.sums(ones, rows.family, cell, size), draws.sums(values, rows.family, cell, size)
    told = []
    for children, had in (once, drawn):
        many, much = children.reshape(count, bands, -1), had.reshape(count, bands, -1)
        elsewhere = np.nan_to_num(ratio(much.sum(axis=0) - much, many.sum(axis=0) - many))
        told.append((many * elsewhere).sum(axis=1))
    return told[0][:, 0], told[1]


def _said(group: Group, stretch: float) -> list[tuple[float, Label]]:
    """Sentences with how far off each is, as a logarithm."""
    where = DIMENSIONS[group.dimension]
    ja, en = f"{where.ja}「{group.value or '不明'}」", f"{where.en} {group.value or '(not known)'}"
    told: list[tuple[float, Label]] = []

    def say(measure: Estimate | None, ja: str, en: str) -> None:
        """`{}` stands for more or less."""
        off = _outside(measure, stretch)
        if off:
            words = ("多く", "more") if off > 0 else ("少なく", "less")
            told.append((abs(off), Label(ja=ja.replace("{}", words[0]), en=en.replace("{}", words[1]))))

    rooms = ("。区ごとの受け持ち人数にもよります", ", which the rooms of the wards decide too")
    also_ja, also_en = rooms if group.dimension == "ward" else ("", "")
    say(
        group.listed_for_events,
        f"{ja}は、記録された出来事の割に一覧に{{}}挙がっています{also_ja}。",
        f"{en} is listed {{}} often than its recorded events say{also_en}.",
    )
    say(
        group.calibrated,
        f"{ja}では、同じ記録のほかの児童より出来事が{{}}記録されています。記録の付け方が違うおそれがあります。",
        f"In {en} events are recorded {{}} often than of children with the same records elsewhere: they may be "
        "recorded differently.",
    )
    if group.dimension not in EXPECTED_TO_DIFFER:
        say(
            group.recorded,
            f"{ja}では、同じ年齢のほかの児童より出来事が{{}}記録されています。"
            "実際の違いか記録の偏りかは、この記録からは分かりません。",
            f"In {en} events are recorded {{}} often than of children of the same ages elsewhere: whether they happen "
            "or the records are biased cannot be told from them.",
        )
        say(
            group.known,
            f"{ja}は、同じ年齢のほかの児童より分かっている項目が{{}}、記録が偏っています。",
            f"Of {en} {{}} is known than of children of the same ages elsewhere: the records are biased.",
        )
    return told


def _outside(told: Estimate | None, stretch: float) -> float:
    """The logarithm of the ratio where its stretched interval lies outside of `ALIKE` as a whole, else 0."""
    if told is None:
        return 0.0
    middle, low, high = (float(np.log(max(each, 1e-9))) for each in (told.value, told.low, told.high))
    low, high = middle - stretch * (middle - low), middle + stretch * (high - middle)
    return middle if low > np.log(ALIKE[1]) or high < np.log(ALIKE[0]) else 0.0
