"""A whole night on a synthetic city, beside its floor: reading, decoding and writing the same bytes.

    python -m benchmarks.night [residents]

Prints seconds per phase, peak memory, and the night as a multiple of the floor, measured in one run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from mimamori import intake, pipeline
from mimamori.city import build
from mimamori.config import Config
from mimamori.linkage import DECISIONS, LEDGER
from mimamori.privacy.keys import KeyRing
from mimamori.screening import first_sets
from mimamori.sources import load_registry


def floor(folder: Path, out: Path) -> float:
    """Seconds to read every file, decode it by its layout's encoding, and write the text again."""
    start = time.perf_counter()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix == ".json":
            continue
        source, table, *_ = path.name.split(".")
        encoding = load_registry().get(source).table(table).format.encoding
        data = path.read_bytes()
        if encoding != "none":
            data = data.decode(encoding, errors="replace").encode("utf-8")
        (out / path.name).write_bytes(data)
    return time.perf_counter() - start


def main(residents: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        config, registry = Config(home=home / "home"), load_registry()
        keyring = KeyRing(config.keys)
        made = build(residents=residents, seed=1, deliveries=1, noise=1.0, out=home / "city", registry=registry)
        (home / "floor").mkdir()
        least = floor(home / "city" / "extracts", home / "floor")
        start = time.perf_counter()
        intake.receive([home / "city" / "extracts"], config=config, keyring=keyring, registry=registry)
        received = time.perf_counter() - start
        result = pipeline.night(
            config=config,
            keyring=keyring,
            registry=registry,
            as_of=None,
            ledger=LEDGER.empty_table(),
            decisions=DECISIONS.empty_table(),
            condition_sets=first_sets(),
            keep_ledger=lambda rows: None,
        )
        whole = received + sum(phase.seconds for phase in result.phases)
        rows = [("city", made.seconds), ("floor", least), ("receive", received)]
        rows += [(phase.name, phase.seconds) for phase in result.phases]
        for label, seconds in rows:
            sys.stdout.write(f"{label:<12}{seconds:>8.2f} s\n")
        sys.stdout.write(f"night / floor {whole / least:.1f}   peak {result.peak_mib} MiB   residents {residents:,}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
