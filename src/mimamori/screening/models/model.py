"""A model as it is kept: numbers and words, no code. The same seed and panel make the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import pyarrow as pa
from pydantic import Field, ValidationError

from mimamori.refusal import Refused
from mimamori.screening.indicators import Difficulty
from mimamori.screening.models.additive import Additive
from mimamori.screening.models.calibration import Calibration
from mimamori.screening.models.candidates import Name
from mimamori.screening.models.columns import Floats, Seen, column, strangers
from mimamori.screening.models.trees import Trees
from mimamori.sources.item import Declared

Scorer = Annotated[Additive | Trees, Field(discriminator="kind")]


class Model(Declared):
    """`scorer` turns columns into a margin, `calibration` that into a probability. `seen`: what each column held when
    the model was made. `days`: those it was fitted on and, last, calibrated on; `fitted_rows`, `fitted_events`: the
    sample's."""

    form: Literal["mimamori-model-1"] = "mimamori-model-1"
    candidate: Name
    difficulty: Difficulty
    window_months: int
    seed: int
    days: tuple[date, ...]
    fitted_rows: int
    fitted_events: int
    seen: tuple[Seen, ...]
    scorer: Scorer
    calibration: Calibration

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it reads."""
        return self.scorer.names

    def score(self, table: pa.Table) -> Scores:
        """A margin per row, in log odds. Columns are found by name; others are not looked at. Raises `Refused` where
        one is missing, or is no number (`columns.column`)."""
        read = self._columns(table)
        unseen = {seen.name: strangers(seen, read[seen.name]) for seen in self.seen if seen.name in read}
        return Scores(self.scorer.margins(read), {name: count for name, count in unseen.items() if count})

    def explain(self, table: pa.Table) -> Reasons:
        """What each column adds to each row's margin."""
        intercept, added = self.scorer.contributions(self._columns(table))
        return Reasons(self.names, intercept, added)

    def chance(self, table: pa.Table) -> Floats:
        """Probabilities of an event within the window, for evaluation. No worker sees one."""
        return self.calibration.chance(self.scorer.margins(self._columns(table)))

    def dump(self) -> bytes:
        return self.model_dump_json().encode() + b"\n"

    @classmethod
    def load(cls, kept: bytes) -> Model:
        """Raises `Refused` where the bytes are not those of a model of this form."""
        try:
            return cls.model_validate_json(kept)
        except ValidationError as wrong:
            # pydantic's own text would repeat values; a model holds no person, but a log needs no pages of numbers.
            where = ".".join(map(str, wrong.errors()[0]["loc"])) or "form"
            raise Refused(
                f"モデルのファイルを読めません({where})。書き出したときのまま渡してください。",
                f"This is not a model as it was kept ({where}); give it as it was written.",
            ) from None

    def _columns(self, table: pa.Table) -> dict[str, Floats]:
        return {name: column(table, name) for name in self.names}


@dataclass(frozen=True)
class Scores:
    """`unseen`: by column, in how many rows it holds what the model never saw; they are scored as what lies nearest."""

    margins: Floats
    unseen: dict[str, int]


@dataclass(frozen=True)
class Reasons:
    """margin = intercept + the sum of `added` over `names`; shape (rows, names)."""

    names: tuple[str, ...]
    intercept: float
    added: Floats
