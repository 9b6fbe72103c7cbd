"""What keys and passes left over, scored by Splink; what is sure becomes an edge, what is not goes to a person.

Siblings and twins share family name, address, household and often the birth date: all that weighs nothing for one of
them against the other. So no link is made without a person unless the given name itself agrees, whatever the weight;
or unless a slip of its pen is all there is, and nobody else of the household was born that day.
"""

from __future__ import annotations

from splink import DuckDBAPI

from mimamori.engine import Connection, identifier
from mimamori.linkage.clusters import ONE_NUMBER_A_PERSON
from mimamori.linkage.contested import contest_weighed
from mimamori.linkage.folding import fold_values
from mimamori.linkage.frequency import RARITY, bits_sql, make_frequencies
from mimamori.linkage.model import (
    BIRTH_LIKELY,
    COMPARISONS,
    MODEL,
    NAME_SURE,
    Comparison,
    Model,
    Weights,
    level_of,
    splink_settings,
)
from mimamori.linkage.names import COLUMNS
from mimamori.linkage.scoring import predict
from mimamori.text.names import fold_name

_COMPARED = ("ref", *COLUMNS, "birth_first", "birth_last", "sex", "address", "town", "household_no")


def link_residue(con: Connection, weights: Weights) -> None:
    """Add to `edges` what is sure; make `grey(left_ref, right_ref, weight, why)` of what is not.

    `weighed(ref, evidence)` keeps what spoke for each edge.
    """
    make_residue(con)
    score(con, weights)
    judge(con, weights)
    contest_weighed(con)
    con.execute(
        "INSERT INTO edges SELECT left_ref, right_ref, 'splink', weight, weight / 1000"
        " FROM judged WHERE verdict = 'same'"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE weighed AS SELECT left_ref AS ref, {evidence_sql()} AS evidence"
        " FROM judged WHERE verdict = 'same'"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE grey AS SELECT left_ref, right_ref, weight, {evidence_sql()} AS why"
        " FROM judged WHERE verdict = 'unsure'"
    )


def judge(con: Connection, weights: Weights) -> None:
    """Make `judged`: `scored` with a verdict, same or unsure (NULL: two persons)."""
    thresholds = {"accept": weights.accept, "margin": weights.margin, "review": weights.review}
    con.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {_JUDGED}", thresholds)


def make_residue(con: Connection, *, everybody: bool = False, model: Model = MODEL) -> None:
    """`residue_seekers` and `residue_known`: seekers without an edge, and the known that share a block with one.

    With `everybody`, all the known: chance agreement (u) is estimated among them.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE residue AS SELECT ref FROM seeking WHERE ref NOT IN (SELECT left_ref FROM edges)"
    )
    fold_values(con, "SELECT guardian_name FROM seeking JOIN residue USING (ref)", "guardians", folded=fold_name)
    columns = ", ".join(f"s.{column}" for column in (*_COMPARED, *model.columns))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE residue_seekers AS SELECT row_number() OVER () AS unique_id, * FROM ("
        f" SELECT DISTINCT {columns}, g.folded AS guardian, NULL::VARCHAR[] AS household_names"
        " FROM seekers s JOIN residue USING (ref) LEFT JOIN guardians g ON g.raw = s.guardian_name)"
    )
    known = ", ".join(f"k.{column}" for column in (*_COMPARED, *model.columns))
    met = "true" if everybody else " OR ".join(f"({_met(block)})" for block in model.blocking)
    con.execute(f"CREATE OR REPLACE TEMP TABLE met AS SELECT DISTINCT k.ref FROM known k WHERE {met}")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE households AS SELECT r.household_no, list(DISTINCT n.name) AS household_names"
        " FROM register_rows r JOIN register_names n USING (ref) WHERE r.newest AND r.household_no IN"
        " (SELECT household_no FROM known JOIN met USING (ref)) GROUP BY r.household_no"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE residue_known AS SELECT row_number() OVER () AS unique_id, k.*,"
        " NULL::VARCHAR AS guardian, h.household_names"
        f" FROM (SELECT DISTINCT {known} FROM known k JOIN met USING (ref)) k"
        " LEFT JOIN households h USING (household_no)"
    )


def _met(block: tuple[str, ...]) -> str:
    columns = ", ".join(f"k.{column}" for column in block)
    whole = " AND ".join(f"{column} IS NOT NULL" for column in block)
    return f"({columns}) IN (SELECT ({', '.join(block)}) FROM residue_seekers WHERE {whole})"


def score(con: Connection, weights: Weights, model: Model = MODEL) -> None:
    """Make `scored(left_ref, right_ref, weight, rarity, <comparison>…)`: each pair's best weight and levels.

    `rarity` is the part of the weight that the rarity of the name added to Splink's.
    """
    if not (_any(con, "residue_seekers") and _any(con, "residue_known")):  # Splink refuses empty tables
        levels = ", ".join(f"NULL::VARCHAR AS {one.name}" for one in model.comparisons)
        con.execute(
            "CREATE OR REPLACE TEMP TABLE scored AS SELECT NULL::VARCHAR AS left_ref, NULL::VARCHAR AS right_ref,"
            f" NULL::BIGINT AS seeker_id, NULL::BIGINT AS known_id, NULL::DOUBLE AS rarity, {levels},"
            " NULL::DOUBLE AS weight LIMIT 0"
        )
        return
    api = DuckDBAPI(con)
    found = predict(api, splink_settings(weights, model), seekers="residue_seekers", known="residue_known")
    make_frequencies(con, weights)
    levels = ", ".join(_level_sql(one) for one in model.comparisons)
    names = ", ".join(one.name for one in model.comparisons)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE scored AS"
        f" SELECT left_ref, right_ref, seeker_id, known_id, rarity, {names}, match_weight + rarity AS weight FROM ("
        f" SELECT *, {bits_sql('family')} + {bits_sql('given')} AS rarity FROM ("
        " SELECT *, CASE source_dataset_l WHEN 'seekers' THEN ref_l ELSE ref_r END AS left_ref,"
        " CASE source_dataset_l WHEN 'seekers' THEN ref_r ELSE ref_l END AS right_ref,"
        " CASE source_dataset_l WHEN 'seekers' THEN unique_id_l ELSE unique_id_r END AS seeker_id,"
        " CASE source_dataset_l WHEN 'seekers' THEN unique_id_r ELSE unique_id_l END AS known_id,"
        f" {levels} FROM {found}))"
        " QUALIFY row_number() OVER (PARTITION BY left_ref, right_ref ORDER BY weight DESC) = 1"
    )
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]


def _any(con: Connection, table: str) -> bool:
    return bool(con.sql(f"SELECT 1 FROM {identifier(table)} LIMIT 1").fetchall())


def _level_sql(one: Comparison) -> str:
    names = " ".join(f"WHEN {gamma} THEN '{level_of(one, gamma)}'" for gamma in range(-1, len(one.levels)))
    return f"CASE gamma_{one.name} {names} END AS {one.name}"


def evidence_sql() -> str:
    """SQL of a pair's evidence in words: `given: kana; birth: same; …` (what there was nothing of is left out)."""
    parts = [f"CASE WHEN {one.name} <> 'nothing' THEN '{one.name}: ' || {one.name} END" for one in COMPARISONS]
    parts.append(f"CASE WHEN round(rarity, 2) <> 0 THEN '{RARITY}: ' || printf('%+.2f', rarity) END")
    return f"concat_ws('; ', {', '.join(parts)})"


# A known person already linked to another number of a space in which each person has one is nobody's candidate there.
_FREE = f"""
    SELECT s.*, k.space FROM scored s JOIN seeking k ON k.ref = s.left_ref
    WHERE NOT (k.space IN {tuple(sorted(ONE_NUMBER_A_PERSON))} AND EXISTS (
        SELECT 1 FROM edges e JOIN seeking o ON o.ref = e.left_ref
        WHERE e.right_ref = s.right_ref AND o.space = k.space))
"""

# A given name with one sign otherwise, and a reading that sounds the same or none to ask, where all else says that it
# is this child of the household and no twin. Where kanji and reading both differ, it is somebody else's name.
_SLIP_OF_A_NAME = (
    f"given IN ('nearly', 'sound') AND alone AND birth = 'same' AND family IN {NAME_SURE}"
    " AND place = 'address' AND household IN ('number', 'guardian')"
)

_JUDGED = f"""
    WITH free AS ({_FREE}), born AS (
        SELECT household_no, birth_first, count(DISTINCT ref) AS people FROM register_rows
        WHERE newest AND household_no IS NOT NULL AND birth_first = birth_last GROUP BY ALL
    ), alone AS (
        SELECT k.ref FROM knowing k JOIN born b USING (household_no, birth_first) WHERE b.people = 1
    ), lone AS (
        SELECT min(ref) AS ref FROM known WHERE family IS NOT NULL AND birth_first = birth_last
        GROUP BY family, birth_first HAVING min(ref) = max(ref)
    ), ranked AS (
        SELECT *, right_ref IN (SELECT ref FROM alone) AS alone, right_ref IN (SELECT ref FROM lone) AS lone,
            row_number() OVER mine AS my_rank, row_number() OVER theirs AS their_rank,
            weight - coalesce(lead(weight) OVER mine, -1000) AS my_lead,
            weight - coalesce(lead(weight) OVER theirs, -1000) AS their_lead
        FROM free
        WINDOW mine AS (PARTITION BY left_ref ORDER BY weight DESC, right_ref),
            theirs AS (PARTITION BY right_ref, space ORDER BY weight DESC, left_ref)
    )
    SELECT *, CASE
        WHEN weight >= $accept AND my_rank = 1 AND my_lead >= $margin
            AND (space NOT IN {tuple(sorted(ONE_NUMBER_A_PERSON))} OR (their_rank = 1 AND their_lead >= $margin))
            AND birth IN {BIRTH_LIKELY}
            AND (sex <> 'else' OR (birth = 'same' AND family IN {NAME_SURE} AND household IN ('number', 'guardian')))
            AND (given IN {NAME_SURE} OR ({_SLIP_OF_A_NAME}))
            THEN 'same'
        WHEN weight >= $review AND my_rank = 1 AND (given <> 'else' OR place = 'address' OR household = 'number'
                OR (lone AND birth = 'same' AND family IN {NAME_SURE}))
            AND NOT (given = 'else' AND birth IN ('near', 'else', 'slip'))
            AND NOT (family IN ('nothing', 'else') AND given IN ('nothing', 'else') AND place IN ('nothing', 'else')
                AND household IN ('nothing', 'else'))
            THEN 'unsure'
        END AS verdict
    FROM ranked
"""
