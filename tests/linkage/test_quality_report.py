"""What a night tells of its own quality, on tables made by hand."""

from __future__ import annotations

import pytest

from mimamori import engine
from mimamori.engine import Connection
from mimamori.linkage.quality_report import Bin, as_document, report


def night(
    *links: tuple[str, str, float | None],
    agreement: tuple[tuple[str, str, str, str, int], ...] = (),
    bins: tuple[tuple[int, str, int], ...] = (),
) -> Connection:
    con = engine.connect()
    con.execute("CREATE TABLE links (ref VARCHAR, how VARCHAR, weight DOUBLE)")
    con.execute("CREATE TABLE pairs (left_ref VARCHAR)")
    con.execute(
        "CREATE TABLE linkage_agreement (dimension VARCHAR, code VARCHAR, part VARCHAR, verdict VARCHAR, rows BIGINT)"
    )
    con.execute("CREATE TABLE linkage_weights (space VARCHAR, low INTEGER, verdict VARCHAR, pairs BIGINT)")
    for row in links:
        con.execute("INSERT INTO links VALUES (?, ?, ?)", list(row))
    for told in agreement:
        con.execute("INSERT INTO linkage_agreement VALUES (?, ?, ?, ?, ?)", list(told))
    for one in bins:
        con.execute("INSERT INTO linkage_weights VALUES ('pupil_no', ?, ?, ?)", list(one))
    return con


def test_links_by_weight_are_expected_wrong_as_the_model_says() -> None:
    con = night(("pupil_no:1", "splink", 0.0), ("pupil_no:2", "splink", 3.0), ("pupil_no:3", "key", None))
    splink, passes = report(con).expected
    assert (splink.basis, splink.links) == ("model", 2)
    assert splink.wrong == pytest.approx(1 / 2 + 1 / 9)
    assert splink.share == pytest.approx(11 / 36)
    assert (passes.links, passes.wrong, passes.share) == (0, 0, None)


def test_links_by_passes_are_bounded_by_what_was_measured() -> None:
    found = report(night(*((f"pupil_no:{n}", "pass:name", None) for n in range(100)))).expected[1]
    assert (found.basis, found.links) == ("bound", 100)
    assert found.share == pytest.approx(5.07e-5, rel=0.01)  # Wilson's upper limit of 1 in 111,700


def test_refs_are_counted_by_space_and_way() -> None:
    con = night(("pupil_no:1", "key", None), ("own_no:child_guidance:1", "new", None), ("pupil_no:2", "key", None))
    document = as_document(report(con))
    assert document["linkage"] == {"refs": 3, "pairs_waiting": 0}
    assert document["by_source"] == {"own_no:child_guidance": {"new": 1}, "pupil_no": {"key": 2}}


def rows(code: str, exact: int, contradicts: int = 0, none: int = 0) -> tuple[tuple[str, str, str, str, int], ...]:
    told = {"exact": exact, "contradicts": contradicts, "none": none}
    return (
        *(("ward", code, "name", verdict, n) for verdict, n in told.items() if n),
        ("ward", code, "key", "kept", exact + contradicts + none),
    )


def test_shares_are_of_the_rows_that_could_be_compared() -> None:
    (group,) = report(night(agreement=rows("40134", 30, 10, 60))).of("ward")
    name = group.parts["name"]
    assert name is not None
    assert (group.rows, group.held) == (100, 0)
    assert (name.rows, name.exact, name.nearly, name.contradicts) == (40, 0.75, 0, 0.25)
    assert group.parts["kana"] is None


def test_a_small_group_is_closed_with_one_that_would_tell_it() -> None:
    con = night(agreement=(*rows("40131", 9), *rows("40132", 20), *rows("40133", 50), *rows("40134", 0, 0, 60)))
    found = {group.code: (group.rows, group.parts["name"] is not None) for group in report(con).of("ward")}
    assert found == {"40131": (None, False), "40132": (None, False), "40133": (50, True), "40134": (60, False)}


def test_weights_stand_by_what_became_of_them() -> None:
    con = night(bins=((-8, "apart", 4), (14, "same", 1), (14, "unsure", 2)))
    assert report(con).bins == (Bin(-8, 0, 0, 4), Bin(14, 1, 2, 0))


def test_a_night_before_these_tables_has_none() -> None:
    con = night(("pupil_no:1", "key", None))
    con.execute("DROP TABLE linkage_agreement")
    con.execute("DROP TABLE linkage_weights")
    found = report(con)
    assert (found.bins, found.groups, len(found.ways)) == ((), (), 1)
