"""Who waits, who was drawn at random, and the numbers behind it, on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from tests.cast import HIGASHI, MINAMI

from mimamori.governance import capacity
from mimamori.governance.models import Capacity
from mimamori.screening.unlisted import Drawn
from mimamori.support.models import Finding
from mimamori.support.sampling import take_sample

SignIn = Callable[..., Any]
pytestmark = pytest.mark.django_db


def this_month() -> date:
    return timezone.localdate().replace(day=1)


@pytest.fixture
def waiting(findings: dict[str, Finding], cast: dict[str, str]) -> Finding:
    """One child of Minami waits with others of its rank."""
    found = Finding.objects.filter(ward=MINAMI, must=False).first() or Finding.objects.filter(ward=MINAMI).first()
    assert found is not None
    found.must, found.waiting, found.tied, found.due_on, found.came_in_on = False, True, True, None, None
    found.save()
    return found


@pytest.mark.parametrize(("language", "word"), [("ja", "順番を待っています"), ("en", "Waits for a place")])
def test_who_waits_stays_visible_with_its_count(
    waiting: Finding, workers: dict[str, Any], sign_in: SignIn, language: str, word: str
) -> None:
    capacity.set_capacity(MINAMI, this_month(), by=workers["supervisor"], findings=30)
    client = sign_in("worker", language)
    shown = client.get("/work/?view=waiting").content.decode()
    assert waiting.case_no in shown and word in shown
    assert client.get("/work/?view=unassigned").content.decode().count(waiting.case_no) == 0
    elsewhere = sign_in("outsider", language).get("/work/?view=waiting").content.decode()
    assert waiting.case_no not in elsewhere and word not in elsewhere


def test_a_child_that_waits_is_taken_up_by_hand(waiting: Finding, workers: dict[str, Any], sign_in: SignIn) -> None:
    sent = {"finding": waiting.pk, "to": workers["worker"].pk, "back": "/work/?view=waiting"}
    sign_in("supervisor").post("/work/assign/", sent)
    found = Finding.objects.get(pk=waiting.pk)
    assert (found.waiting, found.owner, found.due_on is None) == (False, workers["worker"], False)


def test_a_child_drawn_at_random_is_not_shown_as_suspicious(
    findings: Any, cast: dict[str, str], sign_in: SignIn, snapshot: Any
) -> None:
    drawn = [Drawn(MINAMI, 100, (cast["quiet"],))]
    take_sample(drawn, sizes={MINAMI: 1}, snapshot=snapshot.name, as_of=snapshot.as_of, seed=1)
    found = Finding.objects.get(case_no=cast["quiet"])
    client = sign_in("worker")
    row = (
        client.get("/work/?view=unassigned")
        .content.decode()
        .split(f'id="kid-{found.case_no}"')[1]
        .split("</article>")[0]
    )
    assert "抽出されなかった児童の確認(無作為)" in row and "心配なことがあるという意味ではありません" in row
    assert "新規" not in row and "必ず見る" not in row
    page = client.get(f"/findings/{found.pk}/").content.decode()
    assert "無作為にえらばれました" in page and "どの条件にも当たりませんでした" not in page


def test_the_numbers_are_set_where_one_may(workers: dict[str, Any], sign_in: SignIn, cast_home: Any) -> None:
    sent = {"ward": MINAMI, "month": this_month().isoformat(), "findings": "25", "sample": "2", "note": "2人増えた"}
    client = sign_in("supervisor")
    page = client.post("/capacity/", sent, follow=True).content.decode()
    assert "2人増えた" in page
    line = Capacity.objects.get()
    assert (line.ward, line.findings, line.sample, line.by) == (MINAMI, 25, 2, workers["supervisor"])
    assert client.post("/capacity/", {**sent, "ward": HIGASHI}).status_code == 422
    assert client.post("/capacity/", {**sent, "findings": "-1"}).status_code == 422
    assert client.post("/capacity/", {**sent, "findings": ""}).status_code == 422, "no limit is said aloud"
    assert client.post("/capacity/", {**sent, "no_limit": "on"}).status_code == 422
    assert client.post("/capacity/", {**sent, "month": "2020-01-01"}).status_code == 422
    sign_in("coordinator").post("/capacity/", {**sent, "ward": HIGASHI, "findings": "", "no_limit": "on"})
    assert (Capacity.objects.count(), Capacity.objects.latest("pk").findings) == (2, None)


def test_who_only_reads_has_no_form_and_sets_nothing(workers: dict[str, Any], sign_in: SignIn, cast_home: Any) -> None:
    client = sign_in("worker")
    assert 'name="findings"' not in client.get("/capacity/").content.decode()
    client.post("/capacity/", {"ward": MINAMI, "month": this_month().isoformat(), "findings": "1", "sample": "0"})
    assert not Capacity.objects.exists()


def test_a_ward_sees_its_own_numbers_alone(workers: dict[str, Any], sign_in: SignIn, cast_home: Any) -> None:
    capacity.set_capacity(HIGASHI, this_month(), by=workers["coordinator"], findings=7, note="東の理由")
    assert "東の理由" not in sign_in("supervisor").get("/capacity/").content.decode()
    assert "東の理由" in sign_in("coordinator").get("/capacity/").content.decode()


def test_what_is_not_touched_stays_as_it_is(workers: dict[str, Any], sign_in: SignIn, cast_home: Any) -> None:
    capacity.set_capacity(MINAMI, this_month(), by=workers["supervisor"], findings=25, sample=3)
    client = sign_in("supervisor")
    form = client.get("/capacity/").context["form"]
    assert (form.initial["ward"], form.initial["findings"], form.initial["sample"]) == (MINAMI, 25, 3)
    coordinator = sign_in("coordinator")
    assert coordinator.get("/capacity/").context["form"] is None, "a ward is chosen first"
    assert coordinator.get(f"/capacity/?ward={MINAMI}").context["form"].initial["sample"] == 3
    assert client.get(f"/capacity/?ward={HIGASHI}").context["form"] is None
