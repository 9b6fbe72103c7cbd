"""Whether a later day still looks like the one a model was made on: the population stability index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from mimamori.screening.models.columns import Floats, column
from mimamori.screening.models.model import Model
from mimamori.sources.item import Declared, Label

PARTS = 10
LEAST_SHARE = 1e-4  # of an empty part, for a logarithm
MOVED, FAR = 0.1, 0.25  # Siddiqi 2006, "Credit Risk Scorecards": below 0.1 stable, from 0.25 another population
SCORE = "score"
CALLED_SCORE = Label(ja="モデルの順位の値", en="the score of the model")


class Drift(Declared):
    """`moved`: by column (and `score`), its index from the earlier day to the later; not known is a part of its own."""

    moved: dict[str, float]

    @property
    def far(self) -> tuple[str, ...]:
        """What moved so far that the model has to be looked at, the farthest first."""
        return tuple(sorted((name for name, index in self.moved.items() if index >= FAR), key=lambda n: -self.moved[n]))

    def sentence(self, columns: Mapping[str, Label] | None = None) -> Label:
        """`columns`: what the columns are called; their own name where nothing is said."""
        called = {SCORE: CALLED_SCORE, **(columns or {})}

        def all_of(names: Sequence[str], language: str) -> str:
            each = [called[name].text(language) if name in called else name for name in names]
            return ("、" if language == "ja" else ", ").join(each)

        if self.far:
            return Label(
                ja=f"分布が大きく変わりました: {all_of(self.far, 'ja')}。モデルを使い続けてよいか確かめてください。",
                en=f"Moved far: {all_of(self.far, 'en')}. See whether the model may still be used.",
            )
        moved = [name for name, index in self.moved.items() if index >= MOVED]
        if moved:
            return Label(ja=f"分布が変わりつつあります: {all_of(moved, 'ja')}。", en=f"Moving: {all_of(moved, 'en')}.")
        return Label(ja="分布に目立った変化はありません。", en="No column moved noticeably.")


def stability(earlier: Floats, later: Floats) -> float:
    """0: the same distribution. NaN is what is not known. 0 also where one of the days has no row."""
    if not len(earlier) or not len(later):
        return 0.0
    known = earlier[~np.isnan(earlier)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, PARTS + 1)[1:-1])) if len(known) else np.empty(0)
    # A value that fills several tenths is a part of its own: cut right above each edge as well as at it.
    cuts = np.unique(np.concatenate([edges, np.nextafter(edges, np.inf)]))
    shares = []
    for values in (earlier, later):
        unknown = np.isnan(values)
        part = np.where(unknown, len(cuts) + 1, np.searchsorted(cuts, values, side="right"))
        share = np.bincount(part, minlength=len(cuts) + 2) / len(values)
        shares.append(np.maximum(share, LEAST_SHARE))
    before, after = shares
    return float(np.sum((after - before) * np.log(after / before)))


def drift(earlier: pa.Table, later: pa.Table, names: Sequence[str], model: Model | None = None) -> Drift:
    """Of the named columns, and of the model's score, from one day's table to another's."""
    moved = {name: stability(column(earlier, name), column(later, name)) for name in names}
    if model is not None:
        moved[SCORE] = stability(model.score(earlier).margins, model.score(later).margins)
    return Drift(moved=moved)
