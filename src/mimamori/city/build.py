"""Build a city and write what its departments send, and the truth they do not know."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from mimamori.city.days import number
from mimamori.city.departments import rows_of
from mimamori.city.lives import Lives, live
from mimamori.city.names import load_names
from mimamori.city.people import City
from mimamori.city.population import make_city
from mimamori.city.settings import Settings
from mimamori.city.spoiling import spoil
from mimamori.city.streams import Streams
from mimamori.city.truth import deliveries_of, write_truth
from mimamori.refusal import Refused
from mimamori.sources import Registry
from mimamori.sources.writing import write_extract

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
    apart: int = 1,
    pure_chance: bool = False,
    recorded: Mapping[str, float] | None = None,
) -> Summary:
    """Write `out/extracts/<day>/…` and `out/truth/*.parquet`, whole or not; raises `Refused` for bad arguments.

    `apart`: months between deliveries. `pure_chance`, `recorded`: see `Settings`."""
    if residents < LEAST_RESIDENTS or deliveries < 1 or noise < 0 or apart < 1:
        raise Refused(
            f"人口は{LEAST_RESIDENTS}人以上、提供は1回以上、ノイズは0以上で指定してください。",
            f"At least {LEAST_RESIDENTS} residents, one delivery, and noise of 0 or more.",
        )
    if out.exists() and any(out.iterdir()):
        raise Refused(f"{out.name} は空ではありません。別の場所を指定してください。", f"{out.name} is not empty.")
    start = time.monotonic()
    settings = Settings(
        residents=residents,
        seed=seed,
        deliveries=deliveries,
        noise=noise,
        last_day=last_day,
        apart=apart,
        pure_chance=pure_chance,
        recorded=recorded or {},
    )
    streams = Streams(seed)
    city = make_city(settings, load_names(streams), streams)
    lives = live(city)
    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    files = _extracts(city, lives, registry, unfinished / "extracts")
    write_truth(city, lives, unfinished / "truth")
    if out.exists():
        out.rmdir()
    unfinished.rename(out)
    everybody = np.arange(len(city.people))
    return Summary(
        residents=int(city.here(everybody, city.today).sum()),
        children=len(city.children),
        pupils=int(lives.school.pupil[city.children].sum()),
        files=files,
        seconds=round(time.monotonic() - start, 1),
    )


def _extracts(city: City, lives: Lives, registry: Registry, folder: Path) -> int:
    tables = rows_of(city, lives)
    ends = deliveries_of(city.settings)
    files = 0
    for sequence, day in enumerate(ends, start=1):
        (folder / day.isoformat()).mkdir(parents=True)
        before = number(ends[sequence - 2]) if sequence > 1 else 0
        for layout, table in registry.tables():
            late = -(-city.settings.last_delivered.get(layout.name, 0) // city.settings.apart)
            if late and sequence > max(1, len(ends) - late):
                continue  # a month's file that is missing
            columns = tables[layout.name, table.name](number(day), before)
            rng = city.streams.topic(f"bad rows {layout.name} {table.name} {sequence}")
            spoil(rng, table, columns, city.settings.bad_rows * city.settings.noise)
            write_extract(folder / day.isoformat(), layout, table, day, columns=columns, sequence=sequence)
            files += 1
    return files
