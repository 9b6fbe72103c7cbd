"""第二の意見: on the night's day each model that is on orders the children its conditions did not list, under that
night's own tokens, and the first of every ward come home with their reasons.

A model that cannot be run (its bytes are not those that were proved, a column is gone) adds nobody and says so; the
conditions' findings stand without it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from mimamori import engine, governance, modelling
from mimamori.config import Config
from mimamori.engine import rows_of
from mimamori.governance.models import ModelVersion
from mimamori.karte.snapshot import Snapshot
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet
from mimamori.screening.models import zone
from mimamori.screening.models.columns import Floats, Ints, column, encoded
from mimamori.screening.models.drift import Drift, drift
from mimamori.screening.models.listing import lengths_of, second_opinion
from mimamori.screening.models.model import Model
from mimamori.screening.models.shapes import Panel
from mimamori.support import Addition, added_before

REASONS = 5  # of a child: the columns that put it higher, the strongest first


@dataclass
class Opinions:
    """`additions`: by difficulty and ward, the highest first; those that the model added before are among them, too.
    `places`: by model and ward, how many it may add in a month. `told`: by difficulty, what the run keeps of the model:
    its number, how many it scored, what it never saw, how far columns moved since the night before, seconds; or
    `fault`, why it was not run."""

    additions: list[Addition] = field(default_factory=list)
    places: dict[tuple[int, str], int] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)


def project_of(difficulty: str) -> str:
    """The zone's project in which the nights of a difficulty are scored; its tokens are new every night."""
    return f"night-{difficulty}"


def opinions(config: Config, snapshot: Snapshot, rooms: Mapping[str, int]) -> Opinions:
    """Of all models that are on, for the snapshot in service. `rooms`: by ward code, how many children it works in a
    month."""
    found = Opinions()
    sets: dict[str, ConditionSet] = {one.difficulty: one for one in governance.sets_of(governance.in_force())}
    for version in governance.models_on():
        start = time.perf_counter()
        try:
            before, now = _panels(config, snapshot, version.difficulty, sets)
            told = _opinion(config, snapshot, version, (before, now), rooms=rooms, found=found)
        except Refused as refused:
            told = {"fault": {"ja": refused.ja, "en": refused.en}}
        told |= {"number": version.number, "seconds": round(time.perf_counter() - start, 2)}
        found.told[version.difficulty] = told
    return found


def _opinion(
    config: Config,
    snapshot: Snapshot,
    version: ModelVersion,
    panels: tuple[Panel | None, Panel],
    *,
    rooms: Mapping[str, int],
    found: Opinions,
) -> dict[str, Any]:
    """Add what this one says to what was found; returns what the run keeps of it."""
    model = governance.model_of(version)
    before, panel = panels
    scores = model.score(panel.table)
    ward, wards = encoded(panel.table["ward"])
    places = np.floor(lengths_of(rooms, wards, ward) * (version.adds or 0) / 100)
    before_this = added_before(version.pk)  # they may be the highest still
    chosen = _highest(panel.table, scores.margins, ward, places + [before_this.get(code, 0) for code in wards])
    project = project_of(version.difficulty)
    home = modelling.bring_home(config, project, panel.table["token"].take(pa.array(chosen)).to_pylist())
    additions = _additions(snapshot, version, model, panel.table.take(pa.array(chosen)), home)
    moved = _moved(before, panel, model)
    found.additions += additions
    found.places |= {(version.pk, code): int(places[at]) for at, code in enumerate(wards)}
    return {
        "scored": panel.table.num_rows,
        "unseen": scores.unseen,
        "far": list(moved.far) if moved else None,
        "moved": {name: round(index, 4) for name, index in moved.moved.items()} if moved else None,
    }


def _panels(
    config: Config, snapshot: Snapshot, difficulty: str, sets: Mapping[str, ConditionSet]
) -> tuple[Panel | None, Panel]:
    """What the night before read, whatever its day (None: there was none); and what this night reads in its place."""
    if difficulty not in sets:
        raise Refused(
            "使われている抽出条件がない類型では、モデルを動かしません。",
            "A model is not run for a difficulty without conditions in force.",
        )
    project = project_of(difficulty)
    again = zone.is_there(config.zone, project)
    try:
        before = modelling.panel(config, project, by=None) if again else None
    except engine.Damaged:  # it is made again in a moment; this night has nothing to be held against
        before = None
    modelling.gather(config, {project: sets[difficulty]}, by=None, days=[snapshot.as_of], rotate=again)
    return before, modelling.panel(config, project, by=None)


def _moved(before: Panel | None, now: Panel, model: Model) -> Drift | None:
    """How far this night is from the one before; None for the first, and where the columns are others."""
    if before is None or not set(model.names) <= set(before.table.column_names):
        return None
    return drift(before.table, now.table, model.names, model)


def _highest(table: pa.Table, margins: Floats, ward: Ints, more: Floats) -> Ints:
    """The rows that the model would add: in each ward up to `more`, the highest first."""
    listed = np.asarray(table["listed"].to_numpy(), dtype=np.bool_)
    added = np.flatnonzero(second_opinion(listed, margins, ward=ward, more=more) & ~listed)
    return np.asarray(added[np.lexsort((-margins[added], ward[added]))], dtype=np.int64)


def _additions(
    snapshot: Snapshot, version: ModelVersion, model: Model, rows: pa.Table, home: Mapping[str, str]
) -> list[Addition]:
    """Who they are, and by which columns; without a number, for no worker is shown one."""
    reasons = model.explain(rows)
    unknown = {name: np.isnan(column(rows, name)) for name in model.names}
    tokens = rows["token"].to_pylist()
    where = _where(snapshot, home.values())
    found = []
    for place, token in enumerate(tokens):
        if token not in home or home[token] not in where:
            continue
        added = reasons.added[place]
        known = [at for at, name in enumerate(model.names) if not unknown[name][place] and added[at] > 0]
        strongest = sorted(known, key=lambda at: (-added[at], at))[:REASONS]
        found.append(
            Addition(
                case_no=home[token],
                ward=where[home[token]][0],
                known=where[home[token]][1],
                difficulty=version.difficulty,
                model=version.pk,
                reasons=tuple(model.names[at] for at in strongest),
                unknown=tuple(name for name in model.names if unknown[name][place]),
            )
        )
    return found


def _where(snapshot: Snapshot, case_nos: Iterable[str]) -> dict[str, tuple[str, str]]:
    """By case number, the ward and where the child is known already."""
    people = {row["case_no"]: row["ward"] or "" for row in snapshot.people(list(case_nos))}
    with closing(snapshot.cursor()) as con:
        known = rows_of(
            con,
            "SELECT case_no, CASE WHEN count(*) > 1 THEN 'both' ELSE min(where_known) END AS known FROM known_cases"
            " WHERE list_contains($cases, case_no) GROUP BY case_no",
            {"cases": list(people)},
        )
    by_case = {row["case_no"]: row["known"] for row in known}
    return {case_no: (ward, by_case.get(case_no, "")) for case_no, ward in people.items()}
