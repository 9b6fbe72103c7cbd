"""Linkage beside Splink as its documentation sets it up, and beside a floor, on one synthetic city in one run.

    python -m benchmarks.linkage [residents [noise]]

The task is the same for all: the city's residents' register and the pupils' register, which share no key. Counted in
pairs of a pupil and a resident. The floor joins on the name as written and the birth date. Splink is given the names as
we fold them, so that it is compared as a matcher and not for lacking Japanese; folding is timed apart, once for both.
Pupils who are in no delivered row of the pupils' register (it went to quarantine) are nobody's to find: not counted.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import DateOfBirthComparison, ExactMatch, NameComparison

from mimamori import engine, intake
from mimamori.city import build
from mimamori.config import Config
from mimamori.linkage import DECISIONS, LEDGER, link, quality
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.mentions import collect
from mimamori.linkage.names import fold_names
from mimamori.privacy.keys import KeyRing
from mimamori.sources import Registry, load_registry

AS_OF = date(2026, 10, 31)
DOCUMENTED_CUT = 0.9  # match probability, as in Splink's tutorial


@dataclass(frozen=True)
class Found:
    """One way's figures. `seconds`: without reading the deliveries and without folding names."""

    way: str
    seconds: float
    predicted: int
    right: int
    actual: int

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.actual if self.actual else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def count(con: engine.Connection, way: str, pairs: str, seconds: float) -> Found:
    """Figures of the query `pairs(pupil, resident)` against `truth`."""
    (row,) = engine.rows_of(
        con,
        f"WITH found AS (SELECT DISTINCT pupil, resident FROM ({pairs}))"
        " SELECT (SELECT count(*) FROM found) AS predicted,"
        " (SELECT count(*) FROM found JOIN truth l ON l.ref = pupil JOIN truth r ON r.ref = resident"
        "  WHERE l.person_id = r.person_id) AS good,"
        " (SELECT count(*) FROM truth l JOIN truth r USING (person_id) WHERE l.ref LIKE 'pupil_no:%'"
        "  AND r.ref IN (SELECT ref FROM register_rows) AND l.ref IN"
        "  (SELECT 'pupil_no:' || trim(pupil_no) FROM pupil_register__pupils)) AS actual",
    )
    return Found(way, seconds, row["predicted"], row["good"], row["actual"])


def floor(con: engine.Connection) -> Found:
    """A hash join on the name as written and the birth date."""

    def join() -> None:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE floor_pairs AS"
            " SELECT 'pupil_no:' || trim(p.pupil_no) AS pupil, r.ref AS resident FROM pupil_register__pupils p"
            " JOIN register_rows r ON r.newest AND r.name = p.name AND r.birth_date = p.birth_date"
        )

    return count(con, "floor: raw name + birth date", "SELECT * FROM floor_pairs", timed(join))


def splink_as_documented(con: engine.Connection) -> list[Found]:
    """Default comparisons and sampling, blocking by name and by birth date; the documented cut and the best one."""
    seconds = timed(lambda: _splink(con))
    documented = count(
        con,
        "Splink, probability ≥ 0.9",
        f"SELECT * FROM best WHERE p >= {DOCUMENTED_CUT}",
        seconds,
    )
    cuts = [row["cut"] for row in engine.rows_of(con, "SELECT DISTINCT floor(weight) AS cut FROM best ORDER BY cut")]
    tried = [
        count(con, "Splink, best cut by the truth", f"SELECT * FROM best WHERE weight >= {cut}", seconds)
        for cut in cuts
    ]
    return [documented, max(tried, key=lambda found: found.f1)]


def _splink(con: engine.Connection) -> None:
    """Make `best(pupil, resident, weight, p)`: each pupil's and each resident's strongest partner."""
    columns = "n.name, n.family, n.given, n.kana"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE sp_pupils AS SELECT row_number() OVER () AS unique_id, 'pupil_no:' || "
        f" trim(p.pupil_no) AS ref, {columns}, p.birth_date, p.sex, p.address FROM pupil_register__pupils p"
        " LEFT JOIN (SELECT DISTINCT ON (ref) * FROM told_names WHERE source = 'pupil_register') n"
        " ON n.ref = 'pupil_no:' || trim(p.pupil_no)"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE sp_residents AS SELECT row_number() OVER () AS unique_id, r.ref, {columns},"
        " r.birth_date, r.sex, r.address FROM register_rows r"
        " LEFT JOIN (SELECT DISTINCT ON (ref) * FROM register_names) n USING (ref) WHERE r.newest"
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(con)
    sides = [
        api.register("sp_pupils", dataset_display_name="pupils"),
        api.register("sp_residents", dataset_display_name="residents"),
    ]
    blocks = [block_on("name"), block_on("kana"), block_on("birth_date")]
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=list(blocks),
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
    found = linker.inference.predict(warning_mode="never").physical_name
    con.execute(
        "CREATE OR REPLACE TEMP TABLE best AS WITH pairs AS (SELECT"
        " CASE source_dataset_l WHEN 'pupils' THEN ref_l ELSE ref_r END AS pupil,"
        " CASE source_dataset_l WHEN 'pupils' THEN ref_r ELSE ref_l END AS resident,"
        f" match_weight AS weight, 1 - 1 / (1 + pow(2, match_weight)) AS p FROM {found})"
        " SELECT * FROM pairs QUALIFY row_number() OVER (PARTITION BY pupil ORDER BY weight DESC, resident) = 1"
        " AND row_number() OVER (PARTITION BY resident ORDER BY weight DESC, pupil) = 1"
    )
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]


def ours(con: engine.Connection, registry: Registry, folding: float) -> Found:
    """A whole `link()`: every source, case numbers, persons and families too, less the folding that all share."""

    def whole() -> None:
        link(con, registry, ledger=LEDGER.empty_table(), decisions=DECISIONS.empty_table(), as_of=AS_OF)

    seconds = timed(whole) - folding
    pairs = (
        "SELECT p.ref AS pupil, r.ref AS resident FROM links p JOIN links r USING (case_no)"
        " WHERE p.ref LIKE 'pupil_no:%' AND r.ref IN (SELECT ref FROM register_rows)"
    )
    return count(con, "Mimamori, the whole linkage", pairs, seconds)


def fold(con: engine.Connection, registry: Registry) -> None:
    make_macros(con)
    collect(con, registry)
    fold_names(con)


def main(residents: int, noise: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        home, registry = Path(name), load_registry()
        config = Config(home=home / "home")
        keyring = KeyRing(config.keys)
        build(residents=residents, seed=1, deliveries=1, noise=noise, out=home / "city", registry=registry)
        intake.receive([home / "city" / "extracts"], config=config, keyring=keyring, registry=registry)
        con = engine.connect(threads=config.threads, memory_gib=config.memory_gib)
        intake.load_state(con, config=config, keyring=keyring, registry=registry, as_of=AS_OF)
        truth = home / "city" / "truth"
        con.register("truth", pq.read_table(truth / "records.parquet"))
        folding = timed(lambda: fold(con, registry))
        least = floor(con)
        rows = [least, *splink_as_documented(con), ours(con, registry, folding)]
        figures = quality.measure(engine.table_of(con, "FROM links"), engine.table_of(con, "FROM pairs"), truth)
    put(f"residents {residents:,}   noise {noise:g}   folding of names, once for all {folding:.2f} s\n")
    put(f"{'':<32}{'s':>8}{'/ floor':>9}{'precision':>11}{'recall':>9}{'F1':>9}{'wrong':>7}{'missed':>8}\n")
    for row in rows:
        put(
            f"{row.way:<32}{row.seconds:>8.3f}{row.seconds / least.seconds:>9.1f}{row.precision:>11.5f}"
            f"{row.recall:>9.5f}{row.f1:>9.5f}{row.predicted - row.right:>7}{row.actual - row.right:>8}\n"
        )
    peer, mine = rows[2], rows[3]
    put(f"ours / Splink as documented: time {mine.seconds / peer.seconds:.2f}, ")
    put(f"errors {_errors(mine) / max(_errors(peer), 1):.3f}\n")
    put(f"every source: {figures['linkage']}\n")


def _errors(found: Found) -> int:
    return found.predicted + found.actual - 2 * found.right


def put(text: str) -> None:
    sys.stdout.write(text)


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 20_000,
        float(sys.argv[2]) if len(sys.argv) > 2 else 1.0,
    )
