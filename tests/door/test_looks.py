"""What became known since the reader last looked: per account and day, by what the rows say and not by delivery."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from mimamori import door
from mimamori.access.models import Account, Look
from mimamori.audit.models import Event
from mimamori.door.looks import SIGNS, Seen, earlier, news_of, seen_of
from mimamori.door.masking import Reader
from mimamori.karte.timeline import SourceRows
from mimamori.sources import load_registry

LAST_WEEK = date(2026, 11, 1)


def seen(*rows: tuple[str, str], kind: str = "s.t") -> tuple[Seen, list[object]]:
    """A karte of rows (key, content), and the rows as they lie in memory."""
    found, held = Seen(secret=b"k"), [object() for _ in rows]
    for (key, content), row in zip(rows, held, strict=True):
        found.add(kind, key, content, row)
    return found, held


@pytest.mark.parametrize(
    ("before", "now", "marks", "counts"),
    [
        ([], [("10/1", "a")], ["new"], {"new": 1}),
        ([("10/1", "a")], [("10/1", "a")], [""], {}),
        ([("10/1", "a")], [("10/1", "b")], ["changed"], {"changed": 1}),
        ([("10/1", "a")], [("10/2", "a")], ["new"], {"new": 1, "gone": 1}),
        ([("10/1", "a")], [], [], {"gone": 1}),
        # Two rows of one day: one more, and one of them changed.
        ([("10/1", "a")], [("10/1", "a"), ("10/1", "b")], ["", "new"], {"new": 1}),
        ([("10/1", "a"), ("10/1", "b")], [("10/1", "a"), ("10/1", "c")], ["", "changed"], {"changed": 1}),
        # The same row twice: only the second one is new.
        ([("10/1", "a")], [("10/1", "a"), ("10/1", "a")], None, {"new": 1}),
    ],
)
def test_rows_are_new_changed_or_gone(
    before: list[tuple[str, str]], now: list[tuple[str, str]], marks: list[str] | None, counts: dict[str, int]
) -> None:
    found, rows = seen(*now)
    news = news_of(LAST_WEEK, seen(*before)[0].packed(), found)
    assert news.counts == ({"s.t": Counter(counts)} if counts else {})
    if marks is None:
        assert sorted(news.mark(row) for row in rows) == ["", "new"]
    else:
        assert [news.mark(row) for row in rows] == marks


def test_a_sign_tells_nothing_without_its_key() -> None:
    one, other = Seen(secret=b"k"), Seen(secret=b"other")
    one.add("s.t", "10/1", "a")
    other.add("s.t", "10/1", "a")
    assert one.packed() != other.packed()
    assert len(one.packed()["s.t"]) == SIGNS


def rows(**values: Any) -> SourceRows:
    return SourceRows("dv_consultation", "consultations", None, [{"_as_of": date(2026, 10, 31), **values}])


def test_a_new_delivery_of_the_same_row_is_no_news_and_hidden_items_tell_nothing() -> None:
    registry = load_registry()
    layout = registry.get("childcare")
    table = layout.table("certifications")
    row = {item.field: None for item in table.items} | {"started_on": date(2024, 4, 1), "income_band": "1"}
    low = Reader("ward_worker", 2, "ja")
    assert not low.may_see(layout, table.item("income_band"))

    def signs(reader: Reader, **values: Any) -> dict[str, str]:
        part = SourceRows("childcare", "certifications", None, [row | values])
        return seen_of([part], registry, reader).packed()

    assert signs(low) == signs(low, _as_of=date(2026, 10, 31)) == signs(low, income_band="2") != {}
    assert signs(low) != signs(low, hours="2")
    high = Reader("centre_worker", 9, "ja")
    assert signs(high) != signs(high, income_band="2")


def look(day: date, before: date | None = None) -> Look:
    return Look(day=day, signs={"now": ""}, before_day=before, before={"then": ""})


def test_a_whole_day_is_compared_with_the_day_before_it() -> None:
    today = date(2026, 11, 25)
    assert earlier(None, today) is None
    assert earlier(look(today), today) is None, "first opened today"
    assert earlier(look(LAST_WEEK), today) == (LAST_WEEK, {"now": ""})
    assert earlier(look(today, LAST_WEEK), today) == (LAST_WEEK, {"then": ""})


ATTENDANCE = "school_affairs.attendance"


@pytest.mark.django_db
def test_the_second_day_tells_what_came_since(cast: dict[str, str], workers: dict[str, Account]) -> None:
    worker, child = workers["worker"], cast["poverty"]
    first = door.open_karte(worker, child)
    assert first.since is None, "whoever never looked is told nothing"
    kept = Look.objects.get(account=worker, case_no=child)
    assert kept.day == timezone.localdate()
    assert kept.snapshot == first.snapshot
    # As if a month of attendance had come since, another read otherwise, and one were gone.
    signs = kept.signs[ATTENDANCE]
    kept.signs[ATTENDANCE] = signs[SIGNS:-SIGNS] + signs[-SIGNS : -SIGNS + 4] + "x" * 8 + "y" * SIGNS
    kept.signs["person.home"] = kept.signs["person.home"][:4] + "x" * 8
    kept.signs["family.members"] = ""
    kept.day -= timedelta(days=7)
    kept.save()
    for opened in (door.open_karte(worker, child), door.open_karte(worker, child)):  # the marks stay all day
        assert opened.since is not None and opened.since.day == timezone.localdate() - timedelta(days=7)
        counts = {(one.source, one.table): (one.new, one.changed, one.gone) for one in opened.since.changes}
        assert counts == {
            ("person", "home"): (0, 1, 0), ("family", "members"): (2, 0, 0),
            ("school_affairs", "attendance"): (1, 1, 1),
        }  # fmt: skip
        assert opened.since.count == 6
        assert {one.mark for one in opened.family} == {"new"}
        school = next(part for part in opened.sections if part.source == "school_affairs")
        attendance = next(table for table in school.tables if table.name == "attendance")
        assert Counter(row.mark for row in attendance.rows) == {"": 5, "new": 1, "changed": 1}
    assert Look.objects.get(pk=kept.pk).before_day == timezone.localdate() - timedelta(days=7)


@pytest.mark.django_db
def test_one_readers_look_is_not_anothers(cast: dict[str, str], workers: dict[str, Account]) -> None:
    door.open_karte(workers["worker"], cast["poverty"])
    Look.objects.update(day=LAST_WEEK)
    assert door.open_karte(workers["supervisor"], cast["poverty"]).since is None
    found = door.open_karte(workers["worker"], cast["poverty"]).since
    assert found is not None and (found.count, found.changes) == (0, ())


@pytest.mark.django_db
def test_what_is_kept_of_a_look_says_nothing_of_the_child(cast: dict[str, str], workers: dict[str, Account]) -> None:
    karte = door.open_karte(workers["worker"], cast["protected"], purpose="council")
    kept = json.dumps(Look.objects.get().signs, ensure_ascii=False)
    for word in (karte.header.name, "柳瀬", "2019", "40134"):
        assert word not in kept


@pytest.mark.django_db
def test_the_trail_names_the_siblings_whose_flags_were_shown(cast: dict[str, str], workers: dict[str, Account]) -> None:
    door.open_karte(workers["worker"], cast["poverty"])
    assert Event.objects.get(action="karte.open").details["siblings"] == [cast["poverty_brother"]]
