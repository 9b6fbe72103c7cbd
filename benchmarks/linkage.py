"""Linkage beside Splink and a floor, on the registers of one synthetic city after another, in one run.

    python -m benchmarks.linkage [residents [noise,noise… [seed,seed…]]]

The task is the same for all: the city's residents' register and the pupils' register, which share no key. Every way
starts from the typed tables and folds the names itself, by our folding, so that Splink is compared as a matcher and not
for lacking Japanese. Counted in pairs of a pupil and a resident; pupils whose rows went to quarantine are nobody's.

- floor: a join on the name as written and the birth date.
- Splink as documented: all residents, default comparisons, trained by its tutorial; the documented cut, probability .9.
- Splink tuned, the peer: residents of child age, kanji and kana of each part of a name in one comparison, trained in
  the run and with parameters trained beforehand; one to one by the best link of both sides; cut where the truth is
  served best, which no city could know.
- ours: the whole of `link()`: case numbers, persons and families too. Its thresholds were set on another city.

Errors are those of `city.dirt` at the noise given, correlated within families and schools. The interval is a paired
bootstrap over pupils of the difference in F1 between ours and the better of the two tuned ways.
"""

from __future__ import annotations

import logging
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import DateOfBirthComparison, ExactMatch, NameComparison

from mimamori import engine, intake
from mimamori.city.days import number
from mimamori.city.lives import live
from mimamori.city.names import load_names
from mimamori.city.population import make_city
from mimamori.city.register import Register
from mimamori.city.school_tables import SchoolTables
from mimamori.city.settings import Settings
from mimamori.city.streams import Streams
from mimamori.city.truth import write_truth
from mimamori.city.writing import write_extract
from mimamori.config import Config
from mimamori.linkage import DECISIONS, LEDGER, link, quality
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.mentions import collect
from mimamori.linkage.model import load_weights, splink_settings
from mimamori.linkage.names import fold_names
from mimamori.linkage.sides import make_sides
from mimamori.privacy.keys import KeyRing
from mimamori.sources import Registry, load_registry

AS_OF = date(2026, 10, 31)
DOCUMENTED_CUT = 0.9  # match probability, as in Splink's tutorial
PEER_BLOCKS = (("name",), ("kana_key",), ("address",))
RESAMPLES = 400
Outcome = NDArray[np.int8]  # by pupil: 1 the right resident, 0 none, −1 a wrong one


@dataclass
class Found:
    """One way's answer: seconds from typed tables to pairs, and what became of each pupil."""

    way: str
    seconds: float
    outcome: Outcome

    @property
    def wrong(self) -> int:
        return int((self.outcome < 0).sum())

    @property
    def missed(self) -> int:
        return int((self.outcome <= 0).sum())

    def f1(self, weights: NDArray[Any] | None = None) -> float:
        weight = np.ones(len(self.outcome)) if weights is None else weights
        good = float(weight[self.outcome > 0].sum())
        return 2 * good / (float(weight.sum()) + float(weight[self.outcome != 0].sum()))


def all_residents(registry: Registry) -> Registry:
    """The registry in which nobody's rows are left out: the peers are given every resident."""
    layouts = tuple(
        layout.model_copy(update={"tables": tuple(t.model_copy(update={"scope": "all"}) for t in layout.tables)})
        for layout in registry
    )
    return Registry(layouts, registry.municipality)


def state_of(residents: int, seed: int, noise: float, folder: Path) -> tuple[engine.Connection, Registry]:
    """The two registers of a city, received and loaded; `truth` is registered beside them."""
    registry, streams = all_residents(load_registry()), Streams(seed)
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
    config = Config(home=folder / "home")
    keyring = KeyRing(config.keys)
    intake.receive([folder / "in"], config=config, keyring=keyring, registry=registry)
    con = engine.connect(threads=config.threads, memory_gib=16)  # the peers' tables of all residents are large
    intake.load_state(con, config=config, keyring=keyring, registry=registry, as_of=AS_OF)
    con.register("truth", pq.read_table(folder / "truth" / "records.parquet"))
    return con, registry


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def outcome(con: engine.Connection, pairs: str) -> Outcome:
    """What the query `pairs(pupil, resident)` says of each pupil who is in the register of residents."""
    table = engine.table_of(
        con,
        "WITH found AS (SELECT pupil, bool_or(l.person_id = r.person_id) AS good"
        f" FROM (SELECT DISTINCT * FROM ({pairs})) p"
        " JOIN truth l ON l.ref = pupil JOIN truth r ON r.ref = resident GROUP BY pupil)"
        " SELECT CASE WHEN good THEN 1 WHEN good IS NULL THEN 0 ELSE -1 END::TINYINT AS told"
        " FROM (SELECT DISTINCT 'pupil_no:' || trim(pupil_no) AS pupil FROM pupil_register__pupils)"
        " JOIN truth t ON t.ref = pupil JOIN truth k ON k.person_id = t.person_id"
        " JOIN (SELECT DISTINCT 'addressee_no:' || ltrim(addressee_no, '0') AS ref FROM resident_register__residents) g"
        " ON g.ref = k.ref LEFT JOIN found USING (pupil) ORDER BY pupil",
    )
    result: Outcome = table["told"].to_numpy()
    return result


def floor(con: engine.Connection) -> Found:
    def join() -> None:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE floor_pairs AS SELECT 'pupil_no:' || trim(p.pupil_no) AS pupil,"
            " 'addressee_no:' || ltrim(r.addressee_no, '0') AS resident FROM pupil_register__pupils p"
            " JOIN resident_register__residents r ON r.name = p.name AND r.birth_date = p.birth_date"
        )

    seconds = timed(join)
    return Found("floor: name as written, birth date", seconds, outcome(con, "FROM floor_pairs"))


def prepare(con: engine.Connection, registry: Registry) -> None:
    """The folded names and both sides: what every way but the floor begins with."""
    make_macros(con)
    collect(con, registry)
    fold_names(con)
    make_sides(con, AS_OF)


def documented(con: engine.Connection, registry: Registry) -> Found:
    seconds = timed(lambda: prepare(con, registry)) + timed(lambda: _documented(con))
    return Found("Splink as documented, all residents", seconds, outcome(con, f"FROM best WHERE p >= {DOCUMENTED_CUT}"))


def _documented(con: engine.Connection) -> None:
    for side, names, table in (("dp", "told_names", "seeking"), ("dr", "register_names", "everybody")):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {side} AS SELECT row_number() OVER () AS unique_id, s.ref, n.name, n.kana,"
            f" s.birth_first AS birth_date, s.sex, s.address FROM {table} s"
            f" LEFT JOIN (SELECT DISTINCT ON (ref) * FROM {names}) n USING (ref)"
        )
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(con)
    sides = [api.register("dp", dataset_display_name="pupils"), api.register("dr", dataset_display_name="residents")]
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[block_on("name"), block_on("kana"), block_on("birth_date")],
        comparisons=[
            NameComparison("name"),
            NameComparison("kana"),
            DateOfBirthComparison("birth_date", input_is_string=False),
            ExactMatch("sex"),
            ExactMatch("address"),
        ],
        additional_columns_to_retain=["ref"],
    )
    linker = Linker(sides, settings, log_level=None, validate_settings=False)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("name", "birth_date"), block_on("kana", "birth_date")], recall=0.9
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for block in (block_on("name"), block_on("birth_date")):
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    _best(con, linker, "ref")
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]


def tuned(con: engine.Connection, registry: Registry, *, beforehand: bool) -> Found:
    seconds = timed(lambda: prepare(con, registry)) + timed(lambda: _tuned(con, beforehand=beforehand))
    found = engine.table_of(con, "SELECT DISTINCT floor(weight) AS cut FROM best ORDER BY cut")["cut"].to_pylist()
    told = [outcome(con, f"SELECT pupil, resident FROM best WHERE weight >= {cut}") for cut in found]
    way = f"Splink tuned, child age, trained {'beforehand' if beforehand else 'in the run'}"
    return max((Found(way, seconds, one) for one in told), key=lambda one: one.f1())


def _tuned(con: engine.Connection, *, beforehand: bool) -> None:
    for side, table in (("tp", "seekers"), ("tr", "known")):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {side} AS SELECT row_number() OVER () AS unique_id, * EXCLUDE (space),"
            f" NULL::VARCHAR AS guardian, NULL::VARCHAR[] AS household_names FROM"
            f" (SELECT * {'EXCLUDE (guardian_name)' if side == 'tp' else ''} FROM {table})"
        )
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(con)
    sides = [api.register("tp", dataset_display_name="pupils"), api.register("tr", dataset_display_name="residents")]
    settings = splink_settings(load_weights())
    dialect = settings["blocking_rules_to_generate_predictions"][0]["sql_dialect"]
    settings["blocking_rules_to_generate_predictions"] = [
        {"blocking_rule": " AND ".join(f"l.{c} = r.{c}" for c in block), "sql_dialect": dialect}
        for block in PEER_BLOCKS
    ]
    if not beforehand:
        for comparison in settings["comparisons"]:
            for level in comparison["comparison_levels"]:
                level.pop("m_probability", None)
                level.pop("u_probability", None)
    linker = Linker(sides, settings, log_level=None, validate_settings=False)
    if not beforehand:
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for block in (block_on("name"), block_on("birth_first", "sex")):
            linker.training.estimate_parameters_using_expectation_maximisation(block)
    _best(con, linker, "ref")
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]


def _best(con: engine.Connection, linker: Linker, ref: str) -> None:
    """`best(pupil, resident, weight, p)`: each pupil's and each resident's strongest partner."""
    found = linker.inference.predict(warning_mode="never").physical_name
    con.execute(
        "CREATE OR REPLACE TEMP TABLE best AS WITH pairs AS (SELECT"
        f" CASE source_dataset_l WHEN 'pupils' THEN {ref}_l ELSE {ref}_r END AS pupil,"
        f" CASE source_dataset_l WHEN 'pupils' THEN {ref}_r ELSE {ref}_l END AS resident,"
        f" max(match_weight) AS weight, 1 - 1 / (1 + pow(2, max(match_weight))) AS p FROM {found} GROUP BY ALL)"
        " SELECT * FROM pairs QUALIFY row_number() OVER (PARTITION BY pupil ORDER BY weight DESC, resident) = 1"
        " AND row_number() OVER (PARTITION BY resident ORDER BY weight DESC, pupil) = 1"
    )


def ours(con: engine.Connection, registry: Registry) -> Found:
    def whole() -> None:
        link(con, registry, ledger=LEDGER.empty_table(), decisions=DECISIONS.empty_table(), as_of=AS_OF)

    seconds = timed(whole)
    pairs = (
        "SELECT p.ref AS pupil, r.ref AS resident FROM links p JOIN links r USING (case_no)"
        " WHERE p.ref LIKE 'pupil_no:%' AND r.ref LIKE 'addressee_no:%'"
    )
    return Found("ours, the whole linkage", seconds, outcome(con, pairs))


def interval(mine: Found, peer: Found) -> tuple[float, float]:
    """95 % of the difference in F1, resampling pupils in pairs."""
    rng, count = np.random.default_rng(1), len(mine.outcome)
    drawn = []
    for _ in range(RESAMPLES):
        weights = np.bincount(rng.integers(0, count, count), minlength=count)
        drawn.append(mine.f1(weights) - peer.f1(weights))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def passes(con: engine.Connection) -> tuple[int, int]:
    """(links made by exact passes, how many of them are wrong)."""
    found = outcome(
        con,
        "SELECT p.ref AS pupil, r.ref AS resident FROM links p JOIN links r USING (case_no)"
        " WHERE p.how LIKE 'pass:%' AND p.ref LIKE 'pupil_no:%' AND r.ref LIKE 'addressee_no:%'",
    )
    return int((found != 0).sum()), int((found < 0).sum())


def compare(residents: int, seed: int, noise: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        con, registry = state_of(residents, seed, noise, folder)
        least = floor(con)
        rows = [
            least,
            documented(con, registry),
            tuned(con, registry, beforehand=False),
            tuned(con, registry, beforehand=True),
            ours(con, registry),
        ]
        figures = quality.measure(
            engine.table_of(con, "FROM links"), engine.table_of(con, "FROM pairs"), folder / "truth"
        )["by_source"]["pupil_no"]
        made, wrong = passes(con)
    mine, peer = rows[-1], max(rows[2:4], key=lambda row: row.f1())
    put(f"\nresidents {residents:,}   pupils {len(mine.outcome):,}   noise {noise:g}   seed {seed}\n")
    put(f"{'':<44}{'s':>8}{'F1':>10}{'wrong':>7}{'missed':>8}\n")
    for row in rows:
        put(f"{row.way:<44}{row.seconds:>8.2f}{row.f1():>10.6f}{row.wrong:>7}{row.missed:>8}\n")
    low, high = interval(mine, peer)
    put(f"ours − tuned, F1: {mine.f1() - peer.f1():+.6f} ({low:+.6f} … {high:+.6f})\n")
    put(f"time: {mine.seconds / rows[2].seconds:.2f} of tuned trained in the run, ")
    put(
        f"{mine.seconds / rows[3].seconds:.2f} trained beforehand, {mine.seconds / rows[1].seconds:.2f} of documented\n"
    )
    put(f"exact passes: {wrong} wrong of {made:,}; accepted without a person {figures['auto_precision']}, ")
    put(f"grey zone {figures['grey_share']}, twins merged {figures['twins_merged']}, ")
    put(f"siblings merged {figures['siblings_merged']}\n")
    put(f"peak memory of the whole run so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB\n")


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
