"""A merge or a split on the pages: karte, finding, notice, the old address; and no number of whom one may not meet."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import DAY

from mimamori import support
from mimamori.access.models import Account
from mimamori.review.models import CaseChange
from mimamori.support import actions
from mimamori.support.models import Finding, Notice

pytestmark = pytest.mark.django_db
GONE = "K-4827-1936-5"  # nobody's number in the cast


def changed(kind: str, old: str, new: str) -> None:
    CaseChange.objects.create(
        old_no=old, new_no=new, keys=1, began=kind == "split", why="decision", as_of=DAY, kind=kind
    )
    support.follow([support.Renumbered(kind, old, new)])


@pytest.fixture
def held(findings: dict[str, Finding], cast: dict[str, str], workers: dict[str, Account]) -> Finding:
    """The worker's own case."""
    return actions.start(findings[cast["poverty"]], by=workers["worker"])


def test_a_merge_is_told_on_every_page_of_the_case(held: Finding, cast: dict[str, str], sign_in: Any) -> None:
    changed("merged", GONE, cast["poverty"])
    sentence = f"名寄せにより、{GONE} と {cast['poverty']} が同じ人になりました"
    worker = sign_in("worker")
    for address in (f"/karte/{cast['poverty']}/", f"/findings/{held.pk}/", "/work/"):
        assert sentence in worker.get(address).content.decode(), address
    assert "one person" in sign_in("worker", "en").get(f"/findings/{held.pk}/").content.decode()


def test_a_notice_leaves_the_worklist_once_read(held: Finding, cast: dict[str, str], sign_in: Any) -> None:
    changed("merged", GONE, cast["poverty"])
    notice = Notice.objects.get()
    address = f"/notices/{notice.pk}/read/"
    for other in ("supervisor", "coordinator"):
        sign_in(other).post(address)
        notice.refresh_from_db()
        assert notice.read_at is None
    assert sign_in("auditor").post(address).status_code == 403
    page = sign_in("worker").post(address, follow=True).content.decode()
    assert "お知らせ" not in page
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_the_old_address_leads_to_who_bears_the_number_now(findings: Any, cast: dict[str, str], sign_in: Any) -> None:
    changed("merged", GONE, cast["poverty"])
    response = sign_in("worker").get(f"/karte/{GONE}/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/karte/{cast['poverty']}/")
    assert sign_in("outsider").get(f"/karte/{GONE}/").status_code == 404, "out of scope is not existing"


def test_a_number_of_another_ward_is_not_told(held: Finding, cast: dict[str, str], sign_in: Any) -> None:
    changed("split", cast["poverty"], cast["foster"])
    worker = sign_in("worker")
    for address in (f"/karte/{cast['poverty']}/", f"/findings/{held.pk}/", "/work/"):
        page = worker.get(address).content.decode()
        assert "別の番号 が分かれました" in page, address
        assert cast["foster"] not in page, address
    assert cast["foster"] in sign_in("coordinator").get(f"/findings/{held.pk}/").content.decode()


def test_findings_that_became_one_lead_to_each_other(
    held: Finding, findings: dict[str, Finding], cast: dict[str, str], sign_in: Any
) -> None:
    other = findings[cast["baby"]]
    changed("merged", cast["baby"], cast["poverty"])
    worker = sign_in("worker")
    page = worker.get(f"/findings/{held.pk}/").content.decode()
    assert f'href="/findings/{other.pk}/"' in page
    page = worker.get(f"/findings/{other.pk}/").content.decode()
    assert "別の抽出にまとめられました" in page
    assert f'href="/findings/{held.pk}/"' in page
