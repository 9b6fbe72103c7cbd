"""The process of one upload: place the files, receive them, write down what became of each, remove them."""

from __future__ import annotations

import contextlib
import logging
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from mimamori import audit, intake
from mimamori.config import Config
from mimamori.intake import Delivery, Receipt
from mimamori.intake.archives import unpacked
from mimamori.intake.delivery import COUNTED
from mimamori.intake.extracts import Extract, extracts
from mimamori.intake.receive import BUSY
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.sources import Registry, load_registry
from mimamori.sources.manifest import SUFFIX
from mimamori.upload.actions import folder_of
from mimamori.upload.models import Upload, doubtful
from mimamori.upload.process import this_process

TOLD_EVERY = 1.0  # seconds between two words of progress
log = logging.getLogger(__name__)


@dataclass
class Group:
    """The files of one source and day, and the receipts for them."""

    source: str
    as_of: date
    extracts: list[Extract] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, date]:
        return (self.source, self.as_of)

    def as_json(self) -> dict[str, Any]:
        names = sorted(extract.name for extract in self.extracts)
        return {"source": self.source, "as_of": self.as_of.isoformat(), "files": names, "receipts": self.receipts}


def run(pk: int) -> None:
    """Receive one upload that waits; nothing where another process has taken it. Its end is always written down."""
    taken = Upload.objects.filter(pk=pk, phase=Upload.Phase.WAITING).update(
        phase=Upload.Phase.RUNNING, process=this_process(), attempts=F("attempts") + 1
    )
    if not taken:
        return
    upload = Upload.objects.select_related("by").get(pk=pk)
    try:
        phase, receipts = _receive(upload), True
    except Refused as refused:
        upload.message = {"ja": refused.ja, "en": refused.en}
        phase, receipts = (Upload.Phase.HELD if refused is BUSY else Upload.Phase.REFUSED), False
    except Exception as error:  # noqa: BLE001 - what was not foreseen is told by its kind; its text may hold data
        upload.fault = type(error).__name__
        phase, receipts = Upload.Phase.HELD, False
        log.error("upload %s: %s", pk, upload.fault)
    _end(upload, phase, receipts=receipts)
    if phase in {Upload.Phase.DONE, Upload.Phase.REFUSED}:
        shutil.rmtree(folder_of(upload), ignore_errors=True)


def _receive(upload: Upload) -> Upload.Phase:
    config: Config = settings.CONFIG
    registry = load_registry()
    with _opened(folder_of(upload), config) as files:
        groups, upload.strangers = _placed(files, registry)
        if upload.strangers:  # half of what was handed in is never received
            upload.deliveries = [group.as_json() for group in groups]
            return Upload.Phase.REFUSED
        before = {(told["source"], date.fromisoformat(told["as_of"])): told["receipts"] for told in upload.deliveries}
        chosen = groups
        if upload.confirming:  # a person has confirmed what they were told of, and nothing else
            chosen = [group for group in groups if doubtful(before.get(group.key, []))]
        receipts = intake.receive(
            [extract.path for group in chosen for extract in group.extracts],
            config=config,
            keyring=KeyRing(config.keys),
            registry=registry,
            confirm=upload.confirming,
            progress=Progress(upload, len(chosen)).tell,
        )
        everything = intake.deliveries(config)
        for group in groups:
            own = [receipt for receipt in receipts if (receipt.source, receipt.as_of) == group.key]
            there = [delivery for delivery in everything if (delivery.source, delivery.as_of) == group.key]
            group.receipts = _merged(before.get(group.key, []), _told(own, there, upload))
        upload.deliveries = [group.as_json() for group in groups]
    states = {receipt["state"] for group in groups for receipt in group.receipts}
    upload.confirming = False
    if "to_confirm" in states:
        return Upload.Phase.TO_CONFIRM
    return Upload.Phase.REFUSED if states == {"refused"} else Upload.Phase.DONE


@contextlib.contextmanager
def _opened(folder: Path, config: Config) -> Iterator[list[Path]]:
    """The files of an upload, archives opened."""
    with unpacked([folder], config.home) as given:
        yield [file for path in given for file in ([path] if path.is_file() else sorted(path.rglob("*")))]


def _placed(files: Sequence[Path], registry: Registry) -> tuple[list[Group], list[dict[str, str]]]:
    """The files by source and day, and those that nobody can place with the reason beside each."""
    groups: dict[tuple[str, date], Group] = {}
    strangers = []
    given = {file for file in files if file.is_file()}
    for file in sorted(given):
        if file.name.endswith(SUFFIX) and file.with_name(file.name.removesuffix(SUFFIX)) in given:
            continue  # it is read with the file it speaks of
        try:
            [extract] = extracts([file], registry)
        except Refused as refused:
            strangers.append({"name": file.name, "ja": refused.ja, "en": refused.en})
            continue
        group = Group(extract.layout.name, extract.as_of)
        groups.setdefault(group.key, group).extracts.append(extract)
    if not given:
        raise Refused("提供ファイルがありません。", "There are no extract files.")
    order = {layout.name: layout.number for layout in registry}
    return sorted(groups.values(), key=lambda group: (group.as_of, order[group.source])), strangers


def _told(receipts: Sequence[Receipt], there: Sequence[Delivery], upload: Upload) -> list[dict[str, Any]]:
    """The receipts of one source and day as they are kept; `there`: the deliveries of that day.

    What a process of this upload that was killed had stored already is told as stored.
    """
    deliveries = {delivery.id: delivery for delivery in there}
    made = []
    for receipt in receipts:
        told: dict[str, Any] = {name: getattr(receipt, name) for name in ("state", *COUNTED)}
        told["reasons"] = [{"ja": ja, "en": en} for ja, en in receipt.reasons]
        if receipt.state == "duplicate" and upload.attempts > 1:
            delivery = deliveries[receipt.delivery]
            if delivery.received_at >= upload.made_at:
                told |= {"state": "stored", **delivery.totals}
        if told["state"] == "stored":
            told["delivery"] = receipt.delivery
        made.append(told)
    return made


def _merged(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The receipts of a second receive; what the first one had stored stays told as stored."""
    if not now:
        return before
    known = {place: receipt for place, receipt in enumerate(before) if receipt["state"] == "stored"}
    return [
        known[place] if place in known and receipt["state"] == "duplicate" else receipt
        for place, receipt in enumerate(now)
    ]


@transaction.atomic
def _end(upload: Upload, phase: Upload.Phase, *, receipts: bool) -> None:
    """Write down how it ended, with a line in the trail for every delivery that was stored."""
    before = Upload.objects.select_for_update().get(pk=upload.pk)
    known = {(told["source"], told["as_of"], place) for told in before.deliveries for place in _stored(told)}
    upload.phase, upload.ended_at, upload.process, upload.step = phase, timezone.now(), "", ""
    upload.done, upload.total = before.done, before.total
    upload.save()
    for told in upload.deliveries if receipts else []:
        for place in _stored(told):
            if (told["source"], told["as_of"], place) in known:
                continue
            receipt = {name: value for name, value in told["receipts"][place].items() if name != "reasons"}
            detail = {"upload": upload.pk, "source": told["source"], "as_of": told["as_of"], **receipt}
            audit.record("delivery.receive", by=upload.confirmed_by or upload.by, detail=detail)


def _stored(told: dict[str, Any]) -> list[int]:
    return [place for place, receipt in enumerate(told["receipts"]) if receipt["state"] == "stored"]


class Progress:
    """What the process is at, written down for the page that a person watches; not more often than they can read."""

    def __init__(self, upload: Upload, total: int) -> None:
        self.pk, self.done, self.last = upload.pk, 0, 0.0
        Upload.objects.filter(pk=self.pk).update(total=total, done=0)

    def tell(self, words: str) -> None:
        begins = not words.startswith(" ")  # a further word of the same delivery stands in
        self.done += begins
        if begins or time.monotonic() - self.last > TOLD_EVERY:
            self.last = time.monotonic()
            Upload.objects.filter(pk=self.pk).update(step=words.strip()[:300], done=self.done)
