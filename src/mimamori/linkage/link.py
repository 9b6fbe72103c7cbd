"""Linkage as it walks: mentions → keys → passes → Splink → decisions → case numbers → persons → families."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from mimamori.engine import Connection, drop_temporary, table_of
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.agreement_report import make_report
from mimamori.linkage.clusters import ONE_NUMBER_A_PERSON, Edge, cluster
from mimamori.linkage.contested import hold_contested
from mimamori.linkage.families import make_families
from mimamori.linkage.identity import keep_silent_refs, load_ledger, number_clusters
from mimamori.linkage.keys import edges_of_keys, hold_contradictions
from mimamori.linkage.kin_pass import link_by_kin
from mimamori.linkage.mentions import collect
from mimamori.linkage.model import load_weights
from mimamori.linkage.names import fold_names
from mimamori.linkage.passes import link_by_passes
from mimamori.linkage.persons import make_persons
from mimamori.linkage.residue import link_residue
from mimamori.linkage.sides import make_sides
from mimamori.sources import Registry

DECISIONS = pa.schema([("left_ref", pa.string()), ("right_ref", pa.string()), ("same", pa.bool_())])
PAIRS = pa.schema(
    [("left_ref", pa.string()), ("right_ref", pa.string()), ("weight", pa.float64()), ("why", pa.string())]
)


# What is still asked when every ref has its number.
_AFTER_NUMBERS = frozenset(
    {"register_rows", "register_names", "told", "told_names", "held", "contradictions", "checked_pairs",
     "key_contradictions", "contested", "judged", "grey"}
)  # fmt: skip


@dataclass(frozen=True)
class LinkResult:
    """What one night adds to the ledger (`LEDGER`), and the pairs a person must decide (`PAIRS`)."""

    ledger_rows: pa.Table
    pairs: pa.Table


def link(con: Connection, registry: Registry, *, ledger: pa.Table, decisions: pa.Table, as_of: date) -> LinkResult:
    """Make `links`, `persons`, `family` and `pairs` in `con` from its state tables.

    Rows whose key is contradicted are marked in the state tables (`refs.HELD`) and get a case of their own.
    """
    ledger_rows, left_out = link_refs(con, registry, ledger=ledger, decisions=decisions, as_of=as_of)
    drop_temporary(con, keep=_AFTER_NUMBERS)  # the sides of a city are a gigabyte
    make_persons(con, registry, as_of)
    drop_temporary(con, keep=_AFTER_NUMBERS)
    make_families(con, registry, as_of)
    make_report(con)
    pairs = _pairs(con, left_out, decisions)
    con.register("tonight", pairs)
    con.execute("CREATE OR REPLACE TABLE pairs AS SELECT * FROM tonight")
    con.unregister("tonight")
    return LinkResult(ledger_rows, pairs)


def link_refs(
    con: Connection, registry: Registry, *, ledger: pa.Table, decisions: pa.Table, as_of: date
) -> tuple[pa.Table, list[Edge]]:
    """Make `links`; returns what the ledger gains, and the edges that could not be followed."""
    link_what_is_certain(con, registry, as_of)
    link_residue(con, load_weights())
    load_ledger(con, ledger)
    keep_silent_refs(con)
    left_out = cluster(con, decisions)
    return number_clusters(con, as_of), left_out


def link_what_is_certain(con: Connection, registry: Registry, as_of: date) -> None:
    """Mentions, keys and exact passes: makes `edges`, and the tables that the residue is found in."""
    make_macros(con)
    collect(con, registry)
    fold_names(con)
    hold_contradictions(con, registry)
    make_sides(con, as_of)
    edges_of_keys(con)
    spaces = con.sql("SELECT DISTINCT space FROM seeking ORDER BY space DESC").fetchall()
    for (space,) in spaces:
        link_by_passes(con, space, one_to_one=space in ONE_NUMBER_A_PERSON)
    link_by_kin(con, registry)
    hold_contested(con)


def _pairs(con: Connection, left_out: list[Edge], decisions: pa.Table) -> pa.Table:
    """Contradictions and the grey zone, without what a person decided already."""
    rows = [
        {"left_ref": edge.left_ref, "right_ref": edge.right_ref, "weight": edge.weight, "why": f"left out: {edge.how}"}
        for edge in left_out
    ]
    con.register("left_out", pa.Table.from_pylist(rows, PAIRS))
    con.register("decided", decisions.select(DECISIONS.names).cast(DECISIONS))
    found = table_of(
        con,
        "SELECT left_ref, right_ref, arg_max(weight, coalesce(weight, 0)) AS weight,"
        " arg_min(why, (weight IS NOT NULL, why)) AS why FROM ("  # what speaks against it, before the weighed evidence
        " SELECT held_ref AS left_ref, ref AS right_ref, NULL::DOUBLE AS weight, why FROM held"
        " UNION ALL SELECT * FROM key_contradictions UNION ALL SELECT * FROM contested"
        " UNION ALL SELECT * FROM grey UNION ALL SELECT * FROM left_out) p"
        " WHERE NOT EXISTS (SELECT 1 FROM decided d WHERE (d.left_ref = p.left_ref AND d.right_ref = p.right_ref)"
        "  OR (d.left_ref = p.right_ref AND d.right_ref = p.left_ref))"
        " GROUP BY left_ref, right_ref ORDER BY left_ref, right_ref",
    )
    con.unregister("left_out")
    con.unregister("decided")
    return found.cast(PAIRS)
