"""One Spark session for the tests marked `spark`; where the extra is not installed they are skipped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mimamori.linkage import cities


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    pytest.importorskip("pyspark", reason="the extra spark is not installed: make test-spark")
    with cities.spark_session() as session:
        yield session
