"""Whatever the edges and the decisions: the quick way through stars joins what walking every edge joins."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from mimamori import engine
from mimamori.linkage import DECISIONS
from mimamori.linkage.clusters import DECIDED, Clusters, Edge, cluster, single_space

Sets = set[frozenset[str]]
KNOWN = [f"addressee_no:{place}" for place in range(4)]
SEEKING = [
    *(f"pupil_no:P{place}" for place in range(3)),
    *(f"own_no:child_guidance:G{place}" for place in range(2)),
    *(f"own_no:dv_consultation:{place}" for place in range(2)),
]
EDGES = st.lists(
    st.tuples(st.sampled_from([*SEEKING, *KNOWN]), st.sampled_from([*KNOWN, *SEEKING[:2]])).filter(
        lambda pair: pair[0] != pair[1]
    ),
    max_size=9,
    unique=True,
)
DECIDING = st.lists(
    st.tuples(st.sampled_from([*SEEKING, *KNOWN]), st.sampled_from(KNOWN), st.booleans()).filter(
        lambda told: told[0] != told[1]
    ),
    max_size=2,
    unique_by=lambda told: told[:2],
)


def walked(
    edges: list[Edge], decisions: list[tuple[str, str, bool]]
) -> tuple[set[frozenset[str]], set[tuple[str, str]]]:
    """The clusters of more than one ref, and the edges left out, edge by edge."""
    joined = Clusters([(left, right) for left, right, same in decisions if not same])
    decided = [Edge(left, right, "decision", None, DECIDED) for left, right, same in decisions if same]
    left_out = {
        (edge.left_ref, edge.right_ref)
        for edge in [*decided, *sorted(edges, key=lambda edge: (-edge.priority, edge.left_ref, edge.right_ref))]
        if not joined.join(edge.left_ref, edge.right_ref, decided=edge.how == "decision")
    }
    found: dict[str, set[str]] = {}
    for ref, root in joined.joined():
        found.setdefault(root, set()).add(ref)
    return {frozenset(refs) for refs in found.values() if len(refs) > 1}, left_out


@given(EDGES, DECIDING)
@settings(max_examples=120, deadline=None)
def test_clusters(pairs: list[tuple[str, str]], decisions: list[tuple[str, str, bool]]) -> None:
    edges = [Edge(left, right, "pass:x", None, float(place % 3)) for place, (left, right) in enumerate(pairs)]
    con = engine.connect(threads=1, memory_gib=1)
    columns = "left_ref VARCHAR, right_ref VARCHAR, how VARCHAR, weight DOUBLE, priority DOUBLE"
    con.execute(f"CREATE TEMP TABLE edges ({columns})")
    for edge in edges:
        con.execute("INSERT INTO edges VALUES (?, ?, ?, ?, ?)", list(edge))
    con.register("all_refs", pa.table({"ref": [*KNOWN, *SEEKING]}))
    con.execute("CREATE TEMP TABLE refs AS SELECT ref, '' AS space FROM all_refs")
    con.execute("CREATE TEMP TABLE register_rows AS SELECT ref FROM refs WHERE ref LIKE 'addressee_no:%'")
    con.execute("CREATE TEMP TABLE weighed (ref VARCHAR, evidence VARCHAR)")
    given_decisions = [{"left_ref": left, "right_ref": right, "same": same} for left, right, same in decisions]
    left_out = cluster(con, pa.Table.from_pylist(given_decisions, DECISIONS))
    rows = engine.rows_of(con, "SELECT cluster, list(ref) AS refs FROM clusters GROUP BY cluster")
    told = {frozenset(row["refs"]) for row in rows if len(row["refs"]) > 1}
    assert sum(len(row["refs"]) for row in rows) == len(KNOWN) + len(SEEKING)
    assert (told, {(edge.left_ref, edge.right_ref) for edge in left_out}) == walked(edges, decisions)
    for refs in told:
        numbers = {ref for ref in refs if ref.startswith("addressee_no:")}
        assert any(numbers <= one for one in decided_sets(decisions)) or len(numbers) < 2
        own = [single_space(ref) for ref in refs if single_space(ref)]
        assert len(own) == len(set(own)) or any(same and {left, right} <= refs for left, right, same in decisions)


def decided_sets(decisions: list[tuple[str, str, bool]]) -> list[set[str]]:
    """What people alone joined."""
    sets: list[set[str]] = []
    for left, right, same in decisions:
        if same:
            met = [one for one in sets if one & {left, right}]
            sets = [one for one in sets if one not in met] + [set().union({left, right}, *met)]
    return sets


def walk(edges: list[tuple[str, str]], *decisions: tuple[str, str, bool]) -> set[frozenset[str]]:
    return walked([Edge(left, right, "pass:x", None, 1.0) for left, right in edges], list(decisions))[0]


REGISTER, SCHOOL = ("addressee_no:1", "addressee_no:2"), ("pupil_no:P1", "pupil_no:P2")
EACH_THEIR_OWN = list(zip(SCHOOL, REGISTER, strict=True))


def test_two_numbers_that_people_join_keep_what_each_had() -> None:
    assert walk(EACH_THEIR_OWN, (*REGISTER, True)) == {frozenset(REGISTER + SCHOOL)}


def test_two_numbers_are_not_joined_by_what_follows_from_a_decision() -> None:
    assert walk(EACH_THEIR_OWN, (*SCHOOL, True)) == {frozenset({*SCHOOL, REGISTER[0]})}


def test_a_decision_does_not_open_a_number_to_others() -> None:
    third = ("pupil_no:P3", REGISTER[0])
    assert walk([*EACH_THEIR_OWN, third], (*REGISTER, True)) == {frozenset(REGISTER + SCHOOL)}
    assert walk(EACH_THEIR_OWN, (SCHOOL[0], REGISTER[1], True)) == {frozenset({SCHOOL[0], REGISTER[1]})}
