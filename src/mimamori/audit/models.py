"""The trail's rows. No foreign keys: a row outlives the account and the case it speaks of."""

from __future__ import annotations

import json
from typing import Any, ClassVar, NoReturn

from django.db import models

from mimamori.refusal import Refused


def _refuse() -> NoReturn:
    raise Refused("監査記録は変更も削除もできません。", "The trail can be neither changed nor deleted.")


class AppendOnly(models.QuerySet["Event"]):
    """A query set that cannot change or remove rows (the database's triggers refuse it as well)."""

    def update(self, **kwargs: Any) -> int:
        _refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        _refuse()


class Event(models.Model):
    """One thing that a person, or the night, did or saw."""

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without a gap
    at = models.DateTimeField()
    actor = models.CharField(max_length=64, blank=True)  # user name; empty: the system, or nobody known
    role = models.CharField(max_length=32, blank=True)  # at that time
    ward = models.CharField(max_length=5, blank=True)  # at that time
    action = models.CharField(max_length=32)
    case_no = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=32, blank=True)
    terminal = models.CharField(max_length=64, blank=True)
    detail = models.TextField(default="{}")  # canonical JSON
    hash = models.CharField(max_length=64, unique=True)

    objects: ClassVar[models.Manager[Event]] = models.Manager.from_queryset(AppendOnly)()

    class Meta:
        ordering = ("number",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case_no", "number"], name="event_by_case"),
            models.Index(fields=["actor", "number"], name="event_by_actor"),
            models.Index(fields=["at"], name="event_by_time"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse()

    @property
    def details(self) -> dict[str, Any]:
        found = json.loads(self.detail)
        assert isinstance(found, dict)
        return found


class Head(models.Model):
    """The one row that tells the trail's last number and hash; writers lock it, so the chain never forks."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
