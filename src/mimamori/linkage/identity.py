"""Case numbers that survive every night: a cluster of refs keeps the number its refs had, whatever joined or left it.

The ledger is append-only: a ref's last entry tells its number. One old number is kept; of several the oldest survives;
a number claimed by two clusters stays with the ref it was first given to; a cluster that lost its number takes back one
that was its own before; only then is a new number drawn. A number never goes to another person.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from mimamori.engine import Connection, table_of
from mimamori.linkage import case_numbers

LEDGER = pa.schema(
    [
        ("case_no", pa.string()),
        ("ref", pa.string()),
        ("action", pa.string()),  # link | unlink
        ("as_of", pa.date32()),
        ("why", pa.string()),
    ]
)


def load_ledger(con: Connection, ledger: pa.Table) -> None:
    """Make `ledger_rows` in the ledger's order, and `held_numbers(ref, case_no, first_no)`: what each ref is
    called now, and was at first."""
    con.register("ledger_given", ledger.select(LEDGER.names).cast(LEDGER))
    con.execute("CREATE OR REPLACE TEMP TABLE ledger_rows AS SELECT row_number() OVER () AS n, * FROM ledger_given")
    con.unregister("ledger_given")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE held_numbers AS SELECT ref, arg_max(case_no, n) AS case_no,"
        " arg_min(case_no, n) AS first_no FROM ledger_rows GROUP BY ref"
    )


def keep_silent_refs(con: Connection) -> None:
    """Add to `edges` the refs of which nothing is told any more (an old pupil number): they stay with their number.

    Where the number holds several people's refs, after a merge or when one is taken back, they stay with those whose
    first number was theirs.
    """
    con.execute(
        "INSERT INTO edges SELECT r.ref,"
        " arg_min(o.ref, (o.first_no <> h.first_no, o.ref NOT IN (SELECT ref FROM register_rows), o.ref)),"
        " 'kept', NULL, 0"
        " FROM refs r JOIN held_numbers h USING (ref) JOIN held_numbers o ON o.case_no = h.case_no AND o.ref <> r.ref"
        " JOIN refs p ON p.ref = o.ref"
        " WHERE r.space <> 'addressee_no' AND r.ref NOT IN (SELECT ref FROM told) AND o.ref IN"
        " (SELECT ref FROM told UNION SELECT ref FROM register_rows) GROUP BY r.ref"
    )


def number_clusters(con: Connection, as_of: date) -> pa.Table:
    """Make `links(ref, case_no, how, weight, evidence)` from `clusters`; returns the rows to append to the ledger."""
    for name, sql in _STEPS:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    unnumbered = table_of(con, "SELECT DISTINCT cluster FROM clusters ANTI JOIN numbered USING (cluster)")
    taken = table_of(con, "SELECT DISTINCT case_no FROM ledger_rows")
    numbers = case_numbers.new(unnumbered.num_rows, taken.column("case_no"))
    con.register("drawn", pa.table({"cluster": unnumbered.column("cluster"), "case_no": numbers}))
    con.execute("INSERT INTO numbered SELECT cluster, case_no FROM drawn")
    con.unregister("drawn")
    con.execute(
        "CREATE OR REPLACE TABLE links AS SELECT c.ref, n.case_no, c.how, c.weight, c.evidence"
        " FROM clusters c JOIN numbered n USING (cluster) ORDER BY c.ref"
    )
    return table_of(con, _NEW_LEDGER_ROWS, {"as_of": as_of}).cast(LEDGER)


_STEPS = (
    # Since when each number stands and for whom first.
    ("number_ages", "SELECT case_no, min(n) AS since, arg_min(ref, n) AS first_ref FROM ledger_rows GROUP BY case_no"),
    (
        "claims",
        "SELECT c.cluster, h.case_no, count(*) AS refs, min(c.ref) AS least_ref,"
        " bool_or(c.ref = a.first_ref) AS has_first"
        " FROM clusters c JOIN held_numbers h USING (ref) JOIN number_ages a USING (case_no)"
        " GROUP BY c.cluster, h.case_no",
    ),
    (
        "won",
        "SELECT cluster, case_no FROM claims"
        " QUALIFY row_number() OVER (PARTITION BY case_no ORDER BY has_first DESC, refs DESC, least_ref) = 1",
    ),
    (
        "numbered",
        "SELECT cluster, arg_min(case_no, since) AS case_no FROM won JOIN number_ages USING (case_no) GROUP BY cluster",
    ),
    # After a split: the number that a cluster's own ref was the first to bear, if nobody bears it now.
    (
        "taken_back",
        "SELECT c.cluster, arg_max(a.case_no, a.since) AS case_no"
        " FROM clusters c JOIN number_ages a ON a.first_ref = c.ref"
        " WHERE c.cluster NOT IN (SELECT cluster FROM numbered) AND a.case_no NOT IN (SELECT case_no FROM numbered)"
        " GROUP BY c.cluster",
    ),
    ("numbered", "SELECT * FROM numbered UNION ALL SELECT * FROM taken_back"),
)

_NEW_LEDGER_ROWS = """
    WITH changed AS (
        SELECT l.ref, l.case_no, l.how, h.case_no AS old_no FROM links l LEFT JOIN held_numbers h USING (ref)
        WHERE h.case_no IS DISTINCT FROM l.case_no
    )
    SELECT case_no, ref, action, $as_of::DATE AS as_of, why FROM (
        SELECT old_no AS case_no, ref, 'unlink' AS action, how AS why, 0 AS place FROM changed WHERE old_no IS NOT NULL
        UNION ALL SELECT case_no, ref, 'link', how, 1 FROM changed
    ) ORDER BY place, case_no, (ref NOT LIKE 'addressee_no:%'), ref
"""
