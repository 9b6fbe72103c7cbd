"""Features, panel and training of eight quarterly days of a whole city's children, beside pandas and scikit-learn.

    python -m benchmarks.models [residents] [children] [--prove]

A synthetic city of so many residents is followed over twelve quarters. Its first eight days are made again, and the
children of each repeated until there are `children` of them (250,000 by default). From there on ours and the peer
(`models_peer`, of the extra `peers`) run in processes of their own, from the same files, one after the other: ours
reads a day, makes features, events, the conditions' points and tokens, writes it into the zone, encrypted, reads the
panel of all days and trains; the peer does the same without conditions and without a zone. The two must agree on
features and events. How long it takes to make a day again is a night's time (`benchmarks.night`) and not in here.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from benchmarks.models_city import make_days

from mimamori import engine
from mimamori.engine import Connection
from mimamori.privacy.keys import KeyRing
from mimamori.privacy.pseudonyms import Pseudonyms
from mimamori.screening import ConditionSet, first_sets, load_indicators
from mimamori.screening.later import Record
from mimamori.screening.models.cohort import cohort_of
from mimamori.screening.models.features import Column, columns_of
from mimamori.screening.models.inputs import load_inputs
from mimamori.screening.models.prove import prove
from mimamori.screening.models.training import train
from mimamori.screening.models.zone import Manifest, read_panel, told_features, writing
from mimamori.screening.outcomes import Outcome, load_outcomes

DIFFICULTY, PROJECT, TRAINED = "abuse", "bench", ("logistic", "shapes", "trees")
THREADS, MEMORY_GIB = 2, 4


def wanted() -> tuple[ConditionSet, Outcome, tuple[Column, ...]]:
    """The difficulty's conditions, events and columns."""
    [condition_set] = [one for one in first_sets() if one.difficulty == DIFFICULTY]
    outcome = load_outcomes()[condition_set.difficulty]
    return condition_set, outcome, columns_of(outcome.difficulty, load_indicators(), outcome, load_inputs())


def ours(home: Path, days: list[date], as_of: date, proved: bool) -> dict[str, Any]:
    condition_set, outcome, columns = wanted()
    keyring = KeyRing(home / "keys")
    pseudonyms = Pseudonyms(keyring, PROJECT, 1)
    manifest = Manifest(
        project=PROJECT, difficulty=outcome.difficulty, window_months=outcome.window_months, key_version=1, code="",
        record="later", record_as_of=as_of, conditions="", features=told_features(c.feature for c in columns),
        left_out={},
    )  # fmt: skip
    seconds: dict[str, float] = {}

    def features() -> None:
        links, people, spans = (
            pq.read_table(home / "later" / f"{name}.parquet") for name in ("links", "people", "spans")
        )
        record = Record("later", as_of, links, people, {outcome.difficulty: spans})
        with writing(home / "zone", keyring, manifest) as writer:
            for day in days:
                con = engine.connect(threads=THREADS, memory_gib=MEMORY_GIB)
                read(con, home / "days" / day.isoformat())
                cohort = cohort_of(
                    con, day=day, columns=columns, condition_set=condition_set, outcome=outcome, record=record,
                    pseudonyms=pseudonyms,
                )  # fmt: skip
                writer.add("bench", cohort)
                con.close()

    seconds["features"] = timed(features)
    start = time.perf_counter()
    panel = read_panel(home / "zone", keyring, PROJECT, con=engine.connect(threads=THREADS, memory_gib=MEMORY_GIB))
    seconds["panel"] = time.perf_counter() - start
    peak = {"features and panel": mib()}
    for name in TRAINED:
        seconds[f"train {name}"] = timed(lambda name=name: train(panel, 1, name))  # type: ignore[misc]
    peak["and training"] = mib()
    if proved:
        wards = sorted(set(panel.table["ward"].unique().to_pylist()) - {""})
        seconds["prove"] = timed(lambda: prove(panel, dict.fromkeys(wards, 200), 1))
        peak["and prove"] = mib()
    sums = {c.feature.name: pc.sum(panel.table[c.feature.name]).as_py() or 0.0 for c in columns}
    known = {c.feature.name: len(panel.table) - panel.table[c.feature.name].null_count for c in columns}
    event = panel.table["event"]
    return {
        "seconds": seconds, "peak": peak, "rows": len(panel.table), "columns": len(columns), "sums": sums,
        "known": known, "events": pc.sum(event).as_py(), "answered": len(event) - event.null_count,
    }  # fmt: skip


def peer(home: Path, days: list[date], as_of: date) -> dict[str, Any]:
    from benchmarks import models_peer  # noqa: PLC0415 - pandas is of the extra `peers`, and in this process alone

    _, outcome, columns = wanted()
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    frame = models_peer.panel(home, days, columns, outcome, models_peer.later(home, as_of))
    seconds["features and panel"] = time.perf_counter() - start
    peak = {"features and panel": mib()}
    seconds["train trees"] = timed(lambda: models_peer.train(frame, columns))
    peak["and training"] = mib()
    return {
        "seconds": seconds, "peak": peak, "rows": len(frame), "columns": len(columns),
        "sums": {c.feature.name: float(frame[c.feature.name].sum(dtype=np.float64)) for c in columns},
        "known": {c.feature.name: int(frame[c.feature.name].notna().sum()) for c in columns},
        "events": int(frame["event"].sum()), "answered": int(frame["event"].notna().sum()),
    }  # fmt: skip


def read(con: Connection, folder: Path) -> None:
    """A day's tables onto the connection."""
    for path in sorted(folder.glob("*.parquet")):
        con.register("read", pq.read_table(path))
        con.execute(f"CREATE TABLE {engine.identifier(path.stem)} AS SELECT * FROM read")
        con.unregister("read")


def in_a_process(who: str, home: Path, days: list[date], as_of: date, *more: str) -> dict[str, Any]:
    """Run `ours` or `peer` in a process of its own, so that each has its own peak of memory."""
    words = [sys.executable, "-m", "benchmarks.models", who, str(home), ",".join(map(str, days)), str(as_of), *more]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def compare(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Where the two disagree."""
    wrong = [name for name in ("rows", "events", "answered") if one[name] != other[name]]
    for name, total in one["sums"].items():
        near = abs(total - other["sums"][name]) <= 1e-6 * max(1.0, abs(total))
        if not near or one["known"][name] != other["known"][name]:
            wrong.append(name)
    return wrong


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def told(who: str, found: dict[str, Any]) -> None:
    for name, seconds in found["seconds"].items():
        tell(f"{who:<6}{name:<20}{seconds:>8.1f} s")
    for name, peak in found["peak"].items():
        tell(f"{who:<6}peak, {name:<20}{peak:>6,} MiB")


def main(residents: int, children: int, proved: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        start = time.perf_counter()
        days, as_of = make_days(home, residents, children, DIFFICULTY)
        tell(f"city and days        {time.perf_counter() - start:>8.1f} s   (not counted)")
        mine = in_a_process("ours", home, days, as_of, *(["--prove"] if proved else []))
        tell(f"{mine['rows']:,} rows, {mine['columns']} columns, {mine['events']:,} events of {mine['answered']:,}")
        told("ours", mine)
        theirs = in_a_process("peer", home, days, as_of)
        told("peer", theirs)
        tell(f"disagree: {', '.join(compare(mine, theirs)) or 'nowhere'}")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    if words[:1] in (["ours"], ["peer"]):
        where, asked = Path(words[1]), [date.fromisoformat(word) for word in words[2].split(",")]
        upto = date.fromisoformat(words[3])
        result = ours(where, asked, upto, "--prove" in sys.argv) if words[0] == "ours" else peer(where, asked, upto)
        tell(json.dumps(result))
    else:
        numbers = [int(word) for word in words]
        main(numbers[0] if numbers else 20_000, numbers[1] if len(numbers) > 1 else 250_000, "--prove" in sys.argv)
