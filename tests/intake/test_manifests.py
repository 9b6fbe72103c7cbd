"""What a file is: told by its manifest and its name, which must agree, and by nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.intake.small import ROW, Home, csv_of, home_of

from mimamori.refusal import Refused

TWO = csv_of([ROW, {**ROW, "no": "2"}])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_of(tmp_path)


@pytest.mark.parametrize("manifest", [None, {}, {"sequence": 7}, {"layout_version": ...}, {"created_at": "x"}])
def test_a_file_with_or_without_a_manifest_is_stored(home: Home, manifest: dict[str, Any] | None) -> None:
    receipt = home.take(TWO, manifest=manifest)
    assert (receipt.state, receipt.received, receipt.stored) == ("stored", 2, 2)
    assert [row["no"] for row in home.state()] == ["0001", "2"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sha256": "0" * 64}, "ハッシュ値"),
        ({"rows": 1}, "件数"),
        ({"layout_version": "0.9"}, "レイアウトの版"),
        ({"kind": "difference"}, "提供の種類"),
    ],
)
def test_a_file_that_is_not_its_manifests_is_refused_and_leaves_nothing(
    home: Home, wrong: dict[str, Any], says: str
) -> None:
    receipt = home.take(TWO, manifest=wrong)
    assert receipt.state == "refused"
    assert says in receipt.reasons[0][0]
    assert home.on_disk() == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"as_of": "2026-09-30"}, "ファイル名と送り状"),
        ({"source": "other"}, "ファイル名と送り状"),
        ({"table": "others"}, "ファイル名と送り状"),
        ({"as_of": "2026-10-32"}, "as_of"),
        ({"as_of": ...}, "as_of"),
        ({"rows": -1}, "rows"),
        ({"rows": "many"}, "rows"),
        ({"sha256": "0"}, "sha256"),
        ({"sha256": ...}, "sha256"),
        ({"sequence": "last"}, "sequence"),
        ({"sequence": 0}, "sequence"),
        ({"kind": "both"}, "kind"),
    ],
)
def test_a_manifest_that_cannot_be_believed_stops_the_receive(home: Home, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused) as refused:
        home.take(TWO, manifest=wrong)
    assert says in refused.value.ja
    assert home.on_disk() == []


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff\xfe", b"null", b'"x"'])
def test_a_manifest_that_is_none(home: Home, text: bytes) -> None:
    path = home.write(TWO, manifest={})
    path.with_name(path.name + ".manifest.json").write_bytes(text)
    with pytest.raises(Refused, match="manifest"):
        home.receive(path)


def test_a_manifest_whose_file_is_missing(home: Home) -> None:
    path = home.write(TWO, manifest={})
    path.unlink()
    with pytest.raises(Refused, match="missing"):
        home.receive(home.folder)


def test_a_manifest_given_as_a_path_means_its_file(home: Home) -> None:
    path = home.write(TWO, manifest={})
    [receipt] = home.receive(*sorted(home.folder.iterdir()))
    assert (path.exists(), receipt.state, receipt.received) == (True, "stored", 2)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("readme.txt", "no manifest"),
        ("other.rows.20261031.csv", "no source"),
        ("small.others.20261031.csv", "no table"),
        ("small.rows.20261131.csv", "no day"),
        ("small.rows.２０２６１０３１.csv", "no manifest"),
    ],
)
def test_a_file_nobody_can_name_stops_the_receive(home: Home, name: str, says: str) -> None:
    home.write(TWO)
    home.write(TWO, name=name)
    with pytest.raises(Refused, match=says):
        home.receive(home.folder)
    assert home.on_disk() == []


def test_paths_without_files_are_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".DS_Store").touch()
    for path in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(Refused, match=path.name):
            home.receive(path)
