"""Who lived in one household with a child, from when to when, by the register's history.

Out: `housemates(case_no, mate_no, kind, since, came, came_by, until, parted, parted_by)`, one row a time together.
`kind`: what the mate was to the child by their 続柄 then, as in `family`. `came`, `parted`: whose move began and ended
it (`mate`, `child`, `both`); NULL where that is not known, and `parted` where they still live together. `came_by`,
`parted_by`: the register's reason of that entry (異動事由). A day that the register does not know is NULL.
Nothing leads past a protected person, as in `family`; lodgers of a facility are no housemates.
"""

from __future__ import annotations

import pyarrow as pa

from mimamori.engine import Connection, table_of
from mimamori.linkage.kinship import kin, place_of
from mimamori.linkage.mentions import REGISTER, REGISTER_TABLE
from mimamori.linkage.refs import key_sql, ref_sql
from mimamori.sources import Registry

# What the history is read from; an item that a city's layout leaves out is NULL.
ITEMS = {
    "hist_no": "BIGINT", "status": "VARCHAR", "relation": "VARCHAR", "addr_since": "DATE", "move_code": "VARCHAR",
    "move_date": "DATE",
}  # fmt: skip
KINDS = pa.schema([("mine", pa.string()), ("theirs", pa.string()), ("kind", pa.string())])
LODGERS = pa.schema([("relation", pa.string())])


def make_housemates(con: Connection, registry: Registry, guests: int) -> None:
    """Make `housemates` from the register's history, `links`, `persons`, and the `guarded` and `cut` of the families.

    Where more than `guests` people of a household had no place in the head's family, those are lodgers.
    """
    layout = registry.get(REGISTER)
    table = layout.table(REGISTER_TABLE)
    loaded = {item.field for item in table.loaded_items()}
    items = ", ".join(f"{f's.{name}' if name in loaded else f'NULL::{sort}'} AS {name}" for name, sort in ITEMS.items())
    household = key_sql("trim(s.household_no)") if "household_no" in loaded else "NULL::VARCHAR"
    person = table.persons[0]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE stays AS "
        + _STAYS.format(
            told=f"SELECT {ref_sql(layout, person.key_kind, person.key)} AS ref, {household} AS household_no, {items},"
            f" s._row FROM {layout.name}__{table.name} s"
        )
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE together AS {_TOGETHER}")
    _kinds(con)
    con.execute(f"CREATE OR REPLACE TABLE housemates AS {_HOUSEMATES}", {"guests": guests})


def _kinds(con: Connection) -> None:
    """`kinds_then(mine, theirs, kind)` and `lodgers_then(relation)` for the 続柄 that occur."""
    pairs = table_of(con, "SELECT DISTINCT mine, theirs FROM together").to_pylist()
    found = [(pair, kin(pair["mine"], pair["theirs"])) for pair in pairs]
    # Which of several 子 is the parent of the 子の子 is not told by the history: then they are of the household.
    kinds = [{**pair, "kind": "household" if one.through else one.kind} for pair, one in found if one]
    said = table_of(con, "SELECT DISTINCT relation FROM stays").column(0).to_pylist()
    lodgers = [{"relation": relation} for relation in said if place_of(relation) is None]
    for name, rows, schema in (("kinds_then", kinds, KINDS), ("lodgers_then", lodgers, LODGERS)):
        con.register("found_then", pa.Table.from_pylist(rows, schema))
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM found_then")
        con.unregister("found_then")


# A stay: entries one after the other in which somebody is a resident of the same household. It ends with the first
# entry that says otherwise. Only households in which a child of today ever lived are followed.
_STAYS = """
    WITH told AS ({told}), lived AS (
        SELECT l.case_no, t.*, coalesce(t.move_date, t.addr_since) AS day,
            coalesce(t.status = '1', false) AND t.household_no IS NOT NULL AS lives
        FROM told t JOIN links l USING (ref)
    ), homes AS (
        SELECT DISTINCT household_no FROM lived
        WHERE lives AND case_no IN (SELECT case_no FROM persons WHERE is_child)
    ), near AS (
        SELECT * FROM lived WHERE ref IN (SELECT ref FROM lived WHERE household_no IN (SELECT household_no FROM homes))
    ), marked AS (
        SELECT *, household_no IS DISTINCT FROM lag(household_no) OVER w OR lives IS DISTINCT FROM lag(lives) OVER w
            AS begins
        FROM near WINDOW w AS (PARTITION BY ref ORDER BY hist_no, _row)
    ), numbered AS (
        SELECT *, sum(begins::INTEGER) OVER (PARTITION BY ref ORDER BY hist_no, _row) AS stay FROM marked
    ), gathered AS (
        SELECT case_no, ref, stay, any_value(household_no) AS household_no, bool_and(lives) AS lives,
            first(day ORDER BY hist_no, _row) AS since, first(move_code ORDER BY hist_no, _row) AS came_by,
            last(relation ORDER BY hist_no, _row) AS relation
        FROM numbered GROUP BY case_no, ref, stay
    ), ended AS (
        SELECT *, lead(since) OVER w AS until, lead(came_by) OVER w AS parted_by, lead(stay) OVER w IS NOT NULL AS ends
        FROM gathered WINDOW w AS (PARTITION BY ref ORDER BY stay)
    )
    SELECT * FROM ended WHERE lives AND household_no IN (SELECT household_no FROM homes)
"""

# A child's stay and another's in the same household at the same time. An unknown day is before, or after, all others.
_TOGETHER = """
    SELECT c.case_no, m.case_no AS mate_no, c.household_no, c.relation AS mine, m.relation AS theirs,
        CASE WHEN c.since IS NOT NULL AND m.since IS NOT NULL THEN greatest(c.since, m.since) END AS since,
        CASE WHEN m.since > c.since THEN 'mate' WHEN m.since < c.since THEN 'child'
            WHEN m.since = c.since THEN 'both' END AS came,
        CASE WHEN m.since > c.since THEN m.came_by WHEN m.since <= c.since THEN c.came_by END AS came_by,
        CASE WHEN c.ends AND m.ends THEN CASE WHEN c.until IS NOT NULL AND m.until IS NOT NULL
                THEN least(c.until, m.until) END
            WHEN c.ends THEN c.until WHEN m.ends THEN m.until END AS until,
        CASE WHEN m.ends AND (NOT c.ends OR m.until < c.until) THEN 'mate'
            WHEN c.ends AND (NOT m.ends OR c.until < m.until) THEN 'child'
            WHEN c.ends AND m.ends THEN 'both' END AS parted,
        CASE WHEN m.ends AND (NOT c.ends OR m.until < c.until) THEN m.parted_by WHEN c.ends THEN c.parted_by END
            AS parted_by
    FROM stays c JOIN persons p ON p.case_no = c.case_no AND p.is_child
    JOIN stays m ON m.household_no = c.household_no AND m.case_no <> c.case_no
    WHERE coalesce(c.since, DATE '0001-01-01') < coalesce(CASE WHEN m.ends THEN m.until END, DATE '9999-12-31')
        AND coalesce(m.since, DATE '0001-01-01') < coalesce(CASE WHEN c.ends THEN c.until END, DATE '9999-12-31')
"""

# Times together that follow one another (the whole household moved under a new number) are one.
_HOUSEMATES = """
    WITH lodging AS (
        SELECT household_no FROM stays JOIN lodgers_then USING (relation) GROUP BY household_no
        HAVING count(DISTINCT case_no) > $guests
    ), kept AS (
        SELECT t.*, coalesce(k.kind, 'household') AS kind FROM together t
        LEFT JOIN kinds_then k ON k.mine = t.mine AND k.theirs = t.theirs
        LEFT JOIN guarded a ON a.case_no = t.case_no LEFT JOIN guarded b ON b.case_no = t.mate_no
        ANTI JOIN cut c ON c.case_no = t.case_no AND c.relative_no = t.mate_no
        WHERE (a.case_no IS NULL AND b.case_no IS NULL OR a.household_no = b.household_no)
            AND (k.kind IS NOT NULL OR t.household_no NOT IN (SELECT household_no FROM lodging))
    ), marked AS (
        SELECT *, since IS DISTINCT FROM lag(until) OVER w OR since IS NULL AS begins
        FROM (SELECT DISTINCT * EXCLUDE (mine, theirs, household_no) FROM kept)
        WINDOW w AS (PARTITION BY case_no, mate_no ORDER BY since NULLS FIRST, until NULLS LAST)
    ), numbered AS (
        SELECT *, sum(begins::INTEGER) OVER (PARTITION BY case_no, mate_no ORDER BY since NULLS FIRST, until NULLS LAST)
            AS spell FROM marked
    )
    SELECT case_no, mate_no, last(kind ORDER BY since) AS kind, first(since ORDER BY since) AS since,
        first(came ORDER BY since) AS came, first(came_by ORDER BY since) AS came_by,
        last(until ORDER BY since) AS until, last(parted ORDER BY since) AS parted,
        last(parted_by ORDER BY since) AS parted_by
    FROM numbered GROUP BY case_no, mate_no, spell ORDER BY case_no, since NULLS FIRST, mate_no
"""
