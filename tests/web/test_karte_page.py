"""The page of a karte: what it says of a child, where it says it, and that it asks the stores as often for anyone."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mimamori import door
from mimamori.access.models import Account, Look
from mimamori.governance.models import ConditionVersion, Run
from mimamori.screening import first_sets, load_indicators
from mimamori.support.models import Finding, SampleDraw

pytestmark = pytest.mark.django_db
QUERIES = 30  # of the relational store, sign-in and trail included


def opened(client: Client, case_no: str, area: str = "") -> str:
    client.post(f"/karte/{case_no}/purpose/", {"purpose": "consultation"})
    answer = client.get(f"/karte/{case_no}/", {"area": area} if area else {})
    assert answer.status_code == 200
    return answer.content.decode()


def part(page: str, name: str) -> str:
    """The section of this id, up to its end."""
    found = re.search(rf'<section[^>]*id="{name}".*?</section>', page, re.DOTALL)
    assert found, name
    return found[0]


def text(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


def test_the_timeline_is_narrowed_by_a_link_alone(sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    client = sign_in("worker")
    whole = part(opened(client, cast["poverty"]), "timeline")
    money = part(opened(client, cast["poverty"], "money"), "timeline")
    assert 'href="?area=money#timeline"' in whole
    assert "児童手当" in text(money) and "住民記録" not in text(money.split("</nav>")[1])
    assert 'aria-current="true">お金と手当' in money
    assert "令和" in whole and "年度" in whole


def test_asked_for_in_place_it_is_the_timeline_alone(sign_in: Any, findings: Any, cast: dict[str, str]) -> None:
    client = sign_in("worker")
    opened(client, cast["poverty"])
    asked = client.get(f"/karte/{cast['poverty']}/?area=school", headers={"HX-Request": "true"}).content.decode()
    assert asked.startswith("<section") and "<html" not in asked
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(f"/karte/{cast['poverty']}/?area=school", headers=restored).content.decode()


def test_what_is_new_since_the_last_look_is_marked_until_the_day_is_over(
    sign_in: Any, findings: Any, cast: dict[str, str], workers: dict[str, Account]
) -> None:
    client = sign_in("worker")
    first = opened(client, cast["poverty"])
    assert "前回見た日" not in first and 'class="tag fresh"' not in first
    assert "前回見た日" not in opened(client, cast["poverty"]), "the same day is no earlier look"
    look = Look.objects.get(account=workers["worker"], case_no=cast["poverty"])
    look.signs = {kind: signs for kind, signs in look.signs.items() if kind != "child_allowance.single_parent"}
    look.day, look.snapshot = date(2026, 10, 1), "the night before"
    look.save()
    for _ in range(2):
        page = opened(client, cast["poverty"])
        assert "新しく分かったこと 1件" in text(page) and 'href="#area-money"' in page
        assert page.count('class="tag fresh"') >= 2, "the row's and the timeline's"
        assert "新" in text(part(opened(client, cast["poverty"], "news"), "timeline").split("</nav>")[1])
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(timezone, "localdate", lambda *_: tomorrow)
        assert "新しく分かったことはありません" in opened(client, cast["poverty"])


def test_siblings_have_their_own_flags(sign_in: Any, findings: dict[str, Finding], cast: dict[str, str]) -> None:
    client = sign_in("worker")
    brother = text(part(opened(client, cast["poverty_brother"]), "family"))
    assert "その子自身の状態" in brother and "貧困" in brother, "the sister's finding"
    twin = text(part(opened(sign_in("centre_worker"), cast["twin_one"]), "family"))
    assert "いま抽出・支援の登録なし" in twin and "同じ日に生まれた: 本人、" in twin


def test_a_sibling_out_of_reach_is_not_called_fine(
    sign_in: Any, findings: Any, cast: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mimamori.door.relatives.may_see_ward", lambda *_: False)
    family = text(part(opened(sign_in("worker"), cast["poverty"]), "family"))
    assert "この画面では見られません" in family and "登録なし" not in family


def test_current_and_past_cases_stand_with_what_was_done(
    sign_in: Any, findings: dict[str, Finding], cast: dict[str, str], workers: dict[str, Account]
) -> None:
    finding = findings[cast["poverty"]]
    Finding.objects.filter(pk=finding.pk).update(state="closed", outcome="no_need")
    page = text(part(opened(sign_in("worker"), cast["poverty"]), "support"))
    assert "から" in page and "まで" in page and "貧困" in page
    assert "所見・つなぎ・児童記録・添付は、まだありません" in page
    assert "条件の内容は、いまは読めません" in page, "no night noted with which conditions it ran"
    _noted(finding, workers["coordinator"])
    told = text(part(opened(sign_in("worker"), cast["poverty"]), "support"))
    assert "抽出の理由" in told and "条件の内容は、いまは読めません" not in told
    [shown] = [one for one in first_sets() if one.difficulty == "poverty"]
    for name in finding.reasons["poverty"]:
        assert shown.condition(name).sentence().ja in told
    quiet = text(part(opened(sign_in("worker"), cast["quiet"]), "support"))
    assert "抽出されたことも、支援を記録したこともありません" in quiet


def test_a_child_drawn_at_random_is_not_said_to_have_been_extracted(
    sign_in: Any, findings: dict[str, Finding], cast: dict[str, str]
) -> None:
    other = findings[cast["poverty"]]
    draw = SampleDraw.objects.create(snapshot="s", as_of=other.as_of, ward=other.ward, seed=1, asked=1, frame=9)
    days = {"first_as_of": other.as_of, "as_of": other.as_of}
    Finding.objects.create(case_no=cast["quiet"], ward=other.ward, draw=draw, **days)
    page = opened(sign_in("worker"), cast["quiet"])
    assert text(page).count("無作為にえらばれました") == 2 and "前の抽出から" not in page
    assert 'href="#reasons"' not in page


def test_nothing_of_a_family_leads_to_the_protected_ones_place(
    sign_in: Any, findings: Any, cast: dict[str, str]
) -> None:
    family = part(opened(sign_in("worker"), cast["protected"]), "family")
    assert "佐伯 恵" in family and "佐伯 剛" not in family, "no path leads past a protected person"
    assert "東区" not in family and "香椎" not in family and f"/karte/{cast['protected_father']}/" not in family


def _noted(finding: Finding, by: Account) -> None:
    """The night that extracted it, with the versions of the conditions it ran with."""
    for one in first_sets():
        content = json.loads(one.model_dump_json())
        ConditionVersion.objects.create(difficulty=one.difficulty, number=1, content=content, proposed_by=by)
    Run.objects.create(state="done", as_of=finding.as_of, versions={one.difficulty: 1 for one in first_sets()})


def test_past_reasons_on_hidden_systems_lose_their_sentence(cast_home: Any, workers: dict[str, Account]) -> None:
    [abuse] = [one for one in first_sets() if one.difficulty == "abuse"]
    sources = {indicator.id: indicator.source for indicator in load_indicators()}
    met = {"abuse": [one.id for one in abuse.conditions if sources[one.indicator] == "child_guidance"]}
    assert met["abuse"]
    told = door.past_reasons(workers["worker"], {"abuse": abuse}, met)["abuse"]
    assert len(told) == len(met["abuse"]) and {one.label for one in told} == {"閲覧できない項目による条件"}
    centre = door.past_reasons(workers["centre_worker"], {"abuse": abuse}, met)["abuse"]
    assert {one.label for one in centre} == {abuse.condition(name).sentence().ja for name in met["abuse"]}
    assert door.past_reasons(workers["worker"], {}, met) == {"abuse": ()}


@pytest.mark.parametrize("child", ["quiet", "poverty", "protected", "baby"])
def test_a_karte_asks_a_fixed_number_of_times(
    child: str, sign_in: Any, findings: Any, cast: dict[str, str], django_assert_max_num_queries: Any
) -> None:
    client = sign_in("worker")
    opened(client, cast[child])
    with django_assert_max_num_queries(QUERIES) as asked:
        client.get(f"/karte/{cast[child]}/")
    assert len(asked) > 5
