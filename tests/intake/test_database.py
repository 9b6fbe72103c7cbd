"""A source asked by SQL: text in batches, and nothing that could write, hang or tell a secret."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.intake.small import DAY, layout_of

from mimamori.cli.entry import run
from mimamori.config import Config
from mimamori.intake.database import fetch, tables_asked_for
from mimamori.refusal import Refused

URL = os.environ.get("DATABASE_URL", "")
on_postgresql = pytest.mark.skipif(not URL.startswith("postgres"), reason="needs PostgreSQL")
LAYOUT = layout_of({}, {"name": "visits"})
SECRET = "pass-phrase"


def settled(home: Path, query: str = "SELECT 1 AS no", *, url: str = URL, table: str = "rows", **more: Any) -> Config:
    """A home with one query and one database."""
    (home / "queries" / "core").mkdir(parents=True, exist_ok=True)
    (home / "queries" / "core" / f"small.{table}.sql").write_text(query, encoding="utf-8")
    told = "".join(f"{key} = {value}\n" for key, value in more.items())
    (home / "databases.toml").write_text(f'[databases.core]\nurl = "{url}"\n{told}', encoding="utf-8")
    (home / "databases.toml").chmod(0o600)
    return Config(home=home)


def ask(config: Config, notes: list[str] | None = None) -> list[dict[str, str]]:
    found = []
    for batch in fetch(LAYOUT, LAYOUT.tables[0], config=config, as_of=DAY, progress=(notes or []).append):
        assert {str(field.type) for field in batch.schema} == {"string"}
        found += batch.to_pylist()
    return found


@pytest.fixture
def schema() -> Iterator[str]:
    """A table of a source as it might be, in a schema of this process."""
    import psycopg

    name = f"source_{os.getpid()}"
    with psycopg.connect(URL, autocommit=True) as con:
        con.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        con.execute(f"CREATE SCHEMA {name}")
        con.execute(
            f"CREATE TABLE {name}.people (no char(8), shimei text, born date, sum numeric(10, 2), aid boolean, "
            f"days int, at timestamp)"
        )
        con.execute(
            f"INSERT INTO {name}.people VALUES ('0000123', '青木 𠮷', '2022-02-25', 1200.50, true, NULL, "
            "'2022-02-25 09:30'), ('0000124', '森下, \"a\"', NULL, NULL, false, 3, NULL)"
        )
        con.execute(f"CREATE SEQUENCE {name}.numbers")
        yield name
        con.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.mark.database
@on_postgresql
def test_every_value_is_text_under_the_querys_names(tmp_path: Path, schema: str) -> None:
    query = f"""-- the people of the day; who left is not asked for
        SELECT no, shimei AS "氏名", born AS "生年月日", sum, aid, days, at, :as_of AS day, '::x'::text AS note
        FROM {schema}.people WHERE born IS NULL OR born <= :as_of ORDER BY no;
    """
    notes = ["begun"]
    assert ask(settled(tmp_path, query), notes) == [
        {"no": "0000123", "氏名": "青木 𠮷", "生年月日": "2022-02-25", "sum": "1200.50", "aid": "true", "days": "",
         "at": "2022-02-25 09:30:00", "day": "2026-10-31", "note": "::x"},
        {"no": "0000124", "氏名": '森下, "a"', "生年月日": "", "sum": "", "aid": "false", "days": "3", "at": "",
         "day": "2026-10-31", "note": "::x"},
    ]  # fmt: skip
    assert notes[-1] == "core/small.rows.sql 2"


@pytest.mark.database
@on_postgresql
def test_many_rows_come_in_batches(tmp_path: Path, schema: str) -> None:
    config = settled(tmp_path, "SELECT repeat('x', 400) AS no FROM generate_series(1, 100000)")
    sizes = [batch.num_rows for batch in fetch(LAYOUT, LAYOUT.tables[0], config=config, as_of=DAY)]
    assert sum(sizes) == 100_000
    assert len(sizes) > 1


@pytest.mark.database
@on_postgresql
def test_a_fault_of_who_reads_is_not_told_as_the_databases(tmp_path: Path) -> None:
    def fails(_: str) -> None:
        raise BrokenPipeError("ours")

    with pytest.raises(BrokenPipeError, match="ours"):
        list(fetch(LAYOUT, LAYOUT.tables[0], config=settled(tmp_path), as_of=DAY, progress=fails))


@pytest.mark.database
@on_postgresql
def test_a_query_without_rows_has_no_batch_with_rows(tmp_path: Path, schema: str) -> None:
    assert ask(settled(tmp_path, f"SELECT no FROM {schema}.people WHERE false")) == []


@pytest.mark.database
@on_postgresql
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("WITH x AS (INSERT INTO {0}.people (no) VALUES ('9') RETURNING no) SELECT * FROM x", "writes"),
        ("SELECT nextval('{0}.numbers') AS no", "a write"),
        ("SELECT 1 AS no) AS a; DELETE FROM {0}.people; SELECT * FROM (SELECT 2 AS no", "query is wrong"),
        ("SELECT set_config('transaction_read_only', 'off', false), nextval('{0}.numbers')", "refused while"),
        ("SELECT nobody FROM {0}.people", 'query is wrong .*column "nobody" does not exist'),
        ("SELECT no, shimei AS no FROM {0}.people", "two columns have one name"),
        ("SELECT shimei::int AS no FROM {0}.people", "not of its type"),
        ("SELECT 'x'::int AS no", "SQLSTATE 22P02"),
        ("SELECT pg_sleep(5)::text AS no", "stopped after 1 seconds"),
    ],
)
def test_what_writes_hangs_or_fails_is_refused(tmp_path: Path, schema: str, query: str, said: str) -> None:
    import psycopg

    with pytest.raises(Refused, match=said) as refused:
        ask(settled(tmp_path, query.format(schema), timeout_seconds=1))
    assert "青木" not in refused.value.ja + refused.value.en
    with psycopg.connect(URL) as con:
        assert con.execute(f"SELECT count(*) FROM {schema}.people").fetchone() == (2,)
        assert con.execute(f"SELECT last_value, is_called FROM {schema}.numbers").fetchone() == (1, False)


@pytest.mark.parametrize("query", ["DELETE FROM people", "/* SELECT */ UPDATE people SET no = 1", "COPY a TO 'b'", ""])
def test_only_a_query_that_reads_is_asked(tmp_path: Path, query: str) -> None:
    with pytest.raises(Refused, match="SELECT or WITH"):
        ask(settled(tmp_path, query))


def test_no_connection_is_told_without_the_address(tmp_path: Path) -> None:
    url = f"postgresql://reader:{SECRET}@127.0.0.1:1/core"
    with pytest.raises(Refused, match="no connection") as refused:
        ask(settled(tmp_path, url=url))
    told = refused.value.ja + refused.value.en + str(refused.value.__cause__)
    assert not [word for word in (SECRET, "127.0.0.1", "reader") if word in told]


def test_the_settings_are_checked_without_telling_them(tmp_path: Path) -> None:
    changes: list[tuple[Callable[[Path], object], str]] = [
        (lambda path: path.chmod(0o644), "600"),
        (lambda path: path.write_text('[databases.other]\nurl = "postgresql://a"\n'), "no database core"),
        (lambda path: path.write_text(f'[databases.core]\nurl = "oracle://a:{SECRET}@b"\n'), "only postgresql"),
        (lambda path: path.write_text(f'[databases.core]\nurl = "postgresql://a"\npassword = "{SECRET}"\n'), "Extra"),
        (lambda path: path.unlink(), "missing"),
    ]
    for change, said in changes:
        config = settled(tmp_path, url="postgresql://a")
        change(tmp_path / "databases.toml")
        with pytest.raises(Refused, match=said) as refused:
            ask(config)
        assert SECRET not in refused.value.ja + refused.value.en


def test_tables_with_a_query_are_asked_for_in_the_layouts_order(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No query for small"):
        tables_asked_for(LAYOUT, config=Config(home=tmp_path))
    settled(tmp_path, table="visits")
    config = settled(tmp_path)
    assert [table.name for table in tables_asked_for(LAYOUT, config=config)] == ["rows", "visits"]
    settled(tmp_path, table="calls")
    with pytest.raises(Refused, match="no table calls"):
        tables_asked_for(LAYOUT, config=config)


def test_a_table_asked_of_two_databases_is_refused(tmp_path: Path) -> None:
    config = settled(tmp_path)
    (tmp_path / "queries" / "other").mkdir()
    (tmp_path / "queries" / "other" / "small.rows.sql").write_text("SELECT 1 AS no")
    with pytest.raises(Refused, match="2 queries"):
        ask(config)


@pytest.mark.database
@on_postgresql
def test_a_source_is_received_from_its_database(
    tmp_path: Path, schema: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MIMAMORI_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL")
    query = f"""SELECT 'L' || days AS "貸付番号", no AS borrower_no, no AS child_no, shimei AS child_name, '01' AS fund,
        :as_of AS decided_on, sum AS amount FROM {schema}.people WHERE days IS NOT NULL"""
    settled(tmp_path, query)
    (tmp_path / "queries" / "core" / "small.rows.sql").rename(
        tmp_path / "queries" / "core" / "single_parent_loans.loans.sql"
    )
    assert run(["receive", "--from-database", "single_parent_loans", "--as-of", "2026-10-31", "--json"]) == 0
    [receipt] = json.loads(capsys.readouterr().out)
    assert (receipt["source"], receipt["as_of"], receipt["stored"]) == ("single_parent_loans", "2026-10-31", 1)
    assert run(["receive", "--from-database", "nobody"]) == 2
    assert run(["receive", "--from-database", "single_parent_loans", str(tmp_path)]) == 2
    assert run(["receive"]) == 2
