"""Spark, for what one machine cannot hold: a session that keeps to itself, and Arrow tables in and out of it.

The extra `spark` brings it; nothing of a city's night needs it, and nobody but this module imports it. Splink persists
in memory; what Spark puts on the disk beside that (shuffles, spills, tables handed over) is encrypted with a key that
dies with the session, in a folder that this account alone reads and that goes with the process.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from atexit import register
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from mimamori.refusal import Refused

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    Session: TypeAlias = SparkSession

# On this machine alone: no address but loopback is bound, and no page shows what is computed.
_LOOPBACK = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.eventLog.enabled": "false",
    "spark.log.level": "ERROR",
}
_SEALED = {
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.io.encryption.enabled": "true",
    "spark.io.encryption.keySizeBits": "256",
}


@contextmanager
def session(
    *, jars: Sequence[Path] = (), master: str = "local[2]", memory_gib: int = 4, partitions: int = 4
) -> Iterator[Session]:
    """A session, stopped at the end. `master`: `local[<threads>]`, or a cluster's address as Spark writes it.

    `jars` hold Java functions (`java_function`). Of a cluster, addresses and secrets are its own configuration's.
    Raises `Refused` where the extra is not installed, or another session of this process has not ended.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 (an extra)
    except ImportError:
        raise Refused(
            "Spark がありません。追加パッケージ spark を入れてください。",
            "Spark is not installed: install the extra `spark`.",
        ) from None
    if SparkSession.getActiveSession() is not None:  # the builder would hand out that one, as it was configured
        raise Refused("Spark はすでに使用中です。", "A Spark session of this process is in use.")
    folder = _private_folder()
    configured = {
        **_QUIET,
        **_SEALED,
        "spark.driver.memory": f"{memory_gib}g",
        "spark.jars": ",".join(str(jar) for jar in jars),
        "spark.local.dir": str(folder),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "Asia/Tokyo",
        "spark.sql.shuffle.partitions": str(partitions),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    if master.startswith("local"):
        configured |= _LOOPBACK
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"  # read before any configuration is
    spark = SparkSession.builder.master(master).appName("mimamori").config(map=configured).getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


@cache
def _private_folder() -> Path:
    """One a process: the Java side remembers the first it was given, and outlives its sessions."""
    folder = Path(tempfile.mkdtemp(prefix="mimamori-spark-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def java_function(spark: Session, name: str, of: str, returns: str) -> None:
    """Call the Java class `of` as `name` in SQL."""
    spark.udf.registerJavaFunction(name, of, returns)


def load(spark: Session, name: str, table: pa.Table) -> None:
    """Make `table` readable as `name`."""
    spark.createDataFrame(table).createOrReplaceTempView(name)


def table_of(spark: Session, sql: str) -> pa.Table:
    """The result of one statement as an Arrow table; all of it comes into this process's memory."""
    return spark.sql(sql).toArrow()
