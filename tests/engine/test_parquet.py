from pathlib import Path

import pyarrow as pa
import pytest

from mimamori import engine

KEY = bytes(range(32))
TABLE = pa.table({"name": ["髙﨑 𠮷", None, "﨑"], "count": [1, 2, None]})


def test_round_trip_and_choice_of_columns(tmp_path: Path) -> None:
    engine.write_parquet(tmp_path / "t.parquet", TABLE, KEY)
    assert engine.read_parquet(tmp_path / "t.parquet", KEY).equals(TABLE)
    assert engine.read_parquet(tmp_path / "t.parquet", KEY, columns=["count"]).column_names == ["count"]


def test_nothing_can_be_read_from_the_file(tmp_path: Path) -> None:
    engine.write_parquet(tmp_path / "t.parquet", TABLE, KEY)
    raw = (tmp_path / "t.parquet").read_bytes()
    assert "髙﨑".encode() not in raw and b"count" not in raw and b"name" not in raw
    assert (tmp_path / "t.parquet").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spoil", ["key", "byte", "cut"])
def test_another_key_or_changed_bytes_are_refused(tmp_path: Path, spoil: str) -> None:
    path, key = tmp_path / "t.parquet", KEY
    engine.write_parquet(path, TABLE, key)
    raw = path.read_bytes()
    if spoil == "key":
        key = bytes(32)
    elif spoil == "byte":
        middle = len(raw) // 3
        path.write_bytes(raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :])
    else:
        path.write_bytes(raw[:-20])
    with pytest.raises(engine.Damaged):
        engine.read_parquet(path, key)


def test_a_failed_write_leaves_the_old_file_and_no_remains(tmp_path: Path) -> None:
    engine.write_parquet(tmp_path / "t.parquet", TABLE, KEY)
    with pytest.raises(Exception, match="key"):
        engine.write_parquet(tmp_path / "t.parquet", TABLE, b"too short")
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]
    assert engine.read_parquet(tmp_path / "t.parquet", KEY).num_rows == 3
