"""The zone on the disk: whole or not at all, closed to others, one family on all days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mimamori.engine import Damaged
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.screening.models.cohort import Cohort
from mimamori.screening.models.shapes import KEYS, Feature
from mimamori.screening.models.zone import (
    Manifest,
    is_there,
    read_manifest,
    read_panel,
    remove_project,
    told_features,
    writing,
)
from mimamori.sources.item import Label

FIRST, SECOND = date(2025, 7, 31), date(2025, 10, 31)
FEATURE = Feature("absences", Label(ja="欠席", en="Absences"), "higher", ("school_affairs",))
SCHEMA = pa.schema([*KEYS, pa.field("absences", pa.float32())])


def a_manifest(project: str = "absence-try") -> Manifest:
    return Manifest(
        project=project,
        difficulty="absence",
        window_months=12,
        key_version=3,
        code="0.1.0",
        record="2026-10-31.00000000",
        record_as_of=date(2026, 10, 31),
        conditions="0" * 64,
        features=told_features([FEATURE]),
        left_out={"in_care": Label(ja="人が見るため", en="for people")},
    )


def a_cohort(day: date, homes: Sequence[tuple[str, str]], absences: float | None = 1.5) -> Cohort:
    """Of (token, household)."""
    same: dict[str, Any] = {
        "day": day, "ward": "40131", "age_band": "6-11", "sex": "1", "nationality": "1", "welfare": False,
        "points": 0.0, "must": False, "listed": False, "event": True, "absences": absences,
    }  # fmt: skip
    found = [{"token": token, "household": home, **same} for token, home in homes]
    table = pa.Table.from_pylist(found, SCHEMA)
    return Cohort(day=day, table=table, complete=True, fates={"event": len(homes)}, unseen={"x": 1}, merged=0)


@pytest.fixture
def keyring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def written(zone: Path, keyring: KeyRing, *cohorts: Cohort, project: str = "absence-try") -> Manifest:
    with writing(zone, keyring, a_manifest(project)) as writer:
        for cohort in cohorts:
            writer.add("2025-10-31.made", cohort)
    return writer.manifest


def test_what_was_written_is_read_in_order_of_day_and_token(tmp_path: Path, keyring: KeyRing) -> None:
    zone = tmp_path / "zone"
    made = written(zone, keyring, a_cohort(SECOND, [("a", "h")]), a_cohort(FIRST, [("a", "h"), ("b", "h")], None))
    assert read_manifest(zone, "absence-try") == made
    assert [(one.day, one.rows, one.events, one.unseen) for one in made.days] == [
        (FIRST, 2, 2, {"x": 1}), (SECOND, 1, 1, {"x": 1}),
    ]  # fmt: skip
    panel = read_panel(zone, keyring, "absence-try")
    assert (panel.difficulty, panel.window_months, panel.features) == ("absence", 12, (FEATURE,))
    assert panel.days == (FIRST, SECOND)
    assert panel.table.schema.field("absences").type == pa.float64()
    assert panel.table["token"].to_pylist() == ["a", "b", "a"]
    assert panel.table["absences"].to_pylist() == [None, None, 1.5]
    assert read_panel(zone, keyring, "absence-try", days=[SECOND]).table.num_rows == 1


def test_who_ever_shared_a_household_is_one_family_on_all_days(tmp_path: Path, keyring: KeyRing) -> None:
    """A move between wards renews the household's number; a chain of two moves is one family still."""
    zone = tmp_path / "zone"
    written(
        zone,
        keyring,
        a_cohort(FIRST, [("a", "h1"), ("b", "h1"), ("c", "h9"), ("d", "h8")]),
        a_cohort(SECOND, [("a", "h2"), ("b", "h3"), ("c", "h9"), ("e", "h3")]),
    )
    table = read_panel(zone, keyring, "absence-try").table
    family = {(row["token"], row["day"]): row["household"] for row in table.to_pylist()}
    one = family["a", FIRST]
    assert {family[who] for who in family if who[0] in "abe"} == {one}
    assert len({one, family["c", FIRST], family["d", FIRST]}) == 3
    assert family["c", FIRST] == family["c", SECOND]


def test_only_this_account_and_only_the_projects_own_key_open_it(tmp_path: Path, keyring: KeyRing) -> None:
    zone = tmp_path / "zone"
    written(zone, keyring, a_cohort(FIRST, [("a", "h")]))
    folder = zone / "absence-try"
    assert (zone.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o700, 0o700)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    with pytest.raises(OSError, match="encrypted"):
        pq.read_table(folder / f"{FIRST}.parquet")
    assert len({keyring.zone_key("absence-try"), keyring.zone_key("other"), keyring.data_key}) == 3
    with pytest.raises(Damaged):
        read_panel(zone, KeyRing(tmp_path / "other keys"), "absence-try")


def test_a_project_that_breaks_off_leaves_what_was_there(tmp_path: Path, keyring: KeyRing) -> None:
    zone = tmp_path / "zone"
    before = written(zone, keyring, a_cohort(FIRST, [("a", "h")]))
    with pytest.raises(ZeroDivisionError), writing(zone, keyring, a_manifest()) as writer:
        writer.add("x", a_cohort(SECOND, [("b", "h")]))
        raise ZeroDivisionError
    assert read_manifest(zone, "absence-try") == before
    assert sorted(path.name for path in zone.iterdir()) == [".absence-try.lock", "absence-try"]


def test_a_project_is_written_once_at_a_time(tmp_path: Path, keyring: KeyRing) -> None:
    zone = tmp_path / "zone"
    with writing(zone, keyring, a_manifest()), pytest.raises(Refused, match="being made"):
        written(zone, keyring, a_cohort(FIRST, [("a", "h")]))
    assert is_there(zone, "absence-try")


@pytest.mark.parametrize("file", ["manifest.json", f"{FIRST}.parquet"])
def test_a_file_that_was_changed_is_noticed(tmp_path: Path, keyring: KeyRing, file: str) -> None:
    zone = tmp_path / "zone"
    written(zone, keyring, a_cohort(FIRST, [("a", "h")]))
    (zone / "absence-try" / file).write_bytes(b"{}")
    with pytest.raises(Damaged):
        read_panel(zone, keyring, "absence-try")


@pytest.mark.parametrize("name", ["../keys", "", "Absence", "不登校"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, keyring: KeyRing, name: str) -> None:
    with pytest.raises(Refused):
        read_panel(tmp_path / "zone", keyring, name)
    with pytest.raises(Refused):
        written(tmp_path / "zone", keyring, project=name)


def test_a_project_that_was_removed_is_gone(tmp_path: Path, keyring: KeyRing) -> None:
    zone = tmp_path / "zone"
    written(zone, keyring, a_cohort(FIRST, [("a", "h")]))
    remove_project(zone, "absence-try")
    assert not is_there(zone, "absence-try")
    with pytest.raises(Refused, match="no project"):
        remove_project(zone, "absence-try")
