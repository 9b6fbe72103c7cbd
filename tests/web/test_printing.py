"""A printed karte says on every page who, when and why; a protected child's tells no place; each is in the trail."""

from __future__ import annotations

import json
from typing import Any

import pypdfium2
import pytest
from django.utils import timezone
from tests.cast import SECRET_ADDRESS

from mimamori import door
from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.refusal import Refused
from mimamori.support import actions, notes
from mimamori.support.models import Finding
from mimamori.web.views.printing import FIRST

pytestmark = pytest.mark.django_db
ALL = list(door.PARTS)
WHOLE = {"use": "conference", "parts": ALL}


def pages_of(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def detail_of(event: Event) -> dict[str, Any]:
    return dict(json.loads(event.detail))


@pytest.fixture
def address(findings: dict[str, Finding], cast: dict[str, str]) -> str:
    return f"/karte/{cast['poverty']}/print/"


def test_every_page_says_who_when_and_why(sign_in: Any, address: str, workers: dict[str, Account]) -> None:
    answer = sign_in("worker").post(address, WHOLE)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    pages = pages_of(answer.content)
    event = Event.objects.get(action="karte.print")
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert workers["worker"].display_name in page and "南区 相談員" in page
        assert "判定会議・要対協の資料" in page and f"監査記録 {event.number}" in page
        assert f"{number} / {len(pages)}" in page and f"令和{timezone.localdate().year - 2018}年" in page
    assert (detail_of(event)["use"], detail_of(event)["parts"]) == ("conference", sorted(ALL))
    assert event.purpose
    assert "森下 陽菜" in pages[0]


def test_only_the_chosen_parts_are_printed(
    sign_in: Any, address: str, workers: dict[str, Account], findings: dict[str, Finding], cast: dict[str, str]
) -> None:
    finding = findings[cast["poverty"]]
    day = finding.as_of
    met: dict[str, Any] = {"happened_on": day, "kind": "visit", "result": "met_child"}
    written = met | {"text": "家庭訪問の記録 𠮷田 髙﨑"}
    notes.write(finding, by=workers["worker"], **written)
    worker = sign_in("worker")
    some = "".join(pages_of(worker.post(address, {"use": "visit", "parts": ["known"]}).content))
    assert "わかっていること" in some
    assert "家庭訪問の記録" not in some and "抽出の理由" not in some and "授業日数" not in some
    told = "".join(pages_of(worker.post(address, {"use": "visit", "parts": ["notes"]}).content))
    assert "家庭訪問の記録 𠮷田 髙﨑" in told and "わかっていること" not in told


def test_without_a_use_or_a_part_nothing_is_printed(sign_in: Any, address: str) -> None:
    worker = sign_in("worker")
    assert "用途" in worker.get(address).content.decode()
    for half in ({}, {"use": "visit"}, {"parts": ["known"]}, {"use": "spy", "parts": ["known"]},
                 {"use": "visit", "parts": ["everything"]}):  # fmt: skip
        assert worker.post(address, half).status_code == 422
    assert not Event.objects.filter(action="karte.print").exists()


def test_the_family_and_the_timeline_are_on_paper_as_on_the_screen(sign_in: Any, address: str) -> None:
    told = "".join(pages_of(sign_in("worker").post(address, {"use": "visit", "parts": ["family", "timeline"]}).content))
    for words in ("母 真由美", "弟 蓮", "本人", "弟 蓮: 母 真由美 の子", "世帯のうつりかわり", "令和8年度 小4"):
        assert words in told, words
    assert told.count("弟 蓮") == 2, "in the picture and in the sentences"


def test_closed_cases_are_printed_with_what_was_done(
    sign_in: Any, address: str, workers: dict[str, Account], findings: dict[str, Finding], cast: dict[str, str]
) -> None:
    finding = findings[cast["poverty"]]
    actions.assign(finding, to=workers["worker"], by=workers["supervisor"])
    actions.start(finding.pk, by=workers["worker"])
    words: dict[str, Any] = {"text": "母に会った。", "reason": "訪問して確かめた。"}
    actions.assess(finding.pk, by=workers["worker"], outcome="no_need", checklist={}, **words)
    Finding.objects.filter(pk=finding.pk).update(state="closed")
    told = "".join(pages_of(sign_in("worker").post(address, {"use": "handover", "parts": ["support"]}).content))
    for said in ("母に会った。", "訪問して確かめた。", "まで", "終結"):
        assert said in told, said


def test_the_first_page_says_what_is_not_known_and_what_to_ask(sign_in: Any, address: str) -> None:
    first = pages_of(sign_in("worker").post(address, {"use": "visit", "parts": list(FIRST)}).content)[0]
    for words in ("ケース番号", "新規", "未受領: ", "古い: ", "次に確かめること", "に照会"):
        assert words in first, words


@pytest.mark.parametrize(("name", "status"), [("outsider", 404), ("manager", 403), ("auditor", 403), ("analyst", 403)])
def test_who_may_not_print_does_not(sign_in: Any, address: str, name: str, status: int) -> None:
    assert sign_in(name).post(address, WHOLE).status_code == status
    assert not Event.objects.filter(action="karte.print").exists()


def test_of_a_protected_child_no_place_is_printed(
    sign_in: Any, workers: dict[str, Account], cast: dict[str, str], findings: dict[str, Finding]
) -> None:
    other = findings[cast["poverty"]]
    guarded = Finding.objects.create(
        case_no=cast["protected"], ward=other.ward, first_as_of=other.as_of, as_of=other.as_of
    )
    notes.write(guarded, by=workers["worker"], happened_on=other.as_of, kind="school", text="若葉小学校で面接した")
    address = f"/karte/{cast['protected']}/print/"
    for name in ("worker", "supervisor"):
        told = "".join(pages_of(sign_in(name).post(address, WHOLE).content))
        assert "支援措置のため" in told and "佐伯" in told
        body = told.replace("南区 相談員", "").replace("南区 係長", "")
        for secret in (SECRET_ADDRESS, "若葉小学校", "柳瀬", "南区"):
            assert secret not in body, secret
        assert detail_of(Event.objects.filter(action="karte.print").latest("number"))["left_out"]
    allowed = "".join(pages_of(sign_in("supervisor").post(address, {**WHOLE, "protected": "on"}).content))
    assert "若葉小学校で面接した" in allowed and SECRET_ADDRESS not in allowed and "柳瀬" not in allowed
    assert detail_of(Event.objects.filter(action="karte.print").latest("number"))["protected"] is True


def test_the_door_itself_refuses(workers: dict[str, Account], cast: dict[str, str], cast_home: Any) -> None:
    asked: dict[str, Any] = {"purpose": "consultation", "use": "visit", "parts": ["notes"]}
    with pytest.raises(Denied):
        door.print_karte(workers["worker"], cast["protected"], protected=True, **asked)
    with pytest.raises(Refused):
        door.print_karte(workers["worker"], cast["poverty"], **{**asked, "parts": []})
