import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from mimamori import engine


def test_rows_and_tables_take_bound_values() -> None:
    con = engine.connect(threads=1, memory_gib=1)
    assert engine.rows_of(con, "select ? as a, ? as b", ["'; drop table x", 2]) == [{"a": "'; drop table x", "b": 2}]
    assert engine.table_of(con, "select $day as day", {"day": datetime.date(2026, 4, 1)}).to_pylist() == [
        {"day": datetime.date(2026, 4, 1)}
    ]


def test_nothing_is_fetched_and_days_are_japanese() -> None:
    con = engine.connect().cursor()
    settings = {
        row["name"]: row["value"]
        for row in engine.rows_of(con, "select name, value from duckdb_settings()")
        if row["name"] in {"autoinstall_known_extensions", "autoload_known_extensions", "TimeZone", "threads"}
    }
    assert settings == {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "TimeZone": "Asia/Tokyo",
        "threads": "2",
    }
    # 30 minutes past midnight in Japan is the day before in UTC
    [row] = engine.rows_of(con, "select timestamptz '2026-03-31 15:30:00+00' ::date as day")
    assert row["day"] == datetime.date(2026, 4, 1)


def test_string_similarity_compares_characters_not_bytes() -> None:
    [row] = engine.rows_of(engine.connect(), "select jaro_winkler_similarity('たろう', 'はなこ') as value")
    assert row["value"] == 0.0


@pytest.mark.parametrize("name", ["", "1a", "A", "a b", 'a"b', "a;b", "名前", "a\n", "_a"])
def test_names_outside_the_closed_form_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        engine.identifier(name)


def test_names_are_quoted() -> None:
    con = engine.connect()
    con.register("given", pa.table({"full": [1]}))
    sql = f"select {engine.identifier('full')} from given"
    assert engine.rows_of(con, sql) == [{"full": 1}]


def test_what_does_not_fit_is_an_error_and_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    con = engine.connect(threads=1, memory_gib=1)
    con.execute("SET memory_limit = '32MB'")
    with pytest.raises(engine.OutOfMemory):
        con.execute("CREATE TABLE a AS SELECT i, 'a name ' || i AS t, repeat('x', 200) AS r FROM range(1000000) s(i)")
    assert list(tmp_path.rglob("*")) == []
