"""Small panels of made-up children, with a risk that is known: nothing of them comes from the synthetic city."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mimamori.screening.models.shapes import AGE_BANDS, KEYS, Feature, Panel
from mimamori.sources.item import Label

WARDS = ("101", "102", "103", "104")
DAYS = tuple(date(year, month, day) for year in (2024, 2025) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)))


def feature(name: str, direction: Literal["higher", "lower", "neither"], *sources: str) -> Feature:
    return Feature(name=name, label=Label(ja=f"項目{name}", en=name), direction=direction, sources=sources)


FEATURES = (
    feature("absent", "higher", "school"),
    feature("arrears", "higher", "tax", "school"),
    feature("weight", "lower", "health"),
    feature("visit", "neither", "health"),
    feature("plan", "neither", "welfare"),
    feature("noise", "neither", "tax"),
    feature("empty", "neither", "welfare"),
)


def panel(
    seed: int = 1,
    *,
    children: int = 3000,
    days: tuple[date, ...] = DAYS,
    chance: bool = False,
    recorded_more: str | None = None,
    base: float = -3.4,
) -> Panel:
    """`chance`: events have nothing to do with anything. `recorded_more`: in this ward more is recorded of the same
    children, and more of the same events."""
    random = np.random.default_rng(seed)
    household = np.sort(random.integers(0, children * 2 // 3, children))
    ward = np.array(WARDS)[random.integers(0, len(WARDS), household.max() + 1)][household]
    band = random.integers(0, len(AGE_BANDS), children)
    sex = random.integers(1, 3, children).astype(str)
    nationality = np.where(random.random(children) < 0.06, "2", "1")
    parts = []
    for day in days:
        more = ward == recorded_more
        absent = random.poisson(np.where(more, 3.0, 1.0), children).astype(float)
        arrears = (random.random(children) < np.where(more, 0.3, 0.1)).astype(float)
        weight = random.normal(3000, 400, children)
        visit = random.normal(size=children)
        plan = random.integers(1, 4, children).astype(float)
        unknown = random.random(children) < 0.25
        risk = base + 0.5 * absent + 1.2 * arrears - 0.0012 * (weight - 3000) + 0.9 * (visit > 1) + 0.6 * unknown
        if chance:
            risk = np.full(children, base)
        if recorded_more is not None:
            risk = np.where(more, base + 1.6, base)
        event = random.random(children) < 1 / (1 + np.exp(-risk))
        values = {
            "absent": absent,
            "arrears": arrears,
            "weight": np.where(unknown, np.nan, weight),
            "visit": visit,
            "plan": plan,
            "noise": random.normal(size=children),
            "empty": np.full(children, np.nan),
        }
        points = np.round(2.0 * arrears + (absent >= 3) + (random.random(children) < 0.05), 1)
        order = np.argsort([f"t{child:06d}" for child in range(children)])
        keys = {
            "token": np.array([f"t{child:06d}" for child in range(children)]),
            "household": np.array([f"h{each:06d}" for each in household]),
            "day": np.full(children, np.datetime64(day)),
            "ward": ward,
            "age_band": np.array(AGE_BANDS)[band],
            "sex": sex,
            "nationality": nationality,
            "welfare": random.random(children) < 0.05,
            "points": points,
            "must": absent >= 7,
            "listed": (points >= 2) | (absent >= 7),
        }
        table = {name: pa.array(each[order], KEYS.field(name).type) for name, each in keys.items()}
        table["event"] = pa.array(event[order], mask=(random.random(children) < 0.04)[order])
        table |= {name: pa.array(each[order], mask=np.isnan(each[order])) for name, each in values.items()}
        parts.append(pa.table(table))
    return Panel(difficulty="abuse", window_months=12, features=FEATURES, table=pa.concat_tables(parts))


def with_column(shown: Panel, name: str, values: npt.NDArray[np.float64]) -> Panel:
    """The panel with one more feature, NaN where it is not known."""
    table = shown.table.append_column(name, pa.array(values, mask=np.isnan(values)))
    return replace(shown, features=(*shown.features, feature(name, "neither", "school")), table=table)


def with_key(shown: Panel, name: str, values: pa.Array) -> Panel:
    """The panel with one of its columns exchanged."""
    place = shown.table.column_names.index(name)
    return replace(shown, table=shown.table.set_column(place, shown.table.schema.field(name), values))
