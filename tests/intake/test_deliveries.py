"""Which files become a delivery: copies, several files of a table, falls, 個人番号, and what is left."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyrage
import pytest
from tests.intake.small import BEFORE, DAY, LATER, ROW, Home, csv_of, fixed_items, home_of, layout_of

from mimamori import engine
from mimamori.intake.receive import BUSY
from mimamori.refusal import Refused

ONE = csv_of([ROW])
TWO = csv_of([ROW, {**ROW, "no": "2"}])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_of(tmp_path)


def many(count: int) -> bytes:
    return csv_of([{**ROW, "no": str(place)} for place in range(count)])


def personal_numbers(count: int) -> list[str]:
    """Made-up numbers that pass the check digit, written out from the rule: Qn is n + 1 up to the sixth, then n − 5."""
    weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    made = []
    for serial in range(count):
        digits = f"{98765432100 - 7919 * serial:011d}"
        remainder = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        made.append(digits + str(0 if remainder < 2 else 11 - remainder))
    return made


@pytest.mark.parametrize("manifest", [None, {}, {"sequence": 2}])
@pytest.mark.parametrize("name", ["", "again.csv"])
def test_the_same_content_again_is_a_duplicate(home: Home, manifest: dict[str, Any] | None, name: str) -> None:
    if name and manifest is None:
        name = "copy/small.rows.20261031.csv"
        (home.folder / "copy").mkdir(parents=True)
    assert home.take(TWO, manifest=manifest).state == "stored"
    before = home.on_disk()
    assert home.take(TWO, manifest=manifest, name=name).state == "duplicate"
    assert home.on_disk() == before


def test_a_receipt_tells_the_delivery(home: Home) -> None:
    """Of a duplicate, the one that holds its content, of several."""
    first, second = (home.take(data, manifest={"sequence": n}) for n, data in enumerate((ONE, TWO), start=1))
    assert (first.delivery, second.delivery) == ("2026-10-31.1", "2026-10-31.2")
    again = home.take(ONE, manifest={"sequence": 1})
    assert (again.state, again.delivery) == ("duplicate", first.delivery)
    refused = home.take(ONE, manifest={"rows": 7, "sequence": 3})
    assert (refused.state, refused.delivery) == ("refused", "")


def test_a_copy_in_the_same_receive_counts_once(home: Home) -> None:
    paths = [home.write(TWO, manifest={}), home.write(TWO, manifest={}, name="copy.csv")]
    [receipt] = home.receive(home.folder, *paths)
    assert (receipt.state, receipt.received) == ("stored", 2)


def test_a_state_that_comes_back_is_no_duplicate(home: Home) -> None:
    """A correction is itself corrected: what was sent first holds again, because its number says so."""
    for sequence, data in enumerate((ONE, TWO, ONE), start=1):
        assert home.take(data, manifest={"sequence": sequence}).state == "stored"
    assert [row["no"] for row in home.state()] == ["0001"]


@pytest.mark.parametrize("manifest", [None, {}, {"sequence": 3}])
def test_two_files_of_one_table_that_nothing_tells_apart(home: Home, manifest: dict[str, Any] | None) -> None:
    (home.folder / "a").mkdir(parents=True)
    home.write(ONE, manifest=manifest)
    home.write(TWO, manifest=manifest, name="a/small.rows.20261031.csv")
    [receipt] = home.receive(home.folder)
    assert receipt.state == "refused"
    assert "二つ以上" in receipt.reasons[0][0]
    assert home.on_disk() == []


def test_a_delivery_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    home = home_of(tmp_path, layout_of({"name": "good"}, {"name": "bad"}))
    home.write(TWO, table="good")
    home.write(b"", table="bad")
    [receipt] = home.receive(home.folder)
    assert (receipt.state, home.on_disk()) == ("refused", [])
    home.write(ONE, table="bad")
    [receipt] = home.receive(home.folder)
    assert (receipt.state, receipt.received) == ("stored", 3)


def test_only_what_is_new_of_a_delivery_is_stored_again(tmp_path: Path) -> None:
    home = home_of(tmp_path, layout_of({"name": "one"}, {"name": "other"}))
    home.take(TWO, table="one")
    home.write(ONE, table="other")
    [receipt] = home.receive(home.folder)
    assert (receipt.state, receipt.received) == ("stored", 1)
    assert receipt.reasons[0][1] == "small.one.20261031.csv: received before, left out."
    assert [set(delivery.tables) for delivery in home.deliveries()] == [{"one"}, {"other"}]


def test_more_bad_rows_than_good_ones_are_another_file(home: Home) -> None:
    bad = {**ROW, "begun": "x"}
    assert home.take(csv_of([ROW, bad, {**bad, "no": "3"}])).state == "refused"
    assert home.on_disk() == []
    assert home.take(csv_of([ROW, bad])).state == "stored"


@pytest.mark.parametrize(
    ("before", "now", "day", "state"),
    [
        (30, 19, DAY, "to_confirm"),
        (30, 20, DAY, "stored"),
        (29, 1, DAY, "stored"),  # too few to say anything
        (30, 0, DAY, "to_confirm"),
        (30, 19, BEFORE, "to_confirm"),  # a correction of the same day
    ],
)
def test_a_fall_asks_a_person(home: Home, before: int, now: int, day: date, state: str) -> None:
    home.take(many(before), day=BEFORE)
    receipt = home.take(many(now), day=day)
    assert receipt.state == state
    if state == "to_confirm":
        assert f"{before} 件から {now} 件" in receipt.reasons[0][0]
        assert len(home.deliveries()) == 1
        assert home.take(many(now), day=day, confirm=True).state == "stored"
        assert len(home.state(as_of=day)) == now


def test_last_months_file_under_this_months_name_asks_a_person(home: Home) -> None:
    home.take(TWO, day=BEFORE)
    assert home.take(TWO, day=DAY).state == "to_confirm"
    assert home.take(TWO, day=DAY, manifest={}).state == "stored"  # the sender says so himself
    assert home.take(csv_of([]), day=LATER).state == "stored"


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2027, 11, 1), "stored"), (date(2027, 11, 2), "to_confirm"), (date(2062, 10, 31), "to_confirm")],
)
def test_a_day_far_ahead_asks_a_person(home: Home, day: date, state: str) -> None:
    home.take(ONE, day=date(2000, 1, 1))  # the first says nothing: any day may be the first
    home.take(ONE, day=DAY, manifest={}, confirm=True)
    receipt = home.take(TWO, day=day)
    assert receipt.state == state
    if state == "to_confirm":
        assert str(day) in receipt.reasons[0][0]
        assert [delivery.as_of for delivery in home.deliveries()] == [date(2000, 1, 1), DAY]
        assert home.take(TWO, day=day, confirm=True).state == "stored"


def test_what_systems_leave_in_folders_is_no_file(home: Home) -> None:
    home.write(TWO)
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "~$small.rows.20261031.csv"):
        (home.folder / name).write_bytes(b"x")
    assert [receipt.state for receipt in home.receive(home.folder)] == ["stored"]


def test_an_empty_file(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    assert home.take(b"").state == "refused"
    assert home.take(b"", manifest={"rows": 0}).state == "refused"
    assert home.take(csv_of([])).state == "stored"


def test_an_empty_file_without_a_heading_needs_a_manifest_that_says_so(tmp_path: Path) -> None:
    table = {"format": {"kind": "fixed", "encoding": "cp932", "header": False}, "items": fixed_items(no=4, name=20)}
    home = home_of(tmp_path, layout_of(table))
    home.take(b"".join(f"{place:<4}{'a':<20}\r\n".encode() for place in range(3)), suffix="txt", day=BEFORE)
    assert home.take(b"", suffix="txt").state == "refused"
    assert len(home.state()) == 3
    assert home.take(b"", suffix="txt", manifest={"rows": 0}).state == "stored"
    assert home.state() == []


@pytest.mark.parametrize(
    ("label", "write"),
    [
        ("番号", str),
        ("備考", str),
        ("備考", lambda number: f"{number[:4]}-{number[4:8]}-{number[8:]}"),
        ("更新日時", str),
    ],
)
def test_a_column_of_personal_numbers_stops_the_delivery(tmp_path: Path, label: str, write: Any) -> None:
    difference = label == "更新日時"
    home = home_of(tmp_path, layout_of({"kind": "difference" if difference else "full"}))
    columns = ["処理区分", "更新日時"] if difference else []
    field = "no" if label == "番号" else label
    rows = [
        {**dict.fromkeys(columns, "A"), **ROW, "no": str(place), "備考": "", field: write(number)}
        for place, number in enumerate(personal_numbers(8))
    ]  # fmt: skip
    receipt = home.take(csv_of(rows))
    assert receipt.state == "refused"
    assert "個人番号" in receipt.reasons[0][0]
    assert not any(number in f"{receipt}" for number in personal_numbers(8))
    assert home.on_disk() == []


def test_a_missing_column_is_told(home: Home) -> None:
    receipt = home.take(ONE)
    assert receipt.state == "stored"
    assert "フリガナ" in receipt.reasons[0][0]
    assert home.deliveries()[0].reasons == [ja for ja, _ in receipt.reasons]


def test_what_is_kept_is_encrypted_and_for_this_account_alone(home: Home) -> None:
    home.take(TWO)
    folder = home.config.deliveries / "small" / "2026-10-31.1"
    assert {path.name for path in folder.iterdir()} == {
        "rows.parquet",
        "quarantine.parquet",
        "delivery.json",
        "received",
    }
    assert (
        pyrage.decrypt(
            (folder / "received" / "small.rows.20261031.csv.age").read_bytes(), [home.keyring.age_identity()]
        )
        == TWO
    )
    for path in (home.config.home / "deliveries").rglob("*"):
        if path.is_dir():
            assert path.stat().st_mode & 0o077 == 0, path
        else:
            content = path.read_bytes()
            assert "青木".encode() not in content and "青木".encode("cp932") not in content
    told = json.loads((folder / "delivery.json").read_text(encoding="utf-8"))
    assert told["tables"]["rows"]["received"] == 2


def test_numbers_of_deliveries_do_not_repeat(home: Home) -> None:
    import shutil

    for count in (1, 2):
        home.take(many(count))
    shutil.rmtree(home.config.deliveries / "small" / "2026-10-31.1")
    home.take(many(3))
    assert [delivery.id for delivery in home.deliveries()] == ["2026-10-31.2", "2026-10-31.3"]


def test_one_receive_at_a_time(home: Home) -> None:
    path = home.write(TWO)
    with engine.alone(home.config.home / "receive.lock", otherwise=BUSY), pytest.raises(Refused) as refused:
        home.receive(path)
    assert refused.value.ja.startswith("別の受領")
    assert [receipt.state for receipt in home.receive(path)] == ["stored"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: b"",
        lambda told: b"{}",
        lambda told: b"[]",
        lambda told: told[:-9],
        lambda told: b"\xff" + told,
        lambda told: told.replace(b'"n": 1', b'"n": "1"'),
        lambda told: told.replace(b'"n": 1', b'"m": 1'),
        lambda told: told.replace(b'"stored"', b'"strd"'),
        lambda told: told.replace(b'"2026-10-31"', b'"2026-10-32"'),
        lambda told: b"[" * 100_000,
    ],
)
def test_a_damaged_delivery_is_told_by_its_name(home: Home, spoil: Callable[[bytes], bytes]) -> None:
    home.take(TWO)
    document = home.config.deliveries / "small" / "2026-10-31.1" / "delivery.json"
    assert spoil(document.read_bytes()) != document.read_bytes()
    document.write_bytes(spoil(document.read_bytes()))
    with pytest.raises(Refused, match=r"small/2026-10-31\.1 is damaged"):
        home.deliveries()


def test_no_such_delivery(home: Home) -> None:
    from mimamori import intake

    with pytest.raises(Refused):
        intake.quarantine(home.config, home.keyring, "small", "../../keys")
