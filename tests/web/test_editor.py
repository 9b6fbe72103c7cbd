"""The editor's page: what is typed is tried, mended and saved, and never lost; nothing typed becomes SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.approving import approved
from tests.web.test_editing import HELD

from mimamori import engine, governance
from mimamori.governance.life import State
from mimamori.governance.models import ConditionVersion
from mimamori.screening import ConditionSet, first_sets, what_if
from mimamori.sources import load_registry
from mimamori.support.models import Draft
from mimamori.web import editing

SignIn = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast_home: Any, workers: dict[str, Any]) -> ConditionVersion:
    return governance.propose(HELD, by=workers["coordinator"])


def address(version: ConditionVersion, page: str = "edit") -> str:
    return f"/conditions/{version.pk}/{page}/"


def typed(of: ConditionSet = HELD, revision: int = 1, **changed: Any) -> dict[str, Any]:
    """The fields of the form as a browser sends them."""
    return dict(editing.columns_of(editing.sheet_of(of, revision)).lists()) | changed


def held(version: ConditionVersion) -> ConditionSet:
    version.refresh_from_db()
    return governance.sets_of([version])[0]


@pytest.mark.parametrize("first", first_sets(), ids=lambda one: str(one.difficulty))
def test_a_first_set_is_opened_and_saved_as_it_was(
    first: ConditionSet, cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    version = governance.propose(first, by=workers["coordinator"])
    client = sign_in("coordinator")
    page = client.get(address(version))
    fields = dict(editing.columns_of(page.context["sheet"]).lists())
    assert client.post(address(version, "what-if"), fields).status_code == 200
    assert client.post(address(version), fields | {"do": "save"}).status_code == 302
    saved = held(version)
    assert {one.id: one for one in saved.conditions} == {one.id: one for one in first.conditions}
    assert saved.model_copy(update={"conditions": ()}) == first.model_copy(update={"conditions": ()})


def test_what_is_typed_is_saved_by_the_button_alone(version: ConditionVersion, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    assert address(version) in client.get(f"/conditions/{version.pk}/").content.decode()
    client.post(address(version, "what-if"), typed(low=["", "5"]))
    assert (held(version), version.revision) == (HELD, 1)
    answer = client.post(address(version), typed(low=["", "5"]) | {"do": "save"}, follow=True)
    assert "下書きを保存しました。" in answer.content.decode()
    assert (held(version).conditions[1].low, version.revision) == (5, 2)
    assert not Draft.objects.get(form=f"conditions:{version.pk}").values, "what was typed is no draft any more"


def test_the_panel_answers_to_what_is_typed(version: ConditionVersion, sign_in: SignIn, findings: Any) -> None:
    """The cast's poor siblings have four months of arrears; so few are told as closed."""
    answer = sign_in("coordinator").post(address(version, "what-if"), typed(low=["", "4"]))
    page = answer.content.decode()
    table = answer.context["table"]
    assert table["whole"].listed is None
    assert "未納が4か月以上" in page and 'hx-swap-oob="true"' in page and "<html" not in page
    none = sign_in("coordinator").post(address(version, "what-if"), typed(low=["", "9"]))
    assert none.context["table"]["whole"].listed == 0


def test_beside_the_version_in_force(cast_home: Any, sign_in: SignIn, workers: dict[str, Any]) -> None:
    approved(HELD, workers)
    draft = governance.propose(HELD, by=workers["coordinator"])
    answer = sign_in("coordinator").post(address(draft, "what-if"), typed())
    assert "使用中の第1版とくらべています。" in answer.content.decode()
    wards = [ward.code for ward in load_registry().municipality.wards]
    assert [one.place.ward for one in answer.context["table"]["wards"]] == wards


def test_faults_and_findings_stand_at_their_row_and_stop_no_typing(version: ConditionVersion, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    wrong = client.post(address(version, "what-if"), typed(low=["", "三"]))
    assert wrong.status_code == 200
    assert [row["faults"] for row in wrong.context["rows"]] == [(), ("「三」は数ではありません。",)]
    assert wrong.context["table"] is None
    never = client.post(address(version, "what-if"), typed(low=["", "99"]))
    assert "当たらない" in never.content.decode()
    assert never.context["table"] is None


def test_a_gap_is_mended_by_its_button(cast_home: Any, sign_in: SignIn, workers: dict[str, Any]) -> None:
    row = HELD.conditions[1].model_copy(
        update={"id": "some", "comparison": "between", "low": 1.0, "high": 2.0, "points": 20.0}
    )
    gap = HELD.model_copy(
        update={"conditions": (*HELD.conditions, row.model_copy(update={"label": HELD.conditions[0].label}))}
    )
    far = gap.conditions[1].model_copy(update={"low": 5.0})
    version = governance.propose(
        gap.model_copy(update={"conditions": (gap.conditions[0], far, gap.conditions[2])}), by=workers["coordinator"]
    )
    client = sign_in("coordinator")
    page = client.get(address(version))
    (act,) = [found["act"] for row in page.context["rows"] for found in row["findings"] if found["act"]]
    assert act == "mend:arrears:low:3"
    after = client.post(address(version), typed(held(version)) | {"do": act})
    assert not [found for row in after.context["rows"] for found in row["findings"] if found["act"]]
    assert "autofocus" in after.content.decode()


def test_rows_come_and_go_and_are_kept_as_a_draft(version: ConditionVersion, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    added = client.post(
        address(version), typed() | {"do": "add", "new_indicator": "absence_days_12m", "new_place": "must"}
    )
    sheet = added.context["sheet"]
    assert [row.row_id for row in sheet.rows] == ["gone", "absence_days_12m", "arrears"]
    assert (held(version), version.revision) == (HELD, 1), "nothing is saved yet"
    again = client.get(address(version))
    assert again.context["sheet"] == sheet
    fields = dict(editing.columns_of(sheet).lists())
    fewer = client.post(address(version), fields | {"do": "remove:0"}).context["sheet"]
    assert [row.row_id for row in fewer.rows] == ["absence_days_12m", "arrears"]
    assert sign_in("manager").get(address(version)).status_code == 403


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("add", "指標をえらんでください。"),
        ("group", "領域の名前を書いてください。"),
        ("remove:9", "画面が古くなっています。"),
        ("drop", "画面が古くなっています。"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_lost(
    act: str, words: str, version: ConditionVersion, sign_in: SignIn
) -> None:
    answer = sign_in("coordinator").post(address(version), typed(low=["", "5"]) | {"do": act, "new_place": "must"})
    assert words in answer.content.decode()
    assert answer.context["sheet"].rows[1].low == "5"


def test_what_lacks_a_basis_is_not_saved_and_not_lost(version: ConditionVersion, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    answer = client.post(address(version), typed(low=["", "5"], basis_ja=["通知", ""]) | {"do": "save"})
    assert (answer.status_code, held(version)) == (422, HELD)
    page = answer.content.decode()
    assert "根拠を書いてください" in page and "まだ保存していません。" in page
    assert 'href="#row-1"' in page, "what is wrong may lie far below"
    assert client.get(address(version)).context["sheet"].rows[1].low == "5"


def test_who_saves_after_somebody_else_sees_the_others_change_and_loses_nothing(
    version: ConditionVersion, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    client = sign_in("coordinator")
    client.get(address(version))
    theirs = HELD.model_copy(update={"tiers": (70.0, 40.0)})
    governance.edit(version, theirs, by=workers["coordinator"], revision=1)
    answer = client.post(address(version), typed(low=["", "5"]) | {"do": "save"})
    assert (answer.status_code, held(version), version.revision) == (409, theirs, 2)
    told = answer.context["stale"]
    assert told["who"] == workers["coordinator"].display_name
    assert {(one.word, one.was) for one in told["changes"]} >= {("載せる点数(段階ごと)", "70点 / 40点")}
    assert any("未納が5か月以上" in one.text for one in told["changes"])
    assert client.get(address(version)).context["sheet"].rows[1].low == "5"
    again = dict(editing.columns_of(answer.context["sheet"]).lists())
    assert client.post(address(version), again | {"do": "save"}).status_code == 302
    assert (held(version).conditions[1].low, held(version).tiers) == (5, HELD.tiers)


def test_a_draft_that_another_changed_says_so_when_it_is_opened(
    version: ConditionVersion, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    client = sign_in("coordinator")
    client.post(address(version), typed(low=["", "5"]) | {"do": "try"})
    governance.edit(version, HELD.model_copy(update={"tiers": (70.0,)}), by=workers["coordinator"], revision=1)
    assert "ほかの人がこの下書きを直しました" in client.get(address(version)).content.decode()


SQL = "1) OR 1=1; DROP TABLE indicators; --"


@pytest.mark.parametrize("name", sorted({*editing.ROW_FIELDS, *editing.DOMAIN_FIELDS, "value", "tier", "ages_from"}))
def test_nothing_that_is_typed_becomes_sql(
    name: str, version: ConditionVersion, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every statement that reaches the engine is built of the closed list: the text stands in none of them."""
    asked: list[str] = []

    def noting(run: Callable[..., Any]) -> Callable[..., Any]:
        def noted(con: Any, sql: str, *rest: Any) -> Any:
            asked.append(sql)
            return run(con, sql, *rest)

        return noted

    for run in (engine.rows_of, engine.table_of):
        monkeypatch.setattr(what_if, run.__name__, noting(run))
    client = sign_in("coordinator")
    fields = typed()
    fields[name] = [f"0:{SQL}"] if name == "value" else [SQL for _ in fields[name]]
    for act in ("what-if", "edit"):
        answer = client.post(address(version, act), fields | {"do": "save"})
        assert answer.status_code in {200, 302, 422}
    assert not [sql for sql in asked if "DROP" in sql or "1=1" in sql]
    assert client.post(address(version, "what-if"), typed()).context["table"] is not None
    assert asked, "the numbers of a right sheet do reach the engine"


@pytest.mark.parametrize(
    "who", ["worker", "supervisor", "centre_worker", "manager", "analyst", "auditor", "administrator"]
)
def test_who_may_not_write_conditions_is_refused(who: str, version: ConditionVersion, sign_in: SignIn) -> None:
    client = sign_in(who)
    assert client.get(address(version)).status_code == 403
    assert client.post(address(version), typed() | {"do": "save"}).status_code == 403
    assert client.post(address(version, "what-if"), typed()).status_code == 403
    assert held(version) == HELD


def test_only_a_draft_is_edited(version: ConditionVersion, sign_in: SignIn, workers: dict[str, Any]) -> None:
    client = sign_in("coordinator")
    governance.send_to_test(version, by=workers["coordinator"])
    assert client.get(address(version)).status_code == 422
    assert client.post(address(version), typed() | {"do": "save"}).status_code == 422
    assert client.post(address(version, "what-if"), typed()).status_code == 422
    assert (held(version), version.state) == (HELD, State.TESTING)
    assert address(version) not in client.get(f"/conditions/{version.pk}/").content.decode()
    assert client.get("/conditions/99999/edit/").status_code == 422


def test_a_panel_that_is_asked_for_after_the_session_leaves_the_page_alone(version: ConditionVersion) -> None:
    from django.test import Client

    answer = Client().post(address(version, "what-if"), typed(), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_what_is_typed_is_shown_as_text(version: ConditionVersion, sign_in: SignIn) -> None:
    fields = typed(ja=["<script>alert(1)</script>", HELD.conditions[1].label.ja])
    page = sign_in("coordinator").post(address(version, "what-if"), fields).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
