"""What no department knows: who is who, families, the hidden risk, what happened unrecorded, what comes later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mimamori.city.consultations import expected_after
from mimamori.city.days import NEVER, YEAR, month_ends, number
from mimamori.city.lives import Lives
from mimamori.city.people import CHILD, NOBODY, City, name_of
from mimamori.city.settings import Settings
from mimamori.city.streams import Array


def write_truth(city: City, lives: Lives, folder: Path) -> None:
    """Write records (ref → person), people, family, risk, events (of the year after), history (of the years before) and
    hazards (on each day of a delivery) as Parquet files into `folder`."""
    folder.mkdir(parents=True)
    people = city.people
    every = np.arange(len(people))
    refs, ids = _records(city, lives)
    _save(folder / "records.parquet", {"ref": refs, "person_id": ids})
    _save(
        folder / "people.parquet",
        {
            "person_id": every,
            "name": name_of(city, every),
            "kana": name_of(city, every, kana=True),
            "birth_date": people.birth.astype("datetime64[D]"),
            "sex": people.sex,
            "household_id": people.household,
        },
    )
    _save(folder / "family.parquet", _family(city))
    _save(folder / "risk.parquet", _risk(city, lives))
    _save(folder / "events.parquet", _events(city, lives))
    _save(folder / "history.parquet", _history(lives))
    _save(folder / "hazards.parquet", _hazards(city, lives))


def _family(city: City) -> dict[str, object]:
    """Each parent and child twice, once from either's side."""
    lines = (city.people.mother, city.people.father)
    child = np.concatenate([np.flatnonzero(parent != NOBODY) for parent in lines])
    parent = np.concatenate([parent[parent != NOBODY] for parent in lines])
    return {
        "person_id": np.concatenate([child, parent]),
        "relative_id": np.concatenate([parent, child]),
        "kind": ["parent"] * len(child) + ["child"] * len(child),
    }


def _risk(city: City, lives: Lives) -> dict[str, object]:
    people, homes, kids = city.people, city.homes, city.children
    hidden = {"stress": homes.stress, "isolation": homes.isolation, "poor": homes.poor, "violence": homes.violence}
    return {
        "person_id": kids,
        **{name: values[people.household[kids]] for name, values in hidden.items()},
        "need": people.need[kids],
        "hazard": lives.hazard[kids],
    }


def _events(city: City, lives: Lives) -> dict[str, object]:
    guidance = lives.guidance
    later = guidance.later_on <= city.today + round(YEAR)
    return {
        "person_id": guidance.later[later],
        "kind": ["abuse_consultation"] * int(later.sum()),
        "day": guidance.later_on[later].astype("datetime64[D]"),
    }


def _history(lives: Lives) -> dict[str, object]:
    """The consultations of the years before, `recorded` or not."""
    guidance = lives.guidance
    who = np.concatenate([guidance.who, guidance.missed])
    return {
        "person_id": who,
        "kind": ["abuse_consultation"] * len(who),
        "day": np.concatenate([guidance.on, guidance.missed_on]).astype("datetime64[D]"),
        "recorded": np.arange(len(who)) < len(guidance.who),
    }


def _hazards(city: City, lives: Lives) -> dict[str, object]:
    """By day of a delivery and child: how many consultations are to be expected in the year after it, by what had
    happened up to then."""
    found = []
    for end in deliveries_of(city.settings):
        day = number(end)
        expected = expected_after(city, lives.hazard, lives.guidance, day)
        who = np.flatnonzero((expected > 0) & city.here(np.arange(len(expected)), day))
        found.append((who, np.full(len(who), day), expected[who]))
    people, days, hazards = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return {"person_id": people, "day": days.astype("datetime64[D]"), "hazard": hazards}


def deliveries_of(settings: Settings) -> list[date]:
    """The days of the deliveries."""
    return month_ends(settings.last_day, settings.deliveries, settings.apart)


def _records(city: City, lives: Lives) -> tuple[list[str], Array]:
    """Every number a department may give somebody, as the reference linkage makes of it, and whose it is."""
    people = city.people
    registered = np.flatnonzero(people.enter != NEVER)
    kids = np.flatnonzero((people.role == CHILD) | np.isin(np.arange(len(people)), people.mother))
    both = np.concatenate([people.mother, people.father])
    parents = np.unique(both[both != NOBODY])
    pupils = np.flatnonzero(lives.school.pupil)
    spaces: tuple[tuple[str, Array], ...] = (
        ("pupil_no:P", pupils),
        ("own_no:child_guidance:G", kids),
        ("own_no:dv_consultation:D", kids),
        ("own_no:family_register:F", np.union1d(kids, parents)),
    )
    refs = [f"addressee_no:{one.lstrip('0')}" for one in people.number[registered].tolist()]
    ids = [registered]
    for space, who in spaces:
        refs += [f"{space}{one:07d}" for one in who.tolist()]
        ids.append(who)
    return refs, np.concatenate(ids).astype(np.int64)


def _save(path: Path, columns: dict[str, object]) -> None:
    pq.write_table(pa.table(columns), path)
