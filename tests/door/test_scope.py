"""Who meets whom. Out of scope and not existing are one answer, in every way a child can be asked for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import CHILDREN, HIGASHI, MINAMI

from mimamori import door
from mimamori.access import Denied, PurposeNeeded, load_roles
from mimamori.audit.models import Event

pytestmark = pytest.mark.django_db
OF_MINAMI = {"quiet", "poverty", "poverty_brother", "protected", "foreign", "private", "baby"}
OF_HIGASHI = set(CHILDREN) - OF_MINAMI
MEETS = {
    "worker": OF_MINAMI,
    "supervisor": OF_MINAMI,
    "outsider": set(),
    "centre_worker": set(CHILDREN),
    "centre_supervisor": set(CHILDREN),
    "coordinator": set(CHILDREN),
    "manager": set(CHILDREN),
    "data_officer": set(),
    "analyst": set(),
    "auditor": set(),
    "administrator": set(),
}
NOWHERE = "K-0000-0000-0"


@pytest.mark.parametrize("child", CHILDREN)
@pytest.mark.parametrize("who", MEETS)
def test_each_role_and_each_child(cast: dict[str, str], workers: dict[str, Any], who: str, child: str) -> None:
    role = load_roles().roles[workers[who].role]
    purpose = role.purposes[0] if role.purposes else "finding_check"
    if child in MEETS[who]:
        karte = door.open_karte(workers[who], cast[child], purpose=purpose)
        assert karte.header.case_no == cast[child]
        return
    with pytest.raises(Denied) as there:
        door.open_karte(workers[who], cast[child], purpose=purpose)
    with pytest.raises(Denied) as nowhere:
        door.open_karte(workers[who], NOWHERE, purpose=purpose)
    assert (type(there.value), there.value.ja) == (type(nowhere.value), nowhere.value.ja)


@pytest.mark.parametrize("adult", ["poverty_mother", "protected_father", "foster_head"])
@pytest.mark.parametrize("who", ["centre_worker", "coordinator"])
def test_a_grown_up_has_no_karte(cast: dict[str, str], workers: dict[str, Any], who: str, adult: str) -> None:
    with pytest.raises(door.NotFound):
        door.open_karte(workers[who], cast[adult], purpose="council")


def test_the_purpose_goes_without_saying_only_for_the_own_wards_findings(
    cast: dict[str, str], workers: dict[str, Any]
) -> None:
    assert door.open_karte(workers["worker"], cast["poverty"]).purpose == "finding_check"
    with pytest.raises(PurposeNeeded):
        door.open_karte(workers["worker"], cast["quiet"])
    for who in ("centre_worker", "coordinator", "manager"):
        with pytest.raises(PurposeNeeded):
            door.open_karte(workers[who], cast["poverty"])
    assert not Event.objects.exclude(action="karte.open").exists()
    assert Event.objects.count() == 1


def test_a_purpose_of_another_role_is_refused(cast: dict[str, str], workers: dict[str, Any]) -> None:
    with pytest.raises(Denied):
        door.open_karte(workers["worker"], cast["poverty"], purpose="linkage_check")


@pytest.mark.parametrize("term", ["森下 陽菜", "もりした", "モリシタ ヒナ", "陽菜", "2016-06-14"])
def test_search_finds_what_it_may(cast: dict[str, str], workers: dict[str, Any], term: str) -> None:
    assert cast["poverty"] in [hit.case_no for hit in door.search(workers["worker"], term)]
    assert door.search(workers["outsider"], term) == []


def test_search_by_case_number_and_by_other_names(cast: dict[str, str], workers: dict[str, Any]) -> None:
    assert [hit.case_no for hit in door.search(workers["worker"], cast["foreign"])] == [cast["foreign"]]
    assert door.search(workers["outsider"], cast["foreign"]) == door.search(workers["outsider"], NOWHERE) == []
    for term in ("NGUYEN THI MINH", "阮 明"):
        assert cast["foreign"] in [hit.case_no for hit in door.search(workers["worker"], term)]


@pytest.mark.parametrize("term", ["モリシタ マユミ", "佐伯 剛", "松本 和子"])
def test_search_finds_no_grown_up(cast: dict[str, str], workers: dict[str, Any], term: str) -> None:
    assert door.search(workers["coordinator"], term) == []


@pytest.mark.parametrize("who", ["manager", "data_officer", "analyst", "auditor", "administrator"])
def test_roles_without_search(workers: dict[str, Any], cast: dict[str, str], who: str) -> None:
    with pytest.raises(Denied):
        door.search(workers[who], "森下")
    with pytest.raises(Denied):
        door.headlines(workers[who], [cast["poverty"]])


def test_headlines_leave_out_other_wards(cast: dict[str, str], workers: dict[str, Any]) -> None:
    asked = [cast["twin_one"], cast["poverty"], NOWHERE, cast["poverty_mother"]]
    assert list(door.headlines(workers["worker"], asked)) == [cast["poverty"]]
    assert list(door.headlines(workers["centre_worker"], asked)) == [cast["twin_one"], cast["poverty"]]
    found = door.headlines(workers["centre_worker"], asked)
    assert {found[cast["poverty"]].ward, found[cast["twin_one"]].ward} == {MINAMI, HIGASHI}


def test_a_pair_is_opened_by_who_decides_or_settles(workers: dict[str, Any], cast: dict[str, str]) -> None:
    for who in set(MEETS) - {"coordinator", "centre_supervisor"}:
        with pytest.raises(Denied):
            door.open_pair(workers[who], "pupil_no:S0004", "pupil_no:S0005")
    left, right = door.open_pair(workers["coordinator"], "pupil_no:S0004", "pupil_no:nobody")
    assert left.header is not None and left.header.name == "岩永 春人"
    assert right.header is None


@pytest.mark.parametrize(
    ("who", "sees", "quarantine"),
    [("data_officer", True, True), ("coordinator", True, False), ("worker", False, False), ("auditor", False, False)],
)
def test_deliveries(workers: dict[str, Any], cast_home: Any, who: str, sees: bool, quarantine: bool) -> None:
    if not sees:
        with pytest.raises(Denied):
            door.deliveries(workers[who])
    else:
        found = door.deliveries(workers[who])
        assert "resident_register" in {delivered.source for delivered in found}
        assert all(delivered.received == delivered.stored + delivered.quarantined for delivered in found)
    if not quarantine:
        with pytest.raises(Denied):
            door.quarantine(workers[who], "resident_register", "2026-10-31.1")
