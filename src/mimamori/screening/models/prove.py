"""証明: every candidate on every split, held against the conditions in force; and what is to be said of the best."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mimamori.screening.models.baselines import MUST_FIRST
from mimamori.screening.models.bootstrap import Draws
from mimamori.screening.models.candidates import NAMES, POINTS, Name
from mimamori.screening.models.choice import Choice, Comparison, choose
from mimamori.screening.models.columns import Flags, Floats
from mimamori.screening.models.curves import Place, curve
from mimamori.screening.models.drift import Drift, drift
from mimamori.screening.models.evaluation import Evaluation, Proof
from mimamori.screening.models.fairness import Audited, Fairness, audit
from mimamori.screening.models.leaks import check_copies, check_days, check_families
from mimamori.screening.models.listing import Listing, cut, lengths_of, together
from mimamori.screening.models.measures import Judged, Measures, difference, measure
from mimamori.screening.models.played import Keys, Played, keys_of, play
from mimamori.screening.models.shapes import AGE_BANDS, Panel, Tell, silent
from mimamori.screening.models.splits import FOLDS, splits
from mimamori.screening.models.systems import worths
from mimamori.sources.item import Label


def prove(
    panel: Panel, rooms: Mapping[str, int], seed: int, tell: Tell = silent, risk: Floats | None = None
) -> Evaluation:
    """Measure every candidate on at least four splits, choose, and judge the choice.

    `rooms`: by ward code, how many children it works in a month. `risk`: by row, the hidden risk of a synthetic city.
    Children without an answer take no place on any list: an event that goes on already would fill it. Raises `Refused`
    where there are too few days or events, or a leak is found.
    """
    progress = _Progress(tell, panel)
    progress.now("漏れがないか確かめています", "looking for leaks")
    parts = splits(panel, seed)
    check_copies(panel, seed)
    for split in parts:
        check_days(panel, split)
        check_families(panel, split)
    progress.plan(len(parts))
    keys = keys_of(panel)
    draws = Draws(keys.families, seed)
    played: list[Played] = []
    proofs: list[Proof] = []
    for split in parts:
        progress.now(f"{split.day}の検証をしています", f"playing {split.day}")
        played.append(play(panel, keys, split, seed, progress.done))
        proofs.append(_proof(played[-1], keys, rooms, draws, risk))
        progress.done()
    choice = choose([each for proof in proofs for each in proof.comparisons])
    progress.now("情報源ごとの価値を測っています", "measuring what each system is worth")
    lengths = lengths_of(rooms, keys.wards, keys.ward[played[-1].rows])
    valued = worths(panel, keys, parts[-1], lengths=lengths, draws=draws, seed=seed, done=progress.done)
    progress.now("公平さと変化を確かめています", "auditing fairness and drift")
    fairness = {name: _audit(played, keys, rooms, draws, name) for name in (POINTS, choice.candidate)}
    moved = _drift(panel, played[-1], choice)
    progress.finish()
    return Evaluation(
        difficulty=panel.difficulty,
        window_months=panel.window_months,
        seed=seed,
        days=panel.days,
        rows=panel.table.num_rows,
        features=len(panel.features),
        by_capacity=bool(rooms),
        splits=tuple(proofs),
        choice=choice,
        worths=valued,
        fairness=fairness,
        drift=moved,
        drift_days=(panel.days[-2], panel.days[-1]),
    )


class _Progress:
    def __init__(self, tell: Tell, panel: Panel) -> None:
        self._tell, self._steps, self._done = tell, 1, 0
        self._systems = len({source for feature in panel.features for source in feature.sources})
        self._what = Label(ja="始めています", en="starting")

    def plan(self, parts: int) -> None:
        self._steps = parts * (FOLDS * len(NAMES) + 1) + self._systems + 1

    def now(self, ja: str, en: str) -> None:
        self._what = Label(ja=ja, en=en)
        self._tell(self._what, min(1.0, self._done / self._steps))

    def done(self) -> None:
        self._done += 1
        self._tell(self._what, min(1.0, self._done / self._steps))

    def finish(self) -> None:
        self._tell(Label(ja="終わりました", en="done"), 1.0)


def _list(played: Played, keys: Keys, name: Name, lengths: Floats) -> Listing:
    """The candidate's list of the day; the conditions' is of those alone whom they list."""
    rows = played.rows
    return cut(
        played.margins[name],
        must=keys.must[rows],
        ward=keys.ward[rows],
        lengths=lengths,
        event=keys.event[rows],
        of=keys.listed[rows] | keys.must[rows] if name == POINTS else None,
    )


def _proof(played: Played, keys: Keys, rooms: Mapping[str, int], draws: Draws, risk: Floats | None) -> Proof:
    rows = played.rows
    event, family, ward, band = keys.event[rows], keys.family[rows], keys.ward[rows], keys.band[rows]
    lengths = lengths_of(rooms, keys.wards, ward)
    measures: dict[Name, Measures] = {}
    bands: dict[str, dict[Name, Measures]] = {told: {} for told in AGE_BANDS}
    curves: dict[Name, tuple[Place, ...]] = {}
    for name in NAMES:
        judged = Judged(played.margins[name], played.chances[name], event, family)
        listing = _list(played, keys, name, lengths)
        measures[name] = measure(judged, listing, draws)
        curves[name] = curve(lengths, event, partial(_list, played, keys, name))
        for place, told in enumerate(AGE_BANDS):
            of_band = band == place
            bands[told][name] = measure(judged.only(of_band), _part(listing, of_band), draws)
    oracle = oracle_found = None
    comparisons, length = _comparisons(played, keys, lengths, draws)
    if risk is not None:
        hidden = risk[rows]
        nobody = np.zeros(len(rows), dtype=np.bool_)
        best = cut(hidden, must=nobody, ward=ward, lengths=lengths, event=event)
        oracle = measure(Judged(hidden, np.clip(hidden, 1e-6, 1 - 1e-6), event, family), best, draws)
        oracle_found = float(cut(hidden, must=nobody, ward=ward, lengths=length, event=event).lot @ event)
    return Proof(
        day=played.split.day,
        fit_days=played.split.fit_days,
        calibrate_day=played.split.calibrate_day,
        later=played.split.later,
        children=len(rows),
        events=int(event.sum()),
        measures=measures,
        bands=bands,
        comparisons=comparisons,
        curves=curves,
        oracle=oracle,
        oracle_found=oracle_found,
    )


def _comparisons(played: Played, keys: Keys, lengths: Floats, draws: Draws) -> tuple[tuple[Comparison, ...], Floats]:
    """Each candidate at the length of the conditions' list, ward by ward; and that length."""
    rows = played.rows
    event, family, ward, must = keys.event[rows], keys.family[rows], keys.ward[rows], keys.must[rows]
    listed = keys.listed[rows] | must
    conditions = _list(played, keys, POINTS, lengths).lot
    # Thirds of a place add up to whole ones.
    length = np.asarray(np.rint(np.bincount(ward, conditions, len(keys.wards))), dtype=np.float64)
    lists = {name: conditions if name == POINTS else _list(played, keys, name, length).lot for name in NAMES}
    places = max(float(length.sum()), 1.0)
    found = {name: float(each @ event) for name, each in lists.items()}
    comparisons = []
    for name in NAMES:
        both = conditions
        if name != POINTS:
            turns = together(keys.points[rows] + MUST_FIRST * must, listed, played.margins[name], ward)
            both = cut(turns, must=must, ward=ward, lengths=length, event=event).lot
        comparisons.append(
            Comparison(
                candidate=name,
                day=played.split.day,
                length=float(length.sum()),
                found=found[name],
                regret=(max(found.values()) - found[name]) / places,
                gain=difference(lists[name], conditions, event, family, draws),
                found_together=float(both @ event),
                gain_together=difference(both, conditions, event, family, draws),
            )
        )
    return tuple(comparisons), length


def _part(listing: Listing, rows: Flags) -> Listing:
    return Listing(listing.lot[rows], listing.best[rows], listing.worst[rows])


def _audit(played: list[Played], keys: Keys, rooms: Mapping[str, int], draws: Draws, name: Name) -> Fairness:
    """Over all judged days together: a child of several of them is drawn with its family."""
    rows = np.concatenate([each.rows for each in played])
    listed = [_list(each, keys, name, lengths_of(rooms, keys.wards, keys.ward[each.rows])).lot for each in played]
    return audit(
        Audited(
            listed=np.concatenate(listed),
            chance=np.concatenate([each.chances[name] for each in played]),
            event=keys.event[rows],
            family=keys.family[rows],
            band=keys.band[rows],
            known=keys.known[rows],
            dimensions={dimension: (code[rows], texts) for dimension, (code, texts) in keys.dimensions.items()},
        ),
        draws,
    )


def _drift(panel: Panel, played: Played, choice: Choice) -> Drift:
    """From the last day but one to the last, and of the score that the chosen candidate gives on them."""
    day = panel.table["day"]
    earlier, later = (panel.table.filter(pc.equal(day, pa.scalar(each))) for each in panel.days[-2:])
    names = [feature.name for feature in panel.features]
    return drift(earlier, later, names, played.models[choice.candidate])
