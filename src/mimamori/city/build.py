"""Build a city and write what its departments send, and the truth they do not know."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from mimamori.city.days import YEAR, month_ends, number
from mimamori.city.departments import rows_of
from mimamori.city.lives import Lives, live
from mimamori.city.names import load_names
from mimamori.city.people import NOBODY, City, make_city, name_of
from mimamori.city.settings import Settings
from mimamori.city.streams import Streams
from mimamori.city.writing import Columns, write_extract
from mimamori.refusal import Refused
from mimamori.sources import Registry, Table

LEAST_RESIDENTS = 200


@dataclass(frozen=True)
class Summary:
    """What was built."""

    residents: int
    children: int
    pupils: int
    files: int
    seconds: float


def build(
    *,
    residents: int,
    seed: int,
    deliveries: int,
    noise: float,
    out: Path,
    registry: Registry,
    last_day: date = date(2026, 10, 31),
) -> Summary:
    """Write `out/extracts/<day>/…` and `out/truth/*.parquet`, whole or not; raises `Refused` for bad arguments."""
    if residents < LEAST_RESIDENTS or deliveries < 1 or noise < 0:
        raise Refused(
            f"人口は{LEAST_RESIDENTS}人以上、提供は1回以上、ノイズは0以上で指定してください。",
            f"At least {LEAST_RESIDENTS} residents, one delivery, and noise of 0 or more.",
        )
    if out.exists() and any(out.iterdir()):
        raise Refused(f"{out.name} は空ではありません。別の場所を指定してください。", f"{out.name} is not empty.")
    start = time.monotonic()
    settings = Settings(residents=residents, seed=seed, deliveries=deliveries, noise=noise, last_day=last_day)
    streams = Streams(seed)
    city = make_city(settings, load_names(streams), streams)
    lives = live(city)
    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    files = _extracts(city, lives, registry, unfinished / "extracts")
    _truth(city, lives, unfinished / "truth")
    if out.exists():
        out.rmdir()
    unfinished.rename(out)
    return Summary(
        len(city.people), len(city.children), int(lives.pupil.sum()), files, round(time.monotonic() - start, 1)
    )


def _extracts(city: City, lives: Lives, registry: Registry, folder: Path) -> int:
    tables = rows_of(city, lives)
    ends = month_ends(city.settings.last_day, city.settings.deliveries)
    files = 0
    for sequence, day in enumerate(ends, start=1):
        (folder / day.isoformat()).mkdir(parents=True)
        before = number(ends[sequence - 2]) if sequence > 1 else 0
        for layout, table in registry.tables():
            late = city.settings.last_delivered.get(layout.name, 0)
            if late and sequence > max(1, len(ends) - late):
                continue  # a month's file that is missing
            made = tables.get((layout.name, table.name))
            columns = made(number(day), before) if made else {}
            rng = city.streams.topic(f"bad rows {layout.name} {table.name} {sequence}")
            _spoil(rng, table, columns, city.settings.bad_rows * city.settings.noise)
            write_extract(folder / day.isoformat(), layout, table, day, columns=columns, sequence=sequence)
            files += 1
    return files


def _spoil(rng: np.random.Generator, table: Table, columns: Columns, share: float) -> None:
    """A few rows with a code that no table has: what quarantine is for."""
    coded = [item for item in table.items if item.type == "code" and item.field in columns and not item.width]
    keyed = {person.key for person in table.persons}
    coded = [item for item in coded if item.field not in keyed]
    if not coded or not columns:
        return
    values = columns[coded[0].field]
    for place in np.flatnonzero(rng.random(len(values)) < share):
        values[int(place)] = "?"


def _truth(city: City, lives: Lives, folder: Path) -> None:
    """Who is who, the families, the hidden risk and what happens later."""
    folder.mkdir(parents=True)
    people, homes = city.people, city.homes
    every = np.arange(len(people))
    refs = [f"addressee_no:{one.lstrip('0')}" for one in people.number]
    ids = list(every)
    pupils = np.flatnonzero(lives.pupil)
    refs += [f"pupil_no:P{one:07d}" for one in pupils.tolist()]
    known = np.unique(np.concatenate([lives.consulted, np.flatnonzero(people.foster), lives.council]))
    refs += [f"own_no:child_guidance:G{one:07d}" for one in known.tolist()]
    ids += [*pupils, *known]
    _save(folder / "records.parquet", {"ref": refs, "person_id": np.array(ids, dtype=np.int64)})
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
    pairs = [(parent, "parent") for parent in (people.mother, people.father)]
    child = np.concatenate([np.flatnonzero(parent != NOBODY) for parent, _ in pairs])
    parent = np.concatenate([parent[parent != NOBODY] for parent, _ in pairs])
    kinds = ["parent"] * len(child) + ["child"] * len(child)
    _save(
        folder / "family.parquet",
        {
            "person_id": np.concatenate([child, parent]),
            "relative_id": np.concatenate([parent, child]),
            "kind": kinds,
        },
    )
    kids = city.children
    home = people.household[kids]
    _save(
        folder / "risk.parquet",
        {
            "person_id": kids,
            "stress": homes.stress[home],
            "isolation": homes.isolation[home],
            "poor": homes.poor[home],
            "need": people.need[kids],
            "hazard": lives.hazard[kids],
        },
    )
    later = lives.later_on <= city.today + round(YEAR)
    _save(
        folder / "events.parquet",
        {
            "person_id": lives.later[later],
            "kind": ["abuse_consultation"] * int(later.sum()),
            "day": lives.later_on[later].astype("datetime64[D]"),
        },
    )


def _save(path: Path, columns: dict[str, object]) -> None:
    pq.write_table(pa.table(columns), path)
