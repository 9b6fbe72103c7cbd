"""The ways that `benchmarks.linkage` compares, each in a process of its own.

    python -m benchmarks.linkage_ways WAY CITY

CITY is a folder that `benchmarks.linkage` made: `home` (deliveries as intake keeps them), `home-all` (all residents)
and `truth`. Prints one JSON object; what became of each pupil is written beside it.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import DateOfBirthComparison, ExactMatch, NameComparison

from mimamori import engine, intake
from mimamori.config import Config
from mimamori.linkage import DECISIONS, LEDGER, link, quality
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.link import link_refs
from mimamori.linkage.mentions import collect
from mimamori.linkage.model import load_weights, splink_settings
from mimamori.linkage.names import fold_names
from mimamori.linkage.sides import make_sides
from mimamori.privacy.keys import KeyRing
from mimamori.sources import Registry, load_registry

AS_OF = date(2026, 10, 31)
DOCUMENTED_CUT = 0.9  # match probability, as in Splink's tutorial
PEER_BLOCKS = (("name",), ("kana_key",), ("address",))
Outcome = NDArray[np.int8]  # by pupil: 1 the right resident, 0 none, −1 a wrong one
WAYS = ("floor", "documented", "tuned", "tuned-beforehand", "ours")


def all_residents(registry: Registry) -> Registry:
    """The registry in which nobody's rows are left out: the peers are given every resident."""
    layouts = tuple(
        layout.model_copy(update={"tables": tuple(t.model_copy(update={"scope": "all"}) for t in layout.tables)})
        for layout in registry
    )
    return Registry(layouts, registry.municipality)


def load(city: Path, way: str) -> tuple[engine.Connection, Registry]:
    """The two registers as typed tables in memory, and `truth`."""
    home = city / ("home-all" if way == "documented" else "home")
    registry = all_residents(load_registry()) if way == "documented" else load_registry()
    config = Config(home=home)
    con = engine.connect(threads=config.threads, memory_gib=16 if way == "documented" else config.memory_gib)
    intake.load_state(con, config=config, keyring=KeyRing(config.keys), registry=registry, as_of=AS_OF)
    con.register("truth", pq.read_table(city / "truth" / "records.parquet"))
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


def floor(con: engine.Connection) -> dict[str, Any]:
    def join() -> None:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE floor_pairs AS SELECT 'pupil_no:' || trim(p.pupil_no) AS pupil,"
            " 'addressee_no:' || ltrim(r.addressee_no, '0') AS resident FROM pupil_register__pupils p"
            " JOIN resident_register__residents r ON r.name = p.name AND r.birth_date = p.birth_date"
        )

    return {"engine": timed(join), "outcome": outcome(con, "FROM floor_pairs")}


def prepare(con: engine.Connection, registry: Registry) -> None:
    """The folded names and both sides: what every way but the floor begins with."""
    make_macros(con)
    collect(con, registry)
    fold_names(con)
    make_sides(con, AS_OF)


def documented(con: engine.Connection, registry: Registry) -> dict[str, Any]:
    before, seconds = timed(lambda: prepare(con, registry)), timed(lambda: _documented(con))
    found = outcome(con, f"SELECT pupil, resident FROM best WHERE p >= {DOCUMENTED_CUT}")
    return {"prepared": before, "engine": seconds, "outcome": found}


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


def tuned(con: engine.Connection, registry: Registry, *, beforehand: bool) -> dict[str, Any]:
    before, seconds = timed(lambda: prepare(con, registry)), timed(lambda: _tuned(con, beforehand=beforehand))
    cuts = engine.table_of(con, "SELECT DISTINCT floor(weight) AS cut FROM best ORDER BY cut")["cut"].to_pylist()
    told = [outcome(con, f"SELECT pupil, resident FROM best WHERE weight >= {cut}") for cut in cuts]
    return {"prepared": before, "engine": seconds, "outcome": max(told, key=f1)}


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


def ours(con: engine.Connection, registry: Registry, truth: Path) -> dict[str, Any]:
    """Timed to `links`; then once more whole, for what `link()` says of pairs."""
    nothing = {"ledger": LEDGER.empty_table(), "decisions": DECISIONS.empty_table(), "as_of": AS_OF}
    seconds = timed(lambda: link_refs(con, registry, **nothing))
    peak = _peak()
    engine.drop_temporary(con)
    whole = timed(lambda: link(con, registry, **nothing))
    pairs = (
        "SELECT p.ref AS pupil, r.ref AS resident FROM links p JOIN links r USING (case_no)"
        " WHERE p.ref LIKE 'pupil_no:%' AND r.ref LIKE 'addressee_no:%'"
    )
    figures = quality.measure(engine.table_of(con, "FROM links"), engine.table_of(con, "FROM pairs"), truth)
    made, wrong = passes(con, pairs)
    keys = ("auto_precision", "grey_share", "twins_merged", "siblings_merged")
    return {
        "engine": seconds,
        "whole": whole,
        "peak": peak,
        "outcome": outcome(con, pairs),
        "passes": [made, wrong],
        **{key: figures["by_source"]["pupil_no"][key] for key in keys},
    }


def passes(con: engine.Connection, pairs: str) -> tuple[int, int]:
    """(links made by exact passes, how many of them are wrong)."""
    found = outcome(con, f"{pairs} AND p.how LIKE 'pass:%'")
    return int((found != 0).sum()), int((found < 0).sum())


def f1(found: Outcome, weights: NDArray[Any] | None = None) -> float:
    """F1 of pairs, each pupil counted as often as `weights` says."""
    weight = np.ones(len(found)) if weights is None else weights
    good = float(weight[found > 0].sum())
    return 2 * good / (float(weight.sum()) + float(weight[found != 0].sum()))


def _peak() -> float:
    """GiB of memory this program has held at most (getrusage would tell that of the process it was started from)."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("VmHWM:"))) / 2**20


def main() -> None:
    way, city = sys.argv[1], Path(sys.argv[2])
    con, registry = load(city, way)
    loaded = _peak()
    if way == "floor":
        found = floor(con)
    elif way == "documented":
        found = documented(con, registry)
    elif way == "ours":
        found = ours(con, registry, city / "truth")
    else:
        found = tuned(con, registry, beforehand=way == "tuned-beforehand")
    np.save(city / f"{way}.npy", found.pop("outcome"))
    sys.stdout.write(json.dumps({"prepared": 0.0, "peak": _peak(), "loaded": loaded} | found))


if __name__ == "__main__":
    main()
