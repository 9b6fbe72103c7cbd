"""Conditions on a whole city's children, beside a plain scan of the same columns, in one run.

    python -m benchmarks.screening [residents] [children]

Indicators are worked out on a synthetic city of so many residents. Its children, under new numbers, are then repeated
until there are `children` of them (250,000 by default), for whom all condition sets are run, and for whom one threshold
after the other is changed as in the editor. The floor counts, in one DuckDB statement, what each column of the same
conditions knows.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

from mimamori import engine, intake, karte, linkage, screening
from mimamori.city import build
from mimamori.config import Config
from mimamori.engine import Connection, identifier, table_of
from mimamori.karte.reasons import as_enum
from mimamori.linkage import DECISIONS, LEDGER
from mimamori.privacy.keys import KeyRing
from mimamori.screening import ConditionSet, first_sets
from mimamori.screening.indicators import compute, load_indicators
from mimamori.screening.what_if import Counted, compare, measure
from mimamori.sources import load_registry

ROUNDS = 20  # changes of a threshold per difficulty


def indicators_of(con: Connection, residents: int) -> tuple[float, int]:
    """`indicators` of a synthetic city on `con`; seconds of working them out, and of how many children."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        config, registry = Config(home=home / "home"), load_registry()
        keyring = KeyRing(config.keys)
        build(residents=residents, seed=1, deliveries=1, noise=1.0, out=home / "city", registry=registry)
        intake.receive([home / "city" / "extracts"], config=config, keyring=keyring, registry=registry)
        day = max(delivery.as_of for delivery in intake.deliveries(config))
        intake.load_state(con, config=config, keyring=keyring, registry=registry, as_of=day)
    linkage.link(con, registry, ledger=LEDGER.empty_table(), decisions=DECISIONS.empty_table(), as_of=day)
    engine.drop_temporary(con)
    karte.build(con, registry, day, keep_state=False)
    seconds = timed(lambda: compute(con, registry, day))
    return seconds, count(con, "indicators")


def repeat(con: Connection, children: int) -> None:
    """So many children: those of the city again and again, each time under new numbers; kept as an open snapshot is."""
    times = -(-children // count(con, "indicators"))
    kept = as_enum(con, table_of(con, "SELECT * FROM indicators"))
    con.execute(
        "CREATE OR REPLACE TABLE indicators AS SELECT i.* REPLACE (i.case_no || '-' || r.n AS case_no)"
        f" FROM (SELECT {kept} FROM indicators) i, range($times) r(n) LIMIT $children",
        {"times": times, "children": children},
    )


def floor(con: Connection, sets: tuple[ConditionSet, ...]) -> float:
    """Seconds of counting what is known in every column that the sets read, a statement a set."""

    def scan() -> None:
        for one in sets:
            columns = ", ".join(f"count({identifier(c.indicator)})" for c in one.conditions)
            con.execute(f"SELECT {columns} FROM indicators").fetchall()

    return min(timed(scan) for _ in range(5))


def typed(con: Connection, one: ConditionSet) -> list[float]:
    """Seconds from one changed number to all numbers of the editor, for each of `ROUNDS` changes."""
    counted: Counted = {}
    in_force = measure(con, one, counted=counted)
    return [
        timed(lambda tried=tried: compare(con, measure(con, tried, counted=counted), in_force))  # type: ignore[misc]
        for tried in changed(one)
    ]


def changed(one: ConditionSet) -> list[ConditionSet]:
    """The set with another floor, and with another threshold of one condition after the other, by turns."""
    places = [place for place, condition in enumerate(one.conditions) if condition.comparison == ">="]
    step = (one.tiers[-2] - one.tiers[-1] if len(one.tiers) > 1 else 5.0) / ROUNDS
    found = []
    for number in range(ROUNDS):
        if number % 2 == 0 or not places:
            found.append(one.model_copy(update={"tiers": (*one.tiers[:-1], one.tiers[-1] + step * number / 2)}))
            continue
        rows, place = list(one.conditions), places[number // 2 % len(places)]
        rows[place] = rows[place].model_copy(update={"low": (rows[place].low or 0) + number / 100})
        found.append(one.model_copy(update={"conditions": tuple(rows)}))
    return found


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def count(con: Connection, table: str) -> int:
    return int(con.table(table).count("*").fetchall()[0][0])


def main(residents: int, children: int) -> None:
    con = engine.connect(threads=2, memory_gib=6)
    seconds, found = indicators_of(con, residents)
    tell(f"indicators   {len(load_indicators())} of {found:,} children: {seconds:.2f} s")
    repeat(con, children)
    sets = first_sets()
    day = con.execute("SELECT max(as_of) FROM source_status").fetchall()[0][0]
    least = floor(con, sets)
    whole = min(timed(lambda: screening.run(con, sets, day)) for _ in range(3))
    tell(f"all sets     {children:,} children, {sum(len(one.conditions) for one in sets)} conditions: {whole:.2f} s")
    tell(f"floor        {least:.3f} s   all sets / floor {whole / least:.0f}")
    every: list[float] = []
    for one in sets:
        times = typed(con, one)
        every += times
        tell(
            f"what if      {one.difficulty:<10}{len(one.conditions):>3} conditions"
            f"{1000 * quantiles(times, n=20)[9]:>6.0f} ms p50{1000 * quantiles(times, n=20)[18]:>6.0f} ms p95"
            f"   / floor {quantiles(times, n=20)[18] / floor(con, (one,)):.0f}"
        )
    tell(f"what if      all difficulties: {1000 * quantiles(every, n=20)[18]:.0f} ms p95")


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    main(asked[0] if asked else 50_000, asked[1] if len(asked) > 1 else 250_000)
