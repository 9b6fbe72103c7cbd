"""Two writers at once must not fork the chain."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from mimamori import audit
from mimamori.audit.models import Event

WRITERS, EACH = 4, 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [False, True])  # the second finds an emptied trail
def test_writers_take_turns(again: bool) -> None:
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
