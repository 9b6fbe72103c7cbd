"""Mass searching is noticed: a line of its own in the trail, by person and hour, that names no term."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mimamori import door
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.door import searching

pytestmark = pytest.mark.django_db


def test_the_third_of_three_is_told_and_another_persons_do_not_count(
    cast_home: Any, workers: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MANY", 3)
    for name in ("worker", "worker", "supervisor", "supervisor"):
        door.search(workers[name], "森下")
    assert not Event.objects.filter(action="search.many").exists()
    door.search(workers["worker"], "もりした")
    event = Event.objects.get(action="search.many")
    assert (event.actor, json.loads(event.detail)) == ("worker", {"searches": 3})
    for _ in range(2):
        door.search(workers["worker"], "森下")
    assert Event.objects.filter(action="search.many").count() == 1
    door.search(workers["worker"], "森下")
    assert Event.objects.filter(action="search.many").count() == 2


def test_what_was_searched_long_ago_does_not_count(
    cast_home: Any, workers: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MANY", 2)
    door.search(workers["worker"], "森下")
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    door.search(workers["worker"], "森下")
    assert not Event.objects.filter(action="search.many").exists()
