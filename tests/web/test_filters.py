"""The page of filters: built act by act from closed lists, within one's scope, every child shown logged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cast import HIGASHI, MINAMI

from mimamori.audit.models import Event
from mimamori.cli.entry import run
from mimamori.screening.filters import read
from mimamori.support import saved_filters
from mimamori.support.models import Draft

SignIn = Callable[..., Any]
pytestmark = pytest.mark.django_db


def do(client: Any, act: str, **sent: Any) -> Any:
    """Send an act with the revision that the page shows; returns the page after it."""
    built = kept(client)
    revision = built.values["revision"][0] if built else "0"
    return client.post("/filters/", {"do": act, "revision": revision, **sent}, follow=True)


def tree(client: Any) -> Any:
    built = kept(client)
    assert built
    return json.loads(built.values["tree"][0])


def kept(client: Any) -> Draft | None:
    return Draft.objects.filter(account=client.session["_auth_user_id"], form="filter").first()


def told(action: str) -> dict[str, Any]:
    """What the trail's newest line of this kind tells."""
    detail = Event.objects.filter(action=action).latest("number").detail
    return dict(json.loads(detail) if isinstance(detail, str) else detail)


def test_the_empty_page_asks_for_a_first_clause(cast_home: Any, sign_in: SignIn) -> None:
    page = sign_in("worker").get("/filters/").content.decode()
    assert "まだ条件がありません" in page and "保存した組み合わせ" in page
    assert Event.objects.filter(action__in=["filter.ask", "list"]).count() == 0


def test_built_step_by_step_it_says_what_it_asks_and_logs_whom_it_shows(
    cast: dict[str, str], sign_in: SignIn, findings: Any
) -> None:
    client = sign_in("worker")
    do(client, "add:", what="indicator:lunch_arrears_months")
    assert tree(client) == {"all": [{"indicator": "lunch_arrears_months", "comparison": ">=", "low": 1.0}]}
    do(client, "edit:0", comparison=">=", low="4")
    do(client, "add:", what="fact:council")
    page = do(client, "turn:1").content.decode()
    assert "「給食費の未納が4か月以上」、かつ「要対協に登録されていない」児童" in page
    assert cast["poverty"] in page and cast["quiet"] not in page
    asked, listed = (told(action) for action in ("filter.ask", "list"))
    assert asked["filter"] == tree(client)
    assert (listed["list"], listed["cases"]) == ("filter", [cast["poverty"]])


def test_what_is_built_outlives_the_session(cast_home: Any, sign_in: SignIn) -> None:
    before = sign_in("worker")
    do(before, "add:", what="fact:council")
    before.logout()
    after = sign_in("worker")
    assert "要対協" in after.get("/filters/").content.decode()
    do(after, "turn:0")
    assert tree(after) == {"all": [{"not": {"fact": "council"}}]}
    assert kept(sign_in("outsider")) is None, "nobody else's"


def test_unknown_children_stand_apart(cast: dict[str, str], sign_in: SignIn) -> None:
    """The private-school child has no school rows: not known, and not 'no'."""
    client = sign_in("worker")
    do(client, "add:", what="indicator:absence_days_12m")
    do(client, "turn:0")
    unknown = client.get("/filters/?show=unknown").content.decode()
    assert cast["private"] in unknown and "当てはまらないのではありません" in unknown
    assert cast["private"] not in client.get("/filters/?show=met").content.decode()


def test_children_at_the_edge_are_named_with_the_clause(cast: dict[str, str], sign_in: SignIn) -> None:
    """Trial 22: born on the last day of the span, and already supported excluded."""
    client = sign_in("worker")
    do(client, "add:", what="day:born")
    do(client, "edit:0", since="2016-06-14", until="2017-06-13")
    do(client, "add:", what="fact:known")
    do(client, "turn:1")
    page = client.get("/filters/?show=edge").content.decode()
    for nickname, answer in (("poverty", "該当"), ("quiet", "非該当")):  # born 2016-06-14 and 2017-06-14
        row = page.split(f"/karte/{cast[nickname]}/")[1].split("</li>")[0]
        assert answer in row and "2016年6月14日から2017年6月13日まで" in row
    assert cast["protected"] not in page


@pytest.mark.parametrize(("name", "sees"), [("worker", MINAMI), ("outsider", "40132"), ("coordinator", "")])
def test_only_the_scope_is_asked(
    name: str, sees: str, cast: dict[str, str], sign_in: SignIn, workers: dict[str, Any]
) -> None:
    client = sign_in(name)
    page = do(client, "add:", what="fact:in_register").content.decode()
    found = {nickname for nickname, case_no in cast.items() if f"/karte/{case_no}/" in page}
    minami = {"quiet", "poverty", "poverty_brother", "protected", "foreign", "private", "baby"}
    higashi = {"twin_one", "twin_two", "foster"}
    assert found == {MINAMI: minami, "": minami | higashi}.get(workers[name].ward, set())


def test_a_protected_child_is_marked_and_its_address_is_not_there(cast: dict[str, str], sign_in: SignIn) -> None:
    from tests.cast import SECRET_ADDRESS

    page = do(sign_in("worker"), "add:", what="fact:protected").content.decode()
    row = page.split(f"/karte/{cast['protected']}/")[1].split("</li>")[0]
    assert "支援措置" in row and SECRET_ADDRESS not in page


@pytest.mark.parametrize("hidden", ["dv_consultation_24m", "guidance_abuse_24m", "specified_pregnancy"])
def test_what_one_may_not_see_one_cannot_ask(
    hidden: str, cast: dict[str, str], sign_in: SignIn, workers: dict[str, Any]
) -> None:
    """Whom a filter takes would tell what the karte withholds."""
    client = sign_in("worker")
    assert f"indicator:{hidden}" not in client.get("/filters/").content.decode()
    page = do(client, "add:", what=f"indicator:{hidden}").content.decode()
    assert "見られない項目" in page and "/karte/" not in page
    centre = sign_in("centre_worker")
    assert f"indicator:{hidden}" in centre.get("/filters/").content.decode()
    do(centre, "add:", what=f"indicator:{hidden}")
    do(centre, "save", name="センターだけ")
    shown = client.get("/filters/").content.decode()
    assert "センターだけ" in shown and "見られない項目か" in shown
    kept = saved_filters.saved()[0]
    assert "見られない項目" in do(client, f"open:{kept.pk}").content.decode()


def test_groups_are_joined_and_taken_away(cast_home: Any, sign_in: SignIn) -> None:
    client = sign_in("worker")
    do(client, "add:", what="fact:known")
    do(client, "group:")
    do(client, "add:1", what="work:open")
    do(client, "add:1", what="listed:carer")
    do(client, "edit:1.1", how="2")
    do(client, "join:1", kind="none")
    assert tree(client) == {
        "all": [{"fact": "known"}, {"not": {"any": [{"work": "open"}, {"listed": "carer", "tier": 2}]}}]
    }
    do(client, "remove:1.0.0")
    do(client, "join:", kind="any")
    assert tree(client) == {"any": [{"fact": "known"}, {"not": {"any": [{"listed": "carer", "tier": 2}]}}]}
    do(client, "remove:1")
    do(client, "clear:")
    assert tree(client) == {"all": []}


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("add:", {"what": "indicator:'; DROP TABLE indicators; --"}),
        ("add:", {"what": "fact:nothing"}),
        ("add:", {"what": ""}),
        ("add:7.7", {"what": "fact:known"}),
        ("edit:0", {"comparison": ">=", "low": "1; SELECT 1"}),
        ("edit:0", {"comparison": "LIKE", "low": "1"}),
        ("edit:0", {"comparison": ">=", "low": "nan"}),
        ("edit:0", {"comparison": ">=", "low": "999"}),
        ("join:", {"kind": "xor"}),
        ("remove:0.0.0", {}),
        ("remove:-1", {}),
        ("no_such:0", {}),
    ],
)
def test_what_cannot_be_changes_nothing(act: str, sent: dict[str, str], cast_home: Any, sign_in: SignIn) -> None:
    client = sign_in("worker")
    do(client, "add:", what="indicator:lunch_arrears_months")
    before = tree(client)
    assert do(client, act, **sent).status_code == 200
    assert tree(client) == before


def test_an_old_page_changes_nothing(cast_home: Any, sign_in: SignIn) -> None:
    client = sign_in("worker")
    do(client, "add:", what="fact:known")
    page = client.post("/filters/", {"do": "clear:", "revision": "0"}, follow=True).content.decode()
    assert "画面が古くなっています" in page and tree(client) == {"all": [{"fact": "known"}]}


def test_a_saved_filter_is_opened_by_another_within_their_own_scope(cast: dict[str, str], sign_in: SignIn) -> None:
    client = sign_in("worker")
    do(client, "add:", what="fact:in_register")
    do(client, "save", name="住民の児童")
    kept = saved_filters.saved()[0]
    outsider = sign_in("outsider")
    page = do(outsider, f"open:{kept.pk}").content.decode()
    assert tree(outsider) == {"all": [{"fact": "in_register"}]}
    assert "/karte/" not in page and "一覧から消す" not in page
    do(client, f"drop:{kept.pk}")
    assert saved_filters.saved() == []


@pytest.mark.parametrize("name", ["auditor", "administrator", "analyst", "manager", "data_officer"])
def test_who_sees_no_worklist_has_no_filters(name: str, cast_home: Any, sign_in: SignIn) -> None:
    assert sign_in(name).get("/filters/").status_code == 403


def test_as_many_queries_for_one_child_as_for_many(
    cast: dict[str, str], sign_in: SignIn, findings: Any, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("coordinator")
    do(client, "add:", what="indicator:lunch_arrears_months")
    with django_assert_max_num_queries(30) as few:
        client.get("/filters/")
    do(client, "add:", what="fact:in_register")
    do(client, "remove:0")
    with django_assert_max_num_queries(30) as many:
        client.get("/filters/")
    assert len(many) <= len(few)


def test_the_command_counts_with_small_counts_closed(
    cast: dict[str, str], workers: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved_filters.save("東区", read({"wards": [HIGASHI]}), by=workers["coordinator"])
    assert run(["screen", "filter", "東区", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["met"], told["unknown"], told["filter"]) == (None, 0, {"wards": [HIGASHI]})
    file = tmp_path / "f.toml"
    file.write_text('fact = "in_register"\n', encoding="utf-8")
    assert run(["screen", "filter", str(file), "--by", "worker", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["failed"] == 0


@pytest.mark.parametrize(
    "text", ["[[all]]\nindicator = 'x'", "not toml at all [", '{"fact": "nothing"}', "", "all = []"]
)
def test_the_command_refuses_bad_input(
    text: str, cast_home: Any, db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    assert run(["screen", "filter", str(file)]) == 2
    assert capsys.readouterr().err.startswith("bad.toml: ")
    assert run(["screen", "filter", "そんな名前はない"]) == 2
