"""A random sample of the links that were made without a person, for people to judge: by way and band of weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mimamori.engine import Connection, rows_of
from mimamori.linkage.model import load_weights

BAND = 5.0  # bits of a band of weights above `accept`
BANDS = 3  # the last one is open

EVEN = 0.5  # the part of a sample that is spread evenly over the strata; the rest follows their sizes


@dataclass(frozen=True)
class Stratum:
    """Links made in one way. `low`: the match weight at which the band begins, None where the way has no weight."""

    name: str  # key | pass:<name> | splink:<band>
    low: float | None
    links: int
    drawn: int


@dataclass(frozen=True)
class DrawnLink:
    """A key, and the key of its case that it is held against: the city's where there is one."""

    stratum: str
    left_ref: str
    right_ref: str
    weight: float | None


@dataclass(frozen=True)
class Draw:
    strata: tuple[Stratum, ...]
    links: tuple[DrawnLink, ...]


def draw(con: Connection, size: int, seed: int) -> Draw:
    """`size` links of `links` (fewer where there are fewer), the same for the same seed and night.

    Only links are drawn of which something is told today (`particulars`): of the others there is nothing to compare.
    Raises `ValueError` for a size below 1.
    """
    if size < 1:
        raise ValueError("a sample has at least one link")
    accept = load_weights().accept
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE automatic AS {_AUTOMATIC}",
        {"accept": accept, "band": BAND, "last": BANDS - 1},
    )
    counted = rows_of(con, "SELECT stratum, count(*) AS links FROM automatic GROUP BY stratum ORDER BY stratum")
    sizes = {row["stratum"]: row["links"] for row in counted}
    shares = allocate(sizes, size)
    strata = tuple(Stratum(name, _low(name, accept), links, shares[name]) for name, links in sizes.items())
    found = []
    for stratum in strata:
        rows = rows_of(
            con,
            "SELECT left_ref, right_ref, weight FROM automatic WHERE stratum = $stratum"
            " ORDER BY md5($seed || ' ' || left_ref), left_ref LIMIT $n",
            {"stratum": stratum.name, "seed": str(seed), "n": stratum.drawn},
        )
        found += [DrawnLink(stratum.name, row["left_ref"], row["right_ref"], row["weight"]) for row in rows]
    con.execute("DROP TABLE automatic")
    return Draw(strata, tuple(found))


def allocate(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many to draw of each stratum: one by one to the one that is furthest behind its aim, and never past its end.

    A stratum's aim is half an even share and half a share by its size, so that a rare way is looked at as well.
    """
    whole = sum(sizes.values())
    drawn = dict.fromkeys(sizes, 0)
    aims = {name: EVEN / len(sizes) + (1 - EVEN) * links / whole for name, links in sizes.items()}
    for _turn in range(min(size, whole)):
        behind = max((name for name in sizes if drawn[name] < sizes[name]), key=lambda n: aims[n] / (drawn[n] + 1))
        drawn[behind] += 1
    return drawn


def _low(name: str, accept: float) -> float | None:
    way, _, band = name.partition(":")
    return accept + int(band) * BAND if way == "splink" else None


_AUTOMATIC = """
    WITH anchors AS (
        SELECT l.ref, arg_min(o.ref, (NOT starts_with(o.ref, 'addressee_no:'), o.ref)) AS right_ref
        FROM links l JOIN links o ON o.case_no = l.case_no AND o.ref <> l.ref
        WHERE (l.how IN ('key', 'splink') OR starts_with(l.how, 'pass:'))
            AND NOT starts_with(l.ref, 'addressee_no:') AND l.ref IN (SELECT ref FROM particulars)
        GROUP BY l.ref
    )
    SELECT l.ref AS left_ref, a.right_ref, l.weight,
        CASE WHEN l.how = 'splink'
            THEN 'splink:' || least(greatest(floor((l.weight - $accept) / $band), 0), $last)::INTEGER
            ELSE l.how END AS stratum
    FROM links l JOIN anchors a USING (ref)
"""
