"""How good the linkage is, against a synthetic city's truth.

Counted in pairs of refs: a pair is predicted where two refs have one case number, true where they are one person.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mimamori.engine import Connection, connect, rows_of
from mimamori.refusal import Refused


def measure(links: pa.Table, pairs: pa.Table | None, truth: Path) -> dict[str, Any]:
    """`{linkage: {precision, recall, f1, auto_precision, grey_share, twins_merged, …}, by_source: {space: the same}}`.

    `auto_precision`: of the refs linked without a person, the share whose case is their person's. `grey_share`: of the
    pupil numbers, the share that waits for a person (None where `pairs` is not known). `twins_merged`: cases that hold
    two people of one household born the same day; `siblings_merged`: of one household at all. Refs that the truth does
    not know (a key held back) are not counted. Raises `Refused` where `truth` is no truth of a synthetic city.
    """
    con = connect()
    for name in ("records", "people"):
        path = truth / f"{name}.parquet"
        if not path.is_file():
            raise Refused(
                f"{truth} は合成都市の正解(truth)ではありません。{name}.parquet がありません。",
                f"{truth} is no truth of a synthetic city: there is no {name}.parquet.",
            )
        con.register(name, pq.read_table(path))
    con.register("links", links)
    con.register("grey", pairs if pairs is not None else _NO_PAIRS.empty_table())
    con.execute(_COUNTED)
    spaces = [row["space"] for row in rows_of(con, "SELECT DISTINCT space FROM counted ORDER BY space")]
    known = pairs is not None
    return {
        "linkage": _figures(con, "true", grey_known=known, of="pupil_no"),
        "by_source": {
            space: _figures(con, f"space = '{space}'", grey_known=known, of=space)
            for space in spaces
            if space != "addressee_no"
        },
    }


_NO_PAIRS = pa.schema([("left_ref", pa.string()), ("right_ref", pa.string())])

# Each ref with how many refs share its case, its person, and both; and whose case it is: the register's person in it,
# else the person of most of its refs.
_COUNTED = """
    CREATE OR REPLACE TEMP TABLE counted AS
    WITH found AS (
        SELECT l.ref, l.case_no, l.how, r.person_id, regexp_extract(l.ref, '^(.*):', 1) AS space
        FROM links l JOIN records r USING (ref)
    ), owners AS (
        SELECT case_no, arg_min(person_id, (space <> 'addressee_no', -refs)) AS owner FROM (
            SELECT case_no, person_id, min(space) AS space, count(*) AS refs FROM found GROUP BY case_no, person_id
        ) GROUP BY case_no
    )
    SELECT f.*, o.owner, count(*) OVER (PARTITION BY case_no) - 1 AS in_case,
        count(*) OVER (PARTITION BY person_id) - 1 AS of_person,
        count(*) OVER (PARTITION BY case_no, person_id) - 1 AS in_both
    FROM found f JOIN owners o USING (case_no)
"""


def _figures(con: Connection, which: str, *, grey_known: bool, of: str) -> dict[str, Any]:
    (row,) = rows_of(
        con,
        "SELECT count(*) AS refs, sum(in_both) AS hits, sum(in_case) AS predicted, sum(of_person) AS actual,"
        " count(*) FILTER (automatic) AS automatic, count(*) FILTER (automatic AND person_id <> owner) AS wrong"
        " FROM (SELECT *, space <> 'addressee_no' AND (how LIKE 'pass:%' OR how IN ('splink', 'key', 'kept'))"
        " AS automatic"
        f" FROM counted WHERE {which})",
    )
    precision, recall = _share(row["hits"], row["predicted"]), _share(row["hits"], row["actual"])
    both = (precision or 0) + (recall or 0)
    return {
        "precision": precision,
        "recall": recall,
        "f1": round(2 * (precision or 0) * (recall or 0) / both, 6) if both else None,
        "auto_precision": _share(row["automatic"] - row["wrong"], row["automatic"]),
        "grey_share": _grey_share(con, of) if grey_known else None,
        "twins_merged": _merged(con, which, "AND a.birth_date = b.birth_date"),
        "siblings_merged": _merged(con, which, ""),
        "refs": row["refs"],
        "automatic": row["automatic"],
        "wrong": row["wrong"],
    }


def _share(part: int | None, whole: int | None) -> float | None:
    return round(int(part or 0) / int(whole), 6) if whole else None


def _grey_share(con: Connection, space: str) -> float | None:
    (row,) = rows_of(
        con,
        "SELECT count(*) AS refs, count(*) FILTER (ref IN (SELECT left_ref FROM grey UNION SELECT right_ref FROM grey))"
        " AS grey FROM counted WHERE space = ?",
        [space],
    )
    return _share(row["grey"], row["refs"])


def _merged(con: Connection, which: str, more: str) -> int:
    (row,) = rows_of(
        con,
        f"WITH w AS (SELECT DISTINCT case_no, person_id FROM counted WHERE case_no IN"
        f" (SELECT case_no FROM counted WHERE {which}))"
        " SELECT count(DISTINCT l.case_no) AS cases FROM w l JOIN w r ON l.case_no = r.case_no"
        " AND l.person_id < r.person_id"
        " JOIN people a ON a.person_id = l.person_id JOIN people b ON b.person_id = r.person_id"
        f" WHERE a.household_id = b.household_id {more}",
    )
    return int(row["cases"])
