"""What becomes of a file: stored, duplicate, quarantined in part, or refused whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.extracts import write_extract

from mimamori import config, engine, intake
from mimamori.config import Config
from mimamori.intake import Receipt
from mimamori.privacy.keys import KeyRing
from mimamori.sources import Layout, Registry, Table, load_registry

DAY, LATER = date(2026, 9, 30), date(2026, 10, 31)
TEXTS = {"date": "20200101", "month": "202004", "integer": "1", "number": "1", "flag": "1"}

Receive = Callable[..., list[Receipt]]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("MIMAMORI_HOME", str(tmp_path / "home"))
    return config.load()


@pytest.fixture
def receive(settings: Config, registry: Registry) -> Receive:
    def received(*paths: Path, **more: Any) -> list[Receipt]:
        return intake.receive(paths, config=settings, keyring=KeyRing(settings.keys), registry=registry, **more)

    return received


def row(layout: Layout, table: Table, place: int, **values: str) -> dict[str, str]:
    """A row with every required item filled, its key made from `place`."""
    made = {}
    for item in table.items:
        if item.field in table.row_key and item.type == "text":
            made[item.field] = str(place)
        elif item.type == "code" and (item.required or item.field in table.row_key):
            made[item.field] = next(iter(layout.codes[item.codes or ""]))
        elif item.required or item.field in table.row_key:
            made[item.field] = TEXTS.get(item.type, "1")
    return made | values


def state(settings: Config, registry: Registry, source: str, table: str, as_of: date) -> list[dict[str, Any]]:
    con = engine.connect()
    intake.load_state(con, config=settings, keyring=KeyRing(settings.keys), registry=registry, as_of=as_of)
    return engine.rows_of(con, f"SELECT * FROM {engine.identifier(f'{source}__{table}')}")


def fees(registry: Registry) -> tuple[Layout, Table]:
    layout = registry.get("school_lunch_fees")
    return layout, layout.tables[0]


def numbers(registry: Registry) -> tuple[Layout, Table, str]:
    """A table in CSV and one of its numbers."""
    for layout, table in registry.tables():
        for item in table.loaded_items():
            if item.type in {"number", "integer"} and item.field not in table.row_key and table.format.kind == "csv":
                return layout, table, item.field
    raise AssertionError("no layout has a number")


def written(folder: Path, layout: Layout, table: Table, day: date, *rows: dict[str, str], sequence: int = 1) -> Path:
    return write_extract(folder, layout, table, day, rows=rows, sequence=sequence)


def test_a_file_is_stored_and_known_again_under_any_name(tmp_path: Path, receive: Receive, registry: Registry) -> None:
    layout, table = fees(registry)
    path = written(tmp_path / "in", layout, table, DAY, *(row(layout, table, place) for place in range(3)))
    assert [(one.state, one.received, one.stored, one.quarantined) for one in receive(path)] == [("stored", 3, 3, 0)]
    assert [one.state for one in receive(path)] == ["duplicate"]
    renamed = tmp_path / f"sent again{path.suffix}"
    renamed.write_bytes(path.read_bytes())
    manifest = path.with_name(path.name + ".manifest.json").read_text(encoding="utf-8")
    renamed.with_name(renamed.name + ".manifest.json").write_text(manifest, encoding="utf-8")
    assert [one.state for one in receive(renamed)] == ["duplicate"]


@pytest.mark.parametrize(
    "case",
    [
        ("rows", 4, "件数"),
        ("sha256", "0" * 64, "ハッシュ"),
        ("layout_version", "0.0", "版"),
    ],
)
def test_a_file_that_is_not_its_manifests_is_refused_whole(
    tmp_path: Path, receive: Receive, registry: Registry, settings: Config, case: tuple[str, object, str]
) -> None:
    item, value, says = case
    layout, table = fees(registry)
    path = written(tmp_path, layout, table, DAY, *(row(layout, table, place) for place in range(3)))
    beside = path.with_name(path.name + ".manifest.json")
    beside.write_text(json.dumps(json.loads(beside.read_text(encoding="utf-8")) | {item: value}), encoding="utf-8")
    (receipt,) = receive(path)
    assert receipt.state == "refused"
    assert says in receipt.reasons[0][0]
    assert intake.deliveries(settings) == []


def test_two_files_of_one_table_are_refused(
    tmp_path: Path, receive: Receive, registry: Registry, settings: Config
) -> None:
    layout, table = fees(registry)
    one = written(tmp_path / "a", layout, table, DAY, row(layout, table, 1))
    other = written(tmp_path / "b", layout, table, DAY, row(layout, table, 2))
    receipts = receive(one, other)
    assert {receipt.state for receipt in receipts} == {"refused"}
    assert intake.deliveries(settings) == []


@pytest.mark.parametrize("value", ["nan", "inf", "1_000", "1e3", "四千", "0x10"])
def test_a_number_that_is_none_is_quarantined_with_place_and_reason(
    tmp_path: Path, receive: Receive, registry: Registry, settings: Config, value: str
) -> None:
    layout, table, field = numbers(registry)
    rows = [row(layout, table, place) for place in range(3)] + [row(layout, table, 9, **{field: value})]
    (receipt,) = receive(written(tmp_path, layout, table, DAY, *rows))
    assert (receipt.state, receipt.stored, receipt.quarantined) == ("stored", 3, 1)
    (delivery,) = intake.deliveries(settings)
    (held,) = intake.quarantine(settings, KeyRing(settings.keys), layout.name, delivery.id)
    assert (held.item, held.reason_ja) == (table.item(field).label.ja, "数として読めません。")
    assert value not in held.reason_ja + held.reason_en


@pytest.mark.parametrize("value", ["4900", "4,900", "4900", " 4900 "])
def test_a_number_is_read_as_departments_print_it(
    tmp_path: Path, receive: Receive, registry: Registry, settings: Config, value: str
) -> None:
    layout, table, field = numbers(registry)
    receive(written(tmp_path, layout, table, DAY, row(layout, table, 1, **{field: value})))
    assert [one[field] for one in state(settings, registry, layout.name, table.name, DAY)] == [4900]


def test_a_file_of_bad_rows_is_another_file(
    tmp_path: Path, receive: Receive, registry: Registry, settings: Config
) -> None:
    layout, table, field = numbers(registry)
    rows = [row(layout, table, 0)] + [row(layout, table, place, **{field: "x"}) for place in (1, 2)]
    (receipt,) = receive(written(tmp_path, layout, table, DAY, *rows))
    assert receipt.state == "refused"
    assert intake.deliveries(settings) == []


def test_a_fall_waits_for_a_person(tmp_path: Path, receive: Receive, registry: Registry, settings: Config) -> None:
    layout, table = next((a, b) for a, b in registry.tables() if b.kind == "full" and b.row_key)
    receive(written(tmp_path, layout, table, DAY, *(row(layout, table, place) for place in range(40))))
    fallen = written(tmp_path, layout, table, LATER, *(row(layout, table, place) for place in range(20)))
    assert [one.state for one in receive(fallen)] == ["to_confirm"]
    assert len(intake.deliveries(settings)) == 1
    assert [one.state for one in receive(fallen, confirm=True)] == ["stored"]


def test_a_day_sees_nothing_that_came_for_a_later_one(
    tmp_path: Path, receive: Receive, registry: Registry, settings: Config
) -> None:
    layout, table = next((a, b) for a, b in registry.tables() if b.kind == "full" and b.row_key)
    receive(written(tmp_path, layout, table, DAY, row(layout, table, 1)))
    before = state(settings, registry, layout.name, table.name, DAY)
    receive(written(tmp_path, layout, table, LATER, row(layout, table, 1), row(layout, table, 2)))
    assert state(settings, registry, layout.name, table.name, DAY) == before
    assert len(state(settings, registry, layout.name, table.name, LATER)) == 2


def test_a_correction_of_one_table_hides_no_other(
    tmp_path: Path, receive: Receive, registry: Registry, settings: Config
) -> None:
    layout = registry.get("child_allowance")
    for table in layout.tables:
        written(tmp_path / "whole", layout, table, DAY, row(layout, table, 1))
    receive(tmp_path / "whole")
    first, second = layout.tables[:2]
    receive(written(tmp_path / "correction", layout, first, DAY, row(layout, first, 1), row(layout, first, 2)))
    assert len(state(settings, registry, layout.name, first.name, DAY)) == 2
    assert len(state(settings, registry, layout.name, second.name, DAY)) == 1


@pytest.mark.parametrize("arrival", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_differences_are_replayed_in_their_own_order(
    tmp_path: Path, receive: Receive, registry: Registry, settings: Config, arrival: tuple[int, ...]
) -> None:
    layout, table = next((a, b) for a, b in registry.tables() if b.kind == "difference")
    sent = {
        1: (row(layout, table, 1, op="A"), row(layout, table, 2, op="A")),
        2: (row(layout, table, 1, op="D"), row(layout, table, 3, op="A")),
        3: (row(layout, table, 1, op="A"), row(layout, table, 2, op="D")),
    }
    for sequence in arrival:
        path = written(tmp_path / str(sequence), layout, table, DAY, *sent[sequence], sequence=sequence)
        assert [one.state for one in receive(path)] == ["stored"]
    (key, *_) = [item.field for item in table.items if item.field in table.row_key and item.type == "text"]
    assert sorted(one[key] for one in state(settings, registry, layout.name, table.name, DAY)) == ["1", "3"]
