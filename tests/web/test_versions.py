"""A version's page: what its state and the reader's role allow is offered, and done as the life of versions says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from tests.approving import approved, in_review

from mimamori import governance
from mimamori.governance.life import State
from mimamori.governance.models import ConditionVersion
from mimamori.screening import first_sets

SignIn = Callable[..., Any]
pytestmark = pytest.mark.django_db
FIRST = first_sets()[0]


def address(version: ConditionVersion) -> str:
    return f"/conditions/{version.pk}/"


def state_of(version: ConditionVersion) -> str:
    return ConditionVersion.objects.get(pk=version.pk).state


def test_a_writer_sends_a_draft_to_test_and_the_page_tells_of_it(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    version = governance.propose(FIRST, by=workers["coordinator"], note="はじめに使う版")
    client = sign_in("coordinator")
    assert "はじめに使う版" in client.get(address(version)).content.decode()
    answer = client.post(address(version), {"act": "test"}, follow=True)
    assert state_of(version) == State.TESTING
    assert "まだ行っていません" in answer.content.decode()
    assert client.post(address(version), {"act": "approve"}).status_code == 422


def test_a_manager_approves_what_another_wrote_from_a_day_on(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    version = in_review(FIRST, workers)
    page = sign_in("manager").get(address(version)).content.decode()
    assert 'value="approve"' in page
    client = sign_in("manager")
    refused = client.post(address(version), {"act": "approve", "in_force_from": "きのう"})
    assert (refused.status_code, state_of(version)) == (422, State.REVIEW)
    day = timezone.localdate().isoformat()
    client.post(address(version), {"act": "approve", "in_force_from": day, "reason": "検証を見て決めた"})
    assert state_of(version) == State.APPROVED
    assert "使用中" in client.get(f"/conditions/?difficulty={FIRST.difficulty}").content.decode()


def test_a_remark_is_kept_in_its_words_and_a_half_one_is_not(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    version = governance.propose(FIRST, by=workers["coordinator"])
    client = sign_in("coordinator")
    half = client.post(f"{address(version)}remark/", {"said_by": "学校医", "said_on": "2026-11-01", "text": ""})
    assert (half.status_code, version.remarks.count()) == (422, 0)
    said = {"said_by": "学校医", "said_on": "2026-11-01", "text": "点数が高すぎる <b>"}
    page = client.post(f"{address(version)}remark/", said, follow=True).content.decode()
    assert "点数が高すぎる &lt;b&gt;" in page
    assert sign_in("manager").post(f"{address(version)}remark/", said).status_code == 403


def test_a_copy_is_a_draft_of_its_own(cast_home: Any, sign_in: SignIn, workers: dict[str, Any]) -> None:
    version = approved(FIRST, workers)
    page = sign_in("coordinator").post(f"{address(version)}copy/", follow=True).content.decode()
    made = ConditionVersion.objects.latest("pk")
    assert (made.state, made.copied_from_id, made.content) == (State.DRAFT, version.pk, version.content)
    assert f"第{version.number}版の写しから" in page


def test_a_version_is_tried_on_the_personas_once_its_content_is_fixed(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    version = governance.propose(FIRST, by=workers["coordinator"])
    client = sign_in("coordinator")
    assert f"{address(version)}personas/" not in client.get(address(version)).content.decode()
    assert client.post(f"{address(version)}personas/").status_code == 422
    governance.send_to_test(version, by=workers["coordinator"])
    page = client.post(f"{address(version)}personas/", follow=True).content.decode()
    assert governance.proofs_of(version)["persona"].passed is True
    assert "通りました" in page
    assert sign_in("manager").post(f"{address(version)}personas/").status_code == 403
