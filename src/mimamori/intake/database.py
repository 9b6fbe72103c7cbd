"""Rows that a source's own database is asked for, instead of a file: read-only, in batches, every value as text.

What to ask is data of the installation, not of the layout: `$MIMAMORI_HOME/queries/<database>/<source>.<table>.sql`
holds one SELECT (or WITH … SELECT) whose columns are named by the items' labels, aliases or fields; `:as_of` in it
is the as-of day. `$MIMAMORI_HOME/databases.toml` tells where the database is, and is nobody's to read but its owner's:

    [databases.integrated]
    url = "postgresql://reader:…@host/name"
    timeout_seconds = 600
"""

from __future__ import annotations

import re
import stat
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import pyarrow as pa
from pydantic import Field, SecretStr, field_validator

from mimamori.config import Config
from mimamori.refusal import Refused
from mimamori.sources import Layout, Table
from mimamori.sources.item import Declared, Name
from mimamori.sources.registry import parse

SETTINGS, QUERIES = "databases.toml", "queries"
_DAY = re.compile(r"(?<![:\w]):as_of\b")
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_ERROR = re.compile(r"ERROR:\s*([^\n]*)")


class Database(Declared):
    """Where a source's database is. The account needs the right to read and no other."""

    url: SecretStr
    timeout_seconds: Annotated[int, Field(ge=1, le=86_400)] = 600

    @field_validator("url")
    @classmethod
    def _is_known(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("only postgresql:// is known")
        return url


class Databases(Declared):
    databases: dict[Name, Database]


def tables_asked_for(layout: Layout, *, config: Config) -> list[Table]:
    """The source's tables that have a query, in the layout's order; raises `Refused` where none has, and for a query
    of a table that the layout does not declare."""
    asked = {path.name.removesuffix(".sql").partition(".")[2] for path in _queries(config, f"{layout.name}.*.sql")}
    known = {table.name for table in layout.tables}
    if strange := sorted(asked - known):
        raise Refused(
            f"{layout.label.ja}に表 {'、'.join(strange)} はありません。問い合わせのファイル名を確かめてください。",
            f"{layout.name} has no table {', '.join(strange)}: look at the names of the queries.",
        )
    if not asked:
        raise Refused(
            f"{layout.label.ja}の問い合わせがありません。"
            f"{QUERIES}/<データベース>/{layout.name}.<表>.sql に置いてください。",
            f"No query for {layout.name}: {QUERIES}/<database>/{layout.name}.<table>.sql is where it belongs.",
        )
    return [table for table in layout.tables if table.name in asked]


def fetch(
    layout: Layout, table: Table, *, config: Config, as_of: date, progress: Callable[[str], None] | None = None
) -> Iterator[pa.RecordBatch]:
    """The answer to a table's query, as batches of text columns named as the query names them; '' for NULL.

    Nothing can be written: the transaction is read-only and the query stands inside a SELECT. Raises `Refused`, now
    or while it is read, where the query or the database is not as it should be; never tells the address or a value.
    """
    found = list(_queries(config, f"{layout.name}.{table.name}.sql"))
    if len(found) != 1:
        raise Refused(
            f"{layout.label.ja}「{table.label.ja}」の問い合わせが {len(found)} 個あります。1 個にしてください。",
            f"There are {len(found)} queries for {layout.name}.{table.name}: one is needed.",
        )
    where = f"{found[0].parent.name}/{found[0].name}"
    asked = _DAY.sub(f"DATE '{as_of.isoformat()}'", _select(found[0], where))
    return _rows(_database(config, found[0].parent.name), asked, where, progress or (lambda _: None))


def _queries(config: Config, pattern: str) -> Iterator[Path]:
    yield from sorted((config.home / QUERIES).glob(f"*/{pattern}"))


def _select(path: Path, where: str) -> str:
    """The query, when it is one that only reads."""
    try:
        text = path.read_text(encoding="utf-8-sig").strip().removesuffix(";")
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{where}: 問い合わせが読めません。", f"{where}: the query cannot be read.") from None
    if not re.match(r"\(*\s*(SELECT|WITH)\b", _COMMENTS.sub(" ", text).strip(), re.IGNORECASE):
        raise Refused(
            f"{where}: 問い合わせは SELECT か WITH で始めてください。",
            f"{where}: a query begins with SELECT or WITH.",
        )
    return text


def _database(config: Config, name: str) -> Database:
    path = config.home / SETTINGS
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refused(
            f"{SETTINGS} がないか、読めません。データベース {name} の場所を書いてください。",
            f"{SETTINGS} is missing or cannot be read: it tells where the database {name} is.",
        ) from None
    if stat.S_IMODE(mode) & 0o077:
        raise Refused(
            f"{SETTINGS} を本人以外が読めます。権限を 600 にしてください。",
            f"{SETTINGS} can be read by others: give it the mode 600.",
        )
    databases = parse(text, Databases, SETTINGS).databases
    if name not in databases:
        raise Refused(f"{SETTINGS} にデータベース {name} がありません。", f"{SETTINGS} tells of no database {name}.")
    return databases[name]


def _rows(database: Database, asked: str, where: str, progress: Callable[[str], None]) -> Iterator[pa.RecordBatch]:
    from adbc_driver_manager import Error  # noqa: PLC0415 the driver takes a while to load and is seldom needed
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415

    began = time.monotonic()
    try:
        with dbapi.connect(database.url.get_secret_value()) as connection, connection.cursor() as cursor:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(f"SET statement_timeout = {database.timeout_seconds * 1000}")
            cursor.execute("SET datestyle TO ISO, YMD")
            connection.commit()  # what follows is a transaction of that character
            names = cursor.adbc_execute_schema(f"SELECT * FROM (\n{asked}\n) AS asked").names
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise Refused(
                    f"{where}: 同じ名前の列が二つあります({'、'.join(twice)})。",
                    f"{where}: two columns have one name ({', '.join(twice)}).",
                )
            columns = ", ".join(f"COALESCE({_quoted(name)}::text, '') AS {_quoted(name)}" for name in names)
            cursor.execute(f"SELECT {columns} FROM (\n{asked}\n) AS asked")
            reader, rows = cursor.fetch_record_batch(), 0
            while (batch := _next(reader, where, began, database.timeout_seconds)) is not None:
                rows += batch.num_rows
                progress(f"{where} {rows:,}")
                yield _plain(batch)
    except Error as error:
        raise _told(error.sqlstate or "", str(error), where, database.timeout_seconds) from None


def _next(reader: pa.RecordBatchReader, where: str, began: float, seconds: int) -> pa.RecordBatch | None:
    """The next rows; None after the last. While rows come, an error has no SQLSTATE, and its words may hold a value."""
    try:
        return reader.read_next_batch()
    except StopIteration:
        return None
    except (OSError, pa.ArrowException):
        late = time.monotonic() - began > seconds
        raise _told("57014" if late else "stopped", "", where, seconds) from None


def _quoted(name: str) -> str:
    """A column's name in SQL: it comes from the database's own answer, and may be Japanese."""
    return '"' + name.replace('"', '""') + '"'


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch without the database's notes on its columns."""
    names = batch.schema.names
    return pa.RecordBatch.from_arrays([column.cast(pa.string()) for column in batch.columns], names=names)


def _told(state: str, said: str, where: str, seconds: int) -> Refused:
    """What went wrong, by its SQLSTATE; the database's own words only where they speak of the query, not of values."""
    if state == "57014":
        return Refused(
            f"{where}: {seconds} 秒を超えたので中止しました。問い合わせか timeout_seconds を見直してください。",
            f"{where}: stopped after {seconds} seconds: mend the query, or raise timeout_seconds.",
        )
    if state == "0A000":
        return Refused(
            f"{where}: 書き込みをする問い合わせは実行できません。", f"{where}: a query that writes is not run."
        )
    if state == "stopped":
        return Refused(
            f"{where}: 行を読む途中で断られました(値の変換の誤り、書き込み、接続切れのどれかです)。",
            f"{where}: refused while rows were read: a value that is not of its type, a write, or a lost connection.",
        )
    if state.startswith("42"):
        words = match[1] if (match := _ERROR.search(said)) else state
        return Refused(f"{where}: 問い合わせに誤りがあります({words})。", f"{where}: the query is wrong ({words}).")
    if not state or state.startswith(("08", "28", "3D", "57P")):
        return Refused(
            f"{where}: データベースにつながりません。{SETTINGS} の場所と資格、相手の稼働を確かめてください。",
            f"{where}: no connection to the database: look at {SETTINGS}, and whether it runs.",
        )
    return Refused(
        f"{where}: データベースが問い合わせを断りました(SQLSTATE {state})。",
        f"{where}: the database refused the query (SQLSTATE {state}).",
    )
