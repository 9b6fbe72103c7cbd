"""From edges to persons: people's decisions before all, then the strongest evidence.

An edge that would join what a decision keeps apart, or two refs of a space in which each person has one number, is
left out and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa

from mimamori.engine import Connection, table_of

DECIDED = 1000  # the priority of people's decisions; above every other evidence


class Edge(NamedTuple):
    """Two refs taken for one person, and why. `weight` is Splink's match weight, None for other evidence."""

    left_ref: str
    right_ref: str
    how: str
    weight: float | None
    priority: float


class Joined:
    """Refs in disjoint sets."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}

    def root(self, ref: str) -> str:
        root = ref
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(ref, ref)) != root:
            self._parent[ref], ref = root, parent
        return root

    def around(self, ref: str) -> list[str]:
        """All refs of this one's set."""
        root = self.root(ref)
        return self._members.get(root, [root])

    def join(self, left: str, right: str) -> None:
        small, large = sorted((self.root(left), self.root(right)), key=lambda root: len(self.around(root)))
        if small != large:
            members = [*self.around(large), *self.around(small)]
            self._parent[small] = large
            self._members[large] = members
            self._members.pop(small, None)

    def sets(self) -> Iterator[tuple[str, list[str]]]:
        yield from self._members.items()


class Clusters:
    """Refs joined so far, so that no evidence gives a person two numbers of a space in which each has one.

    Two such numbers that people say are one person's each keep what evidence gives them: whoever has two numbers of the
    register may have two of the school. So evidence is held against `own`, the sets without those decisions.
    """

    def __init__(self, apart: Iterable[tuple[str, str]]) -> None:
        self._whole, self._own = Joined(), Joined()
        self._apart: dict[str, set[str]] = {}
        for left, right in apart:
            self._apart.setdefault(left, set()).add(right)
            self._apart.setdefault(right, set()).add(left)

    def join(self, left: str, right: str, *, decided: bool) -> bool:
        """Join two refs' clusters; False (and nothing joined) where that is not allowed."""
        if self._whole.root(left) == self._whole.root(right):
            return True
        if self._kept_apart(left, right) or not (decided or self._fit(left, right)):
            return False
        self._whole.join(left, right)
        if not decided or single_space(left) is None or single_space(left) != single_space(right):
            self._own.join(left, right)
        return True

    def _kept_apart(self, left: str, right: str) -> bool:
        if not self._apart:
            return False
        others = set(self._whole.around(right))
        return any(not others.isdisjoint(self._apart.get(ref, ())) for ref in self._whole.around(left))

    def _fit(self, left: str, right: str) -> bool:
        """Two numbers of the register are one person's only where people say so themselves, not by what follows."""
        return not (
            _share(map(single_space, self._own.around(left)), map(single_space, self._own.around(right)))
            or _share(map(_of_register, self._whole.around(left)), map(_of_register, self._whole.around(right)))
        )

    def joined(self) -> Iterator[tuple[str, str]]:
        """(ref, root) of every ref that was joined to another."""
        for root, members in self._whole.sets():
            for ref in members:
                yield ref, root


def _share(left: Iterable[str | None], right: Iterable[str | None]) -> bool:
    return not {space for space in left if space}.isdisjoint(right)


def _of_register(ref: str) -> str | None:
    return "addressee_no" if ref.startswith("addressee_no:") else None


def single_space(ref: str) -> str | None:
    """The space in which a person has one number: the city's own, the school's, the child guidance centre's."""
    space = ref.rpartition(":")[0]
    return space if space in ONE_NUMBER_A_PERSON else None


ONE_NUMBER_A_PERSON = frozenset({"addressee_no", "pupil_no", "own_no:child_guidance"})


# Nearly all persons are stars: refs of other spaces that each point to one number of the register and to nothing else.
# They need no walk: the number's cluster is what points to it. Where anybody decided about one of them it is walked.
_STARS = f"""
    WITH told AS (
        SELECT left_ref, right_ref, left(left_ref, length(left_ref) - strpos(reverse(left_ref), ':')) AS space,
            count(*) OVER (PARTITION BY left_ref) AS targets
        FROM edges
    )
    SELECT right_ref FROM told WHERE right_ref LIKE 'addressee_no:%'
    GROUP BY right_ref
    HAVING max(targets) = 1 AND bool_and(left_ref NOT IN (SELECT right_ref FROM edges))
        AND right_ref NOT IN (SELECT left_ref FROM edges)
        AND count(*) FILTER (space IN {tuple(sorted(ONE_NUMBER_A_PERSON))})
            = count(DISTINCT space) FILTER (space IN {tuple(sorted(ONE_NUMBER_A_PERSON - {"addressee_no"}))})
        AND bool_and(left_ref NOT IN (SELECT left_ref FROM spoken_of UNION ALL SELECT right_ref FROM spoken_of))
        AND right_ref NOT IN (SELECT left_ref FROM spoken_of UNION ALL SELECT right_ref FROM spoken_of)
"""


def cluster(con: Connection, decisions: pa.Table) -> list[Edge]:
    """Make `clusters(ref, cluster, how, weight, evidence)` for every ref; returns the edges left out."""
    apart = [(row["left_ref"], row["right_ref"]) for row in decisions.to_pylist() if not row["same"]]
    decided = [
        Edge(row["left_ref"], row["right_ref"], "decision", None, DECIDED)
        for row in decisions.to_pylist()
        if row["same"]
    ]
    con.register("spoken_of", decisions.select(["left_ref", "right_ref"]))
    con.execute(f"CREATE OR REPLACE TEMP TABLE stars AS {_STARS}")
    con.unregister("spoken_of")
    found = table_of(
        con,
        "SELECT * FROM edges WHERE right_ref NOT IN (SELECT right_ref FROM stars)"
        " ORDER BY priority DESC, left_ref, right_ref",
    ).to_pylist()
    joined, left_out = Clusters(apart), []
    how: dict[str, tuple[str, float | None]] = {}
    for edge in [*decided, *(Edge(**row) for row in found)]:
        if joined.join(edge.left_ref, edge.right_ref, decided=edge.how == "decision"):
            how.setdefault(edge.left_ref, (edge.how, edge.weight))
            if edge.how == "decision":
                how.setdefault(edge.right_ref, (edge.how, edge.weight))
        else:
            left_out.append(edge)
    rows = list(joined.joined())
    con.register(
        "joined",
        pa.table(
            {
                "ref": pa.array([ref for ref, _ in rows], pa.string()),
                "cluster": pa.array([root for _, root in rows], pa.string()),
                "how": pa.array([how.get(ref, (None, None))[0] for ref, _ in rows], pa.string()),
                "weight": pa.array([how.get(ref, (None, None))[1] for ref, _ in rows], pa.float64()),
            }
        ),
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE clusters AS WITH joined_all AS (FROM joined UNION ALL"
        "  SELECT left_ref, right_ref, how, weight FROM edges WHERE right_ref IN (SELECT right_ref FROM stars))"
        " SELECT r.ref, coalesce(j.cluster, r.ref) AS cluster,"
        " coalesce(j.how, CASE WHEN r.ref IN (SELECT ref FROM register_rows) THEN 'key' ELSE 'new' END) AS how,"
        " j.weight, CASE WHEN j.how = 'splink' THEN w.evidence END AS evidence"
        " FROM refs r LEFT JOIN joined_all j USING (ref) LEFT JOIN weighed w USING (ref)"
    )
    con.unregister("joined")
    return left_out
