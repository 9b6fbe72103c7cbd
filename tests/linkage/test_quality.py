"""Quality against a truth: what is counted, on links made by hand."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mimamori.linkage import PAIRS
from mimamori.linkage.quality import measure
from mimamori.refusal import Refused

# Person 1 and her twin 2, a sibling 3, a stranger 4; each with a city number and a pupil number.
TRUE = [(f"{space}:{person}", person) for person in (1, 2, 3, 4) for space in ("addressee_no", "pupil_no")]


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    pq.write_table(
        pa.table({"ref": [ref for ref, _ in TRUE], "person_id": [p for _, p in TRUE]}), tmp_path / "records.parquet"
    )
    born = ["2017-05-13", "2017-05-13", "2015-01-02", "2017-05-13"]
    people = pa.table({"person_id": [1, 2, 3, 4], "birth_date": born, "household_id": [7, 7, 7, 8]})
    pq.write_table(people, tmp_path / "people.parquet")
    return tmp_path


def links(cases: dict[str, str]) -> pa.Table:
    """Pupils are linked by a pass, city numbers are their own."""
    how = ["pass:name" if ref.startswith("pupil_no") else "key" for ref in cases]
    return pa.table({"ref": list(cases), "case_no": list(cases.values()), "how": how, "weight": [None] * len(cases)})


RIGHT = {ref: f"K{person}" for ref, person in TRUE}


def test_all_right(truth: Path) -> None:
    found = measure(links(RIGHT), PAIRS.empty_table(), truth)["linkage"]
    assert (found["precision"], found["recall"], found["f1"], found["auto_precision"]) == (1, 1, 1, 1)
    assert (found["twins_merged"], found["siblings_merged"], found["grey_share"]) == (0, 0, 0)


def test_one_missed(truth: Path) -> None:
    found = measure(links({**RIGHT, "pupil_no:4": "K9"}), None, truth)["linkage"]
    assert (found["precision"], found["recall"], found["grey_share"]) == (1, 0.75, None)


def test_a_twin_taken_for_the_other(truth: Path) -> None:
    found = measure(links({**RIGHT, "pupil_no:2": "K1"}), None, truth)
    assert found["linkage"]["precision"] == 0.6  # 3 of the pairs of K1 (3), K3 and K4
    assert found["linkage"]["auto_precision"] == 0.75
    assert (found["linkage"]["twins_merged"], found["linkage"]["siblings_merged"]) == (1, 1)
    assert found["by_source"]["pupil_no"]["wrong"] == 1


def test_a_sibling_is_no_twin_and_a_stranger_neither(truth: Path) -> None:
    sibling = measure(links({**RIGHT, "pupil_no:3": "K1"}), None, truth)["linkage"]
    assert (sibling["twins_merged"], sibling["siblings_merged"]) == (0, 1)
    stranger = measure(links({**RIGHT, "pupil_no:4": "K1"}), None, truth)["linkage"]
    assert (stranger["twins_merged"], stranger["siblings_merged"]) == (0, 0)


def test_the_grey_share_is_of_the_pupils(truth: Path) -> None:
    pairs = pa.Table.from_pylist(
        [{"left_ref": "pupil_no:1", "right_ref": "addressee_no:2", "weight": 1.0, "why": ""}], PAIRS
    )
    assert measure(links(RIGHT), pairs, truth)["linkage"]["grey_share"] == 0.25


def test_what_the_truth_does_not_know_is_not_counted(truth: Path) -> None:
    found = measure(links({**RIGHT, "addressee_no:1@childcare.child": "K9"}), None, truth)["linkage"]
    assert (found["refs"], found["recall"]) == (8, 1)


def test_no_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        measure(links(RIGHT), None, tmp_path)
