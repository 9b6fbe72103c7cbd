"""A random draw of children whom a night did not extract, so that people can say what the conditions miss."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mimamori.engine import Connection, rows_of

# Everybody of a ward gets a place by a hash of seed and case number: the same seed on the same snapshot gives the same
# order, whatever the size of the draw.
DRAW = """
WITH asked AS (SELECT unnest($wards::VARCHAR[]) AS ward, unnest($sizes::INTEGER[]) AS size),
frame AS (
    SELECT ward, size, case_no, count(*) OVER (PARTITION BY ward) AS whole,
        row_number() OVER (PARTITION BY ward ORDER BY sha256($seed::VARCHAR || ':' || case_no), case_no) AS place
    FROM indicators JOIN asked USING (ward)
    WHERE case_no NOT IN (SELECT case_no FROM findings)
        AND case_no NOT IN (SELECT unnest($without::VARCHAR[]))
)
SELECT ward, whole, list(case_no ORDER BY place) FILTER (place <= size) AS cases FROM frame GROUP BY ALL ORDER BY ward
"""


@dataclass(frozen=True)
class Drawn:
    """The draw of one ward: `frame` children it was drawn from, `cases` in the order of the draw."""

    ward: str
    frame: int
    cases: tuple[str, ...]


def draw_unlisted(
    con: Connection, sizes: Mapping[str, int], *, seed: int, without: Collection[str]
) -> tuple[Drawn, ...]:
    """Draw so many children by ward code from `indicators` who are not in `findings`, and not among `without`: those
    whom somebody looks at already. A ward without such a child is missing."""
    wards = sorted(ward for ward, size in sizes.items() if size)
    bound = {"wards": wards, "sizes": [sizes[ward] for ward in wards], "seed": seed, "without": sorted(without)}
    return tuple(Drawn(row["ward"], row["whole"], tuple(row["cases"] or ())) for row in rows_of(con, DRAW, bound))
