"""What the stored deliveries say together as of a day: full tables, differences replayed, ages of sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from tests.intake.small import BEFORE, DAY, ITEMS, LATER, ROW, Home, csv_of, home_of, layout_of

from mimamori.refusal import Refused
from mimamori.sources import Registry, load_registry

FULL, DIFFERENCE = {"name": "rows"}, {"name": "rows", "kind": "difference"}


def changes(*rows: tuple[str, str, str]) -> bytes:
    """(operation, number, name) as a difference file."""
    return csv_of(
        [{"処理区分": op, "更新日時": "20261031180000", **ROW, "no": no, "name": name} for op, no, name in rows]
    )


def found(home: Home, as_of: date = DAY) -> dict[str, str]:
    return {row["no"]: row["name"] for row in home.state(as_of=as_of)}


def full(*numbers: str) -> bytes:
    return csv_of([{**ROW, "no": no} for no in numbers])


def test_a_full_table_is_its_newest_file(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    home.take(full("1", "2"), day=BEFORE)
    home.take(full("2", "3"), day=DAY)
    assert set(found(home)) == {"2", "3"}
    assert set(found(home, BEFORE)) == {"1", "2"}
    assert {row["_delivery"] for row in home.state()} == {"2026-10-31.1"}
    assert [row["_row"] for row in home.state()] == [2, 3]


@pytest.mark.parametrize("day", [BEFORE - timedelta(1), date(2000, 1, 1)])
def test_no_day_sees_what_came_for_a_later_one(tmp_path: Path, day: date) -> None:
    home = home_of(tmp_path)
    home.take(full("1"), day=BEFORE)
    assert found(home, day) == {}
    assert home.ask("SELECT state FROM source_status", day) == [{"state": "missing"}]
    assert set(found(home, BEFORE)) == {"1"}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_differences_that_arrive_in_any_order_say_the_same(tmp_path: Path, order: tuple[int, ...]) -> None:
    home = home_of(tmp_path, layout_of(DIFFERENCE))
    files: list[tuple[date, int, bytes]] = [
        (BEFORE, 1, changes(("A", "1", "one"), ("A", "2", "two"), ("A", "3", "three"), ("D", "9", "nobody"))),
        (DAY, 1, changes(("U", "1", "uno"), ("D", "2", "two"), ("D", "3", "three"))),
        (DAY, 2, changes(("A", "3", "tres"), ("A", "4", "x"), ("U", "4", "four"))),
        (DAY, 10, changes(("U", "1", "eins"), ("D", "4", ""))),
    ]
    for place in order:
        day, sequence, data = files[place]
        receipt = home.take(data, day=day, manifest={"sequence": sequence}, name=f"{place}.csv")
        assert (receipt.state, receipt.quarantined) == ("stored", 0)
    assert found(home) == {"1": "eins", "3": "tres"}
    assert found(home, BEFORE) == {"1": "one", "2": "two", "3": "three"}


def test_several_differences_of_a_day_in_one_folder(tmp_path: Path) -> None:
    home = home_of(tmp_path, layout_of(DIFFERENCE))
    for sequence, file, name in ((2, "b", "two"), (1, "c", "one"), (3, "a", "three"), (4, "d", "two")):
        home.write(changes(("U", "1", name)), manifest={"sequence": sequence}, name=f"{file}.csv")
    receipts = home.receive(home.folder)
    assert [receipt.state for receipt in receipts] == ["stored"] * 4
    assert found(home) == {"1": "two"}
    assert [delivery.tables["rows"].sequence for delivery in home.deliveries()] == [1, 2, 3, 4]


def test_a_difference_without_a_number_comes_after_what_is_there(tmp_path: Path) -> None:
    home = home_of(tmp_path, layout_of(DIFFERENCE))
    home.take(changes(("A", "1", "first")), manifest={"sequence": 5})
    home.take(changes(("U", "1", "second")))
    assert found(home) == {"1": "second"}
    home.take(changes(("U", "1", "third")), manifest={"sequence": 6})
    assert found(home) == {"1": "third"}


def test_another_difference_under_the_same_number_is_refused(tmp_path: Path) -> None:
    home = home_of(tmp_path, layout_of(DIFFERENCE))
    home.take(changes(("A", "1", "right")), manifest={"sequence": 1})
    receipt = home.take(changes(("A", "1", "other")), manifest={"sequence": 1})
    assert receipt.state == "refused"
    assert "連番 1" in receipt.reasons[0][0]
    assert found(home) == {"1": "right"}
    assert home.take(changes(("A", "1", "other")), manifest={"sequence": 1}, day=LATER).state == "stored"


def test_a_full_file_with_a_lower_number_does_not_hold(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    home.take(full("1", "2"), manifest={"sequence": 2})
    home.take(full("1"), manifest={"sequence": 1})
    assert set(found(home)) == {"1", "2"}


def test_a_correction_of_one_table_hides_no_other(tmp_path: Path) -> None:
    home = home_of(tmp_path, layout_of({"name": "one"}, {"name": "two"}, {"name": "three", "kind": "difference"}))
    home.write(full("1"), table="one")
    home.write(full("2"), table="two")
    home.write(changes(("A", "3", "three")), table="three")
    home.receive(home.folder)
    home.take(full("1", "11"), table="one")
    assert [row["no"] for row in home.state("one")] == ["1", "11"]
    assert [row["no"] for row in home.state("two")] == ["2"]
    assert [row["no"] for row in home.state("three")] == ["3"]
    assert home.ask("SELECT state, as_of FROM source_status") == [{"state": "fresh", "as_of": DAY}]


@pytest.mark.parametrize(
    ("days", "state"), [(0, "fresh"), (45, "fresh"), (46, "stale"), (-1, "missing")]
)  # freshness_days is 45
def test_the_age_of_a_source(tmp_path: Path, days: int, state: str) -> None:
    home = home_of(tmp_path)
    home.take(full("1"))
    [status] = home.ask("SELECT * FROM source_status", DAY + timedelta(days))
    received = None if state == "missing" else home.deliveries()[0].received_at.date()
    assert status == {
        "source": "small",
        "as_of": None if state == "missing" else DAY,
        "received_on": received,
        "state": state,
    }


def test_a_source_is_as_old_as_its_oldest_table(tmp_path: Path) -> None:
    """Of two tables one stopped coming: that the other is fresh does not make its silence mean anything."""
    home = home_of(tmp_path, layout_of({"name": "one"}, {"name": "two"}, {"name": "never"}))
    for table in ("one", "two"):
        home.take(full("1"), table=table, day=date(2026, 8, 31))
    for day in (BEFORE, DAY):
        home.take(full("1", "2"), table="one", day=day, manifest={})
    [status] = home.ask("SELECT state, as_of FROM source_status")
    assert status == {"state": "stale", "as_of": date(2026, 8, 31)}


def test_tables_never_delivered_are_there_without_rows(tmp_path: Path) -> None:
    home = home_of(tmp_path, layout_of(FULL, {"name": "more", "kind": "difference"}))
    assert home.state() == home.state("more") == []
    assert home.ask("SELECT born, born_raw, born_status, days, _delivery, _as_of, _row FROM small__more") == []


def test_every_layout_that_is_shipped_has_its_tables(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    home.registry = load_registry()
    names = {row["table_name"] for row in home.ask("SELECT table_name FROM duckdb_tables()")}
    assert names == {f"{layout.name}__{table.name}" for layout, table in home.registry.tables()} | {"source_status"}


def changed(home: Home, **item: dict[str, Any] | None) -> Home:
    """The same home under a layout whose items were edited (None: taken out)."""
    edits = {known["field"]: item.get(known["field"], {}) for known in ITEMS}
    items = [known | edit for known in ITEMS if (edit := edits[known["field"]]) is not None]
    items += [made | {"field": name} for name, made in item.items() if made and name not in {i["field"] for i in ITEMS}]
    return replace(home, registry=Registry((layout_of({"items": items}),), home.registry.municipality))


def test_a_column_that_a_layout_gains_is_unknown_in_older_deliveries(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    home.take(csv_of([{**ROW, "kana": "アオキ", "days": "3"}]))
    label = {"ja": "備考", "en": "Note"}
    edited = changed(
        home, note={"label": label}, seen={"label": {"ja": "面会日", "en": "Seen"}, "type": "date"}, kana=None
    )
    [row] = edited.state()
    assert (row["note"], row["seen"], row["days"], "kana" in row) == (None, None, 3, False)


def test_an_item_switched_off_is_not_loaded_from_older_deliveries(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    home.take(csv_of([{**ROW, "kana": "アオキ"}]))
    assert "kana" not in changed(home, kana={"loaded": False}).state()[0]


def test_a_type_that_stored_values_cannot_take_is_told(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    home.take(csv_of([{**ROW, "kana": "アオキ", "days": "3"}]))
    assert changed(home, days={"type": "number"}).state()[0]["days"] == 3.0
    with pytest.raises(Refused) as refused:
        changed(home, kana={"type": "integer"}).state()
    assert "フリガナ" in refused.value.ja
    assert "アオキ" not in refused.value.ja + refused.value.en


@pytest.mark.parametrize(("first", "then"), [(FULL, DIFFERENCE), (DIFFERENCE, FULL)])
def test_a_table_that_changes_its_kind(tmp_path: Path, first: dict[str, str], then: dict[str, str]) -> None:
    """Differences are replayed on the last full file; a full table does not take a difference for everything."""
    home = home_of(tmp_path, layout_of(first))
    home.take(full("9") if first is FULL else changes(("A", "9", "nine")), day=date(2026, 8, 31))
    home.take(full("1", "2") if first is FULL else changes(("A", "1", "one")), day=BEFORE)
    home = replace(home, registry=Registry((layout_of(then),), home.registry.municipality))
    if then is FULL:
        assert found(home) == {}
        home.take(full("7"))
        assert set(found(home)) == {"7"}
    else:
        home.take(changes(("D", "1", ""), ("A", "3", "three")))
        assert set(found(home)) == {"2", "3"}


def test_a_stored_file_that_is_gone_is_told(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    home.take(full("1"))
    (home.config.deliveries / "small" / "2026-10-31.1" / "rows.parquet").unlink()
    with pytest.raises(Refused, match=r"small/2026-10-31\.1/rows\.parquet"):
        home.state()
