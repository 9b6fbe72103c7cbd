"""Intake beside its floor: a register of 1.6 million rows, from a CP932 file to a typed delivery, in one run.

    python -m benchmarks.intake [rows]

The floor decodes the same bytes and lets pyarrow read them once into Parquet: nothing typed, checked, counted, hashed
or encrypted, and all of it in memory. Each way runs in a process of its own, whose peak memory is told. The rows are a
synthetic register's, numbered anew until there are enough of them.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from mimamori import intake
from mimamori.city.days import number
from mimamori.city.names import load_names
from mimamori.city.population import make_city
from mimamori.city.register import Register
from mimamori.city.settings import Settings
from mimamori.city.streams import Streams
from mimamori.config import Config
from mimamori.privacy.keys import KeyRing
from mimamori.sources import load_registry
from mimamori.sources.writing import as_cp932

DAY = date(2026, 10, 31)
PATTERN = 50_000  # residents of the synthetic register


def make_file(folder: Path, rows: int) -> Path:
    """A register's extract of so many rows; every copy of the pattern has numbers and households of its own."""
    streams = Streams(1)
    city = make_city(Settings(residents=PATTERN), load_names(streams), streams)
    held = Register(city).residents(number(DAY), 0)
    table = load_registry().get("resident_register").table("residents")
    path = folder / f"resident_register.residents.{DAY:%Y%m%d}.csv"
    columns = [held.get(item.field) or [""] * len(held["hist_no"]) for item in table.items]
    place = {item.field: at for at, item in enumerate(table.items)}
    with path.open("wb") as file:
        file.write(as_cp932(",".join(item.label.ja for item in table.items) + "\r\n"))
        written = copy = 0
        while written < rows:
            numbered = [*columns]
            for field, length in (("addressee_no", 8), ("household_no", 8)):
                numbered[place[field]] = [f"{copy:02d}{one[:length]}" for one in columns[place[field]]]
            lines = list(zip(*numbered, strict=True))[: rows - written]
            file.write(as_cp932("".join(",".join(line) + "\r\n" for line in lines)))
            written, copy = written + len(lines), copy + 1
    return path


def floor(path: Path, out: Path) -> None:
    text = path.read_bytes().decode("cp932").encode()
    heading = next(csv.reader([text[: text.index(b"\n")].decode()]))
    strings = pc.ConvertOptions(column_types=dict.fromkeys(heading, pa.string()))
    pq.write_table(
        pc.read_csv(pa.BufferReader(text), convert_options=strings), out / "floor.parquet", compression="zstd"
    )


def ours(path: Path, out: Path) -> None:
    config = Config(home=out / "home")
    [receipt] = intake.receive([path], config=config, keyring=KeyRing(config.keys), registry=load_registry())
    if receipt.state != "stored":
        raise SystemExit(f"not stored: {receipt.reasons}")
    sys.stderr.write(f"stored {receipt.stored:,}, out of scope {receipt.out_of_scope:,}\n")


WAYS = {"floor": floor, "intake": ours}


def measure(way: str, path: Path) -> tuple[float, float]:
    """(seconds, peak GiB) of one way in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.intake", "--way", way, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    sys.stderr.write(done.stderr)
    told = json.loads(done.stdout)
    return told["seconds"], told["peak_gib"]


def main() -> None:
    if "--way" in sys.argv:
        way, told = sys.argv[-2:]
        with tempfile.TemporaryDirectory() as out:
            start = time.perf_counter()
            WAYS[way](Path(told), Path(out))
            seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        sys.stdout.write(json.dumps({"seconds": seconds, "peak_gib": peak}))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_600_000
    with tempfile.TemporaryDirectory() as folder:
        path = make_file(Path(folder), rows)
        sys.stdout.write(f"{rows:,} rows, {path.stat().st_size / 2**20:,.0f} MiB\n")
        found = {way: measure(way, path) for way in WAYS}
    base = found["floor"][0]
    for way, (seconds, peak) in found.items():
        sys.stdout.write(f"{way:<8}{seconds:8.1f} s{seconds / base:8.2f} × floor{peak:8.2f} GiB\n")


if __name__ == "__main__":
    main()
