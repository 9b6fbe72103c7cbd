"""Two writers at once must not fork the chain."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from mimamori import audit
from mimamori.audit.chain import GENESIS
from mimamori.audit.guards import lifted
from mimamori.audit.models import Event, Head

WRITERS, EACH = 4, 5


@pytest.fixture
def emptied_after(transactional_db: None) -> Iterator[None]:
    """The flush of a transactional test cannot pass the guards, and takes the chain's head with it."""
    Head.objects.get_or_create(pk=1, defaults={"number": 0, "hash": GENESIS})
    yield
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event")


@pytest.mark.usefixtures("emptied_after")
def test_writers_take_turns() -> None:
    faults: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(EACH):
                with transaction.atomic():
                    audit.record("search", by=None)
        except BaseException as fault:  # noqa: BLE001 - told to the test below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert Event.objects.count() == WRITERS * EACH
    assert audit.verify().ok
