"""Of how many children an indicator has a value on a night's snapshot, and why the others have none."""

from __future__ import annotations

from collections.abc import Mapping

from mimamori.engine import Connection, identifier, rows_of
from mimamori.screening.indicators.schema import Indicator

VALUE = "value"
NO_AGE = -1  # children whose age is not known

# By completed years: how many children have a value (`VALUE`), and how many have none for each reason.
Fill = Mapping[int, Mapping[str, int]]


def fill(con: Connection, indicator: Indicator) -> Fill:
    """The children of `indicators` by age and by what is known of this one."""
    value, why = identifier(indicator.id), identifier(indicator.id + "__why")
    found: dict[int, dict[str, int]] = {}
    for row in rows_of(
        con,
        f"SELECT coalesce(age_months // 12, $no_age) AS year, "
        f"CASE WHEN {value} IS NULL THEN coalesce({why}, 'no_record') ELSE $value END AS what, count(*) AS children "
        "FROM indicators GROUP BY ALL",
        {"no_age": NO_AGE, "value": VALUE},
    ):
        found.setdefault(int(row["year"]), {})[row["what"]] = row["children"]
    return found
