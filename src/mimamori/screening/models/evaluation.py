"""What was measured of one difficulty's candidates, as plain data: JSON both ways by `model_dump_json` and back."""

from __future__ import annotations

from datetime import date
from typing import Literal

from mimamori.screening.indicators import Difficulty
from mimamori.screening.models.answered import Answered
from mimamori.screening.models.candidates import POINTS, Name
from mimamori.screening.models.choice import Choice, Comparison
from mimamori.screening.models.curves import Place
from mimamori.screening.models.drift import Drift
from mimamori.screening.models.fairness import Fairness
from mimamori.screening.models.measures import Measures
from mimamori.screening.models.worth import Worth
from mimamori.sources.item import Declared


class Proof(Declared):
    """One split. `measures`: at the wards' length; `bands`: the same lists, by age band. `comparisons`: at the length
    of the conditions' list. `curves`: events found by the list's length. `later`: calibrated on a later day than
    fitted. `oracle`, `oracle_found`: by a synthetic city's hidden risk, at the wards' length and at that of the
    conditions; None where there is none."""

    day: date
    fit_days: tuple[date, ...]
    calibrate_day: date
    later: bool
    children: int
    events: int
    measures: dict[Name, Measures]
    bands: dict[str, dict[Name, Measures]]
    comparisons: tuple[Comparison, ...]
    curves: dict[Name, tuple[Place, ...]]
    oracle: Measures | None
    oracle_found: float | None

    def of(self, candidate: Name) -> Comparison:
        return next(each for each in self.comparisons if each.candidate == candidate)


class Evaluation(Declared):
    """`by_capacity`: the wards' own numbers cut the lists. `fairness`: of the conditions' lists and of the chosen
    candidate's, over all splits. `drift`: from `drift_days[0]` to `drift_days[1]`. `answered`: what people found of the
    children whom the model in use before had added; None: there was none."""

    form: Literal["mimamori-evaluation-1"] = "mimamori-evaluation-1"
    difficulty: Difficulty
    window_months: int
    seed: int
    days: tuple[date, ...]
    rows: int
    features: int
    by_capacity: bool
    splits: tuple[Proof, ...]
    choice: Choice
    worths: tuple[Worth, ...]
    fairness: dict[Name, Fairness]
    drift: Drift
    drift_days: tuple[date, date]
    answered: Answered | None = None

    @property
    def chosen(self) -> Name:
        """What stands on the card: the candidate if it is offered, else the conditions."""
        return self.choice.candidate if self.choice.offered else POINTS
