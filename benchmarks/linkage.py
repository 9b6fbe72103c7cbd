"""Linkage beside Splink and a floor, on the registers of one synthetic city after another, in one run.

    python -m benchmarks.linkage [residents [noise,noise… [seed,seed…]]]

The task is the same for all: the city's residents' register and the pupils' register, which share no key. Every way
starts from the typed tables in a process of its own. The peers are given our preparation (names and addresses folded,
both sides made), so that Splink is compared as a matcher and not for lacking Japanese, and its time is counted for all.
Counted in pairs of a pupil and a resident; pupils whose rows went to quarantine are nobody's.

- floor: a join on the name as written and the birth date.
- Splink as documented: all residents, default comparisons, trained by its tutorial; the documented cut, probability .9.
- Splink tuned, the peer: residents of child age, kanji and kana of each part of a name in one comparison, trained in
  the run and with parameters trained beforehand; one to one by the best link of both sides; cut where the truth is
  served best, which no city could know.
- ours: from the typed tables to `links`; persons and families, which `link()` makes as well, are timed apart. Its
  thresholds were set on another city.

All but the documented way start from what intake keeps: residents who live, or lived, with a child.
Errors are those of `city.dirt` at the noise given, correlated within families and schools. The interval is a paired
bootstrap over pupils of the difference in F1 between ours and the better of the two tuned ways.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.linkage_ways import AS_OF, WAYS, Outcome, all_residents, f1

from mimamori import intake
from mimamori.city.days import number
from mimamori.city.lives import live
from mimamori.city.names import load_names
from mimamori.city.population import make_city
from mimamori.city.register import Register
from mimamori.city.school_tables import SchoolTables
from mimamori.city.settings import Settings
from mimamori.city.streams import Streams
from mimamori.city.truth import write_truth
from mimamori.config import Config
from mimamori.privacy.keys import KeyRing
from mimamori.sources import Registry, load_registry
from mimamori.sources.writing import write_extract

RESAMPLES = 400
NAMES = {
    "floor": "floor: name as written, birth date",
    "documented": "Splink as documented, all residents",
    "tuned": "Splink tuned, child age, trained in the run",
    "tuned-beforehand": "Splink tuned, child age, trained beforehand",
    "ours": "ours, to the links",
}


@dataclass
class Found:
    """One way's answer: seconds of preparation and of the rest (engine), memory, and each pupil's outcome."""

    way: str
    told: dict[str, Any]
    outcome: Outcome

    @property
    def seconds(self) -> float:
        return float(self.told["prepared"] + self.told["engine"])

    def line(self) -> str:
        wrong, missed = int((self.outcome < 0).sum()), int((self.outcome <= 0).sum())
        return (
            f"{NAMES[self.way]:<46}{self.told['prepared']:>8.2f}{self.told['engine']:>8.2f}{self.seconds:>8.2f}"
            f"{self.told['peak']:>8.2f}{f1(self.outcome):>10.6f}{wrong:>7}{missed:>8}\n"
        )


def make(residents: int, seed: int, noise: float, folder: Path) -> None:
    """A city's two registers, received as intake keeps them (`home`) and with all residents (`home-all`), `truth`."""
    registry, streams = load_registry(), Streams(seed)
    city = make_city(Settings(residents=residents, seed=seed, noise=noise), load_names(streams), streams)
    lives = live(city)
    rows = {
        ("resident_register", "residents"): Register(city).residents,
        ("pupil_register", "pupils"): SchoolTables(city, lives).pupils,
    }
    (folder / "in").mkdir()
    for (source, name), made in rows.items():
        layout = registry.get(source)
        columns = made(number(AS_OF), 0)
        write_extract(folder / "in", layout, layout.table(name), AS_OF, columns=columns, sequence=1)
    write_truth(city, lives, folder / "truth")
    for home, kept in (("home", registry), ("home-all", all_residents(registry))):
        _receive(folder / "in", Config(home=folder / home), kept)


def _receive(files: Path, config: Config, registry: Registry) -> None:
    intake.receive([files], config=config, keyring=KeyRing(config.keys), registry=registry)


def run(way: str, folder: Path) -> Found:
    """One way in a process of its own; raises `CalledProcessError` where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.linkage_ways", way, str(folder)], check=True, stdout=subprocess.PIPE
    )
    return Found(way, json.loads(done.stdout), np.load(folder / f"{way}.npy"))


def interval(mine: Outcome, peer: Outcome) -> tuple[float, float]:
    """95 % of the difference in F1, resampling pupils in pairs."""
    rng, count = np.random.default_rng(1), len(mine)
    drawn = []
    for _ in range(RESAMPLES):
        weights = np.bincount(rng.integers(0, count, count), minlength=count)
        drawn.append(f1(mine, weights) - f1(peer, weights))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def compare(residents: int, seed: int, noise: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(residents, seed, noise, folder)
        rows = {way: run(way, folder) for way in WAYS}
    mine, told = rows["ours"], rows["ours"].told
    put(f"\nresidents {residents:,}   pupils {len(mine.outcome):,}   noise {noise:g}   seed {seed}\n")
    put(f"{'':<46}{'prep s':>8}{'rest s':>8}{'all s':>8}{'GiB':>8}{'F1':>10}{'wrong':>7}{'missed':>8}\n")
    for row in rows.values():
        put(row.line())
    peer = max(rows["tuned"], rows["tuned-beforehand"], key=lambda row: f1(row.outcome))
    low, high = interval(mine.outcome, peer.outcome)
    put(f"ours − tuned, F1: {f1(mine.outcome) - f1(peer.outcome):+.6f} ({low:+.6f} … {high:+.6f})\n")
    put("time of ours: " + ", ".join(f"{mine.seconds / rows[way].seconds:.2f} of {way}" for way in WAYS[1:-1]))
    put(f"; whole with persons and families {told['whole']:.2f} s\n")
    made, wrong = told["passes"]
    put(f"exact passes: {wrong} wrong of {made:,}; accepted without a person {told['auto_precision']}, ")
    put(f"grey zone {told['grey_share']}, twins merged {told['twins_merged']}, ")
    put(f"siblings merged {told['siblings_merged']}\n")


def put(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main() -> None:
    residents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    noises = [float(one) for one in sys.argv[2].split(",")] if len(sys.argv) > 2 else [1.0, 3.0]
    seeds = [int(one) for one in sys.argv[3].split(",")] if len(sys.argv) > 3 else [11, 12, 13]
    for noise in noises:
        for seed in seeds:
            compare(residents, seed, noise)


if __name__ == "__main__":
    main()
