"""What must never reach a model: later knowledge, the family of a judged child, a column that tells the answer."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mimamori.refusal import Refused
from mimamori.screening.fates import months_after
from mimamori.screening.models.columns import Flags, Floats, Ints, column
from mimamori.screening.models.shapes import Panel
from mimamori.screening.models.splits import Split

TOO_GOOD = 0.98  # AUC of one column alone; the best models of this field reach 0.80 (AFST, 2018)
TOO_SURE = 0.95  # events among the children at one end of a column, where events are rare
RARE = 0.2
LEAST = 10  # events, to say either
LOOKED_AT = 300_000  # rows without an event that a column is compared on


def check_days(panel: Panel, split: Split) -> None:
    """Raises `Refused` where a row that a model is made with was not answered by the split's day, or is judged on
    another day, or the calibration lies before the fit."""
    for name, rows in _sides(split):
        for day in _days(panel, rows):
            known = months_after(day, panel.window_months) <= split.day
            if not known if name != "evaluate" else day != split.day:
                raise Refused(
                    f"{split.day}の検証に、その日には結果の分からない{day}の行が入っています。",
                    f"The split of {split.day} holds rows of {day}, which were not answered by then ({name}).",
                )
    for fold in split.folds:
        fitted, calibrated = _days(panel, fold.fit), _days(panel, fold.calibrate)
        if fitted and calibrated and max(fitted) > min(calibrated):
            raise Refused(
                f"{split.day}の検証で、較正の基準日が学習の基準日より前です。",
                f"The split of {split.day} is calibrated on an earlier day than it is fitted on.",
            )


def check_families(panel: Panel, split: Split) -> None:
    """Raises `Refused` where a child that is judged, or one of its household, is among those it was made with."""
    for name in ("household", "token"):
        for fold in split.folds:
            sides = [pc.unique(panel.table[name].take(pa.array(rows))) for rows in (fold.fit, fold.calibrate)]
            judged = pc.unique(panel.table[name].take(pa.array(fold.evaluate)))
            shared = sum(pc.sum(pc.is_in(judged, value_set=side)).as_py() or 0 for side in sides)
            between = pc.sum(pc.is_in(sides[1], value_set=sides[0])).as_py() or 0
            if shared or between:
                raise Refused(
                    f"{split.day}の検証で、同じ世帯か児童が学習・較正・評価の二つ以上にいます({shared + between}件)。",
                    f"The split of {split.day} has {shared + between} of one {name} on two of its sides.",
                )


def check_copies(panel: Panel, seed: int) -> None:
    """Raises `Refused` where a column, or that it is not known, tells the answer by itself: it is the answer, parts
    the children almost perfectly, or has an end where there are hardly any without an event."""
    event = panel.table["event"]
    events = np.flatnonzero(pc.fill_null(event, False).to_numpy())
    others = np.flatnonzero(pc.fill_null(pc.invert(event), False).to_numpy())
    if len(events) < LEAST or len(others) < LEAST:
        return
    looked_at = np.random.default_rng([seed, 2]).permutation(len(others))[:LOOKED_AT]
    rows = np.sort(np.concatenate([events, others[looked_at]]))
    happened = np.isin(rows, events)
    each = len(others) / len(looked_at)  # how many each of those looked at stands for
    copies = []
    for feature in panel.features:
        values = column(panel.table.select([feature.name]).take(pa.array(rows)), feature.name)
        if _tells(values, happened, each) or _tells(np.isnan(values).astype(np.float64), happened, each):
            copies.append(feature)
    if copies:
        ja = "、".join(f"{feature.label.ja}({feature.name})" for feature in copies)
        en = ", ".join(feature.name for feature in copies)
        raise Refused(
            f"答えを写している疑いのある項目があります: {ja}。基準日より後の情報が入っていないか確かめてください。",
            f"Columns that seem to copy the answer: {en}. See whether they hold what was known later only.",
        )


def _tells(values: Floats, event: Flags, each: float) -> bool:
    known = ~np.isnan(values)
    values, event = values[known], event[known]
    happened = int(event.sum())
    if happened < LEAST or happened == len(event):
        return False
    order = np.argsort(values, kind="stable")
    edge = np.flatnonzero(np.append(np.diff(values[order]) != 0, True))  # the last row of each value
    events = np.cumsum(event[order])[edge].astype(np.float64)
    others = np.cumsum(~event[order])[edge] * each
    area = np.sum(np.diff(events, prepend=0.0) * (others - np.diff(others, prepend=0.0) / 2)) / (
        events[-1] * others[-1]
    )
    if max(area, 1 - area) >= TOO_GOOD:
        return True
    if events[-1] / (events[-1] + others[-1]) > RARE:
        return False
    ends = ((events, others), (events[-1] - events[:-1], others[-1] - others[:-1]))
    return any(bool(np.any((there >= LEAST) & (there >= TOO_SURE * (there + quiet)))) for there, quiet in ends)


def _sides(split: Split) -> list[tuple[str, Ints]]:
    return [
        (name, rows)
        for fold in split.folds
        for name, rows in (("fit", fold.fit), ("calibrate", fold.calibrate), ("evaluate", fold.evaluate))
    ]


def _days(panel: Panel, rows: Ints) -> list[date]:
    return list(pc.unique(panel.table["day"].take(pa.array(rows))).to_pylist())
