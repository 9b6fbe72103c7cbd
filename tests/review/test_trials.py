"""What has gone wrong for others where people decide about linkage: numbers, protection and notes through a merge and
back, night by night, on every page and in every document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pytest
from django.urls import URLPattern, get_resolver
from tests.cast import BY_NICKNAME, DAY, SECRET_ADDRESS, WORKERS
from tests.night.test_merge_and_back import pair_of, ref, run  # noqa: F401 - a fixture
from tests.night.test_night import approved, kept_snapshot  # noqa: F401 - fixtures

from mimamori import door, engine, intake, review
from mimamori.access.models import Account, Shield
from mimamori.exchange import as_document, as_html, document_for
from mimamori.karte.store import Snapshot
from mimamori.refusal import Refused
from mimamori.review.models import Pair
from mimamori.support import actions, notes
from mimamori.support.models import Finding, Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("approved")]
Run = Callable[[], Snapshot]
HERS, THEIRS = "poverty", "protected"  # the unprotected child with an open case, and the protected one
HER_ADDRESS = BY_NICKNAME[HERS].address


@pytest.fixture
def other(workers: dict[str, Any]) -> Account:
    """A second coordinator: two people decide about a protected child."""
    account = Account(username="coordinator-2", role="coordinator", display_name="橋本")
    account.save()
    return account


@pytest.fixture
def first(run: Run) -> dict[str, str]:  # noqa: F811
    """The first night: the number of everybody of the cast."""
    snapshot = run()
    return {name: snapshot.case_of(ref(name)) or "" for name in BY_NICKNAME}


def say(pair: Pair, *, by: list[Account], same: bool) -> None:
    for account in by:
        review.decide(pair, same=same, by=account, reason="戸籍と学校に確かめた")


def take_back(pair: Pair, *, by: list[Account]) -> None:
    for account in by:
        review.undo(pair, by=account, reason="別の子だった")


# --- 18. The number of an open case survives a night in which a new record joins it.


def joins(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """From the next night on the sources tell this as well."""
    load = intake.load_state

    def loaded(con: engine.Connection, **given: Any) -> Any:
        found = load(con, **given)
        for statement in statements:
            con.execute(statement)
        return found

    monkeypatch.setattr(intake, "load_state", loaded)


def new_row(source: str, like: str, **changed: str) -> str:
    """A row like the first one of a table, but for these items."""
    return (
        f"INSERT INTO {source} SELECT * REPLACE ({', '.join(f'{value} AS {item}' for item, value in changed.items())})"
        f" FROM {source} WHERE {like} LIMIT 1"
    )


def test_18_an_open_case_keeps_its_number_when_records_join(
    run: Run,  # noqa: F811
    first: dict[str, str],
    workers: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = first[HERS]
    held = actions.start(Finding.objects.get(case_no=number), by=workers["worker"])
    name = {"name": "'森下 陽菜'", "kana": "'モリシタ ヒナ'", "birth_date": "DATE '2016-06-14'", "sex": "'2'"}
    joins(
        monkeypatch,
        new_row("child_guidance__cases", "true", reception_no="'R9'", guidance_no="'G9'", addressee_no="NULL", **name),
        new_row("medical_subsidy__certificates", f"addressee_no = '{BY_NICKNAME[HERS].addressee_no}'",
                certificate_no="'M99'"),
    )  # fmt: skip
    for _night in range(2):
        snapshot = run()
        assert snapshot.case_of("own_no:child_guidance:G9") == snapshot.case_of(ref(HERS)) == number
        held.refresh_from_db()
        assert (held.case_no, held.state, held.numbers) == (number, "looking", [])
        assert Finding.objects.filter(case_no=number).count() == 1
    assert not Notice.objects.exists()
    assert review.changes_of(number) == []


# --- 20. A protected and an unprotected record become one: protected everywhere, at once.


def addresses_of_pages(numbers: dict[str, str]) -> Iterator[str]:
    """Every address of the site that opens with a case number, a finding, a pair, or nothing."""
    values: dict[str, list[Any]] = {
        "case_no": sorted(set(numbers.values())),
        "pk": [*Finding.objects.values_list("pk", flat=True), *Pair.objects.values_list("pk", flat=True)],
    }
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern)
        asked = list(pattern.pattern.converters)
        if len(asked) > 1 or not set(asked) <= values.keys() or "logout" in (pattern.name or ""):
            continue
        for value in values[asked[0]] if asked else [None]:
            yield f"/{str(pattern.pattern).replace('<str:case_no>', str(value)).replace('<int:pk>', str(value))}"


def read(answer: Any) -> str:
    """What an answer says, a PDF as well."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.headers.get("Content-Type", "") == "application/pdf":
        pages = pypdfium2.PdfDocument(content)
        return "".join(page.get_textpage().get_text_range() for page in pages).replace("\n", "").replace("\r", "")
    return str(content.decode())


READERS = ("worker", "supervisor", "centre_worker", "coordinator", "manager", "auditor")
AROUND = (HERS, THEIRS, "poverty_mother", "poverty_brother", "protected_mother", "protected_father")


def shown(sign_in: Any, numbers: dict[str, str], *texts: str) -> set[str]:
    """Where any of these texts can be read, and by whom: every page is opened."""
    found, opened = set(), 0
    for name in READERS:
        client = sign_in(name)
        for address in addresses_of_pages(numbers):
            answer = client.get(address, follow=True)
            opened += answer.status_code == 200
            page = read(answer)
            found |= {f"{name} reads {text} at {address}" for text in texts if text in page}
    assert opened > 60, "the walk has to reach pages"
    return found


def check_protected_everywhere(numbers: dict[str, str], workers: dict[str, Any], sign_in: Any) -> None:
    """Both children, by one number or two: on pages, in searches, lists, families and documents."""
    assert shown(sign_in, numbers, SECRET_ADDRESS, HER_ADDRESS) == set()
    for child in (HERS, THEIRS):
        number = numbers[child]
        karte = door.open_karte(workers["centre_worker"], number, purpose="council")
        assert karte.header.protection is not None, child
        assert karte.header.address_withheld, child
        assert all(one.same_household or (one.place_withheld and not one.case_no) for one in karte.family), child
        for term in (BY_NICKNAME[child].name, BY_NICKNAME[child].kana, number):
            assert [(hit.case_no, hit.protected) for hit in door.search(workers["worker"], term)] == [(number, True)], (
                term
            )
        assert door.headlines(workers["worker"], [number])[number].protected, child
        with pytest.raises(Refused):
            document_for(number, by=workers["coordinator"])
        document = document_for(number, by=workers["coordinator"], confirmed=True)
        for text in (json.dumps(as_document(document), ensure_ascii=False), as_html(document)):
            assert SECRET_ADDRESS not in text, child
            assert HER_ADDRESS not in text, child
    for relative in ("poverty_brother",):
        karte = door.open_karte(workers["centre_worker"], numbers[relative], purpose="council")
        assert karte.header.address_withheld, "the home of a protected child"
        assert all(one.protected for one in karte.family if one.name == BY_NICKNAME[HERS].name)


def test_20_a_protected_and_an_unprotected_record(
    run: Run,  # noqa: F811
    first: dict[str, str],
    workers: dict[str, Any],
    other: Account,
    sign_in: Any,
) -> None:
    coordinators = [workers["coordinator"], other]
    hers, theirs = first[HERS], first[THEIRS]
    around = {name: first[name] for name in AROUND}
    held = actions.start(Finding.objects.get(case_no=hers), by=workers["worker"])
    pair = pair_of(HERS, THEIRS, needs_second=True)
    assert shown(sign_in, around, HER_ADDRESS), "hers is no secret yet"

    say(pair, by=coordinators[:1], same=True)
    assert not Shield.objects.exists(), "one word holds nothing"
    say(pair, by=coordinators[1:], same=True)
    check_protected_everywhere(around, workers, sign_in)  # at once: no night has run yet

    merged = run()
    number = merged.case_of(ref(HERS)) or ""
    assert merged.case_of(ref(THEIRS)) == number
    assert merged.case_of("pupil_no:S0002") == merged.case_of("pupil_no:S0003") == number, "nothing is left outside"
    assert not Shield.objects.exists()
    check_protected_everywhere({**around, HERS: number, THEIRS: number}, workers, sign_in)

    held.refresh_from_db()
    assert held.case_no == number
    gone = ({hers, theirs} - {number}).pop()
    assert review.called_now(gone) == number
    note = notes.write(
        held.pk, by=workers["worker"], happened_on=DAY, kind="phone", result="reached", text="担任に聞いた"
    )
    actions.assess(held.pk, by=workers["worker"], outcome="no_need", reason="元気", text="家庭訪問した", checklist={})
    assert documented(number, workers) == {"担任に聞いた", "家庭訪問した"}

    take_back(pair, by=coordinators)
    say(pair, by=coordinators, same=False)
    for _night in range(2):
        after = run()
        assert {name: after.case_of(ref(name)) for name in AROUND} == around, "each old number finds its person"
        assert (after.case_of("pupil_no:S0002"), after.case_of("pupil_no:S0003")) == (hers, theirs)
        held.refresh_from_db()
        assert (held.case_no, held.numbers) == (hers, [])
        assert [one.pk for one in notes.notes_of(workers["worker"], [held])] == [note.pk]
        assert (documented(hers, workers), documented(theirs, workers)) == (
            {"担任に聞いた", "家庭訪問した"},
            set(),
        ), "notes go home"
        pair.refresh_from_db()
        assert (pair.state, pair.open) == ("held", False), "the pair does not come back"
        asked = engine.rows_of(after.cursor(), "SELECT left_ref, right_ref FROM pairs")
        assert not [one for one in asked if {ref(HERS), ref(THEIRS)} == set(one.values())]
    assert review.called_now(gone) is None
    protection = {row["case_no"]: row["protection"] for row in after.people([hers, theirs])}
    assert protection == {hers: None, theirs: "1"}
    assert SECRET_ADDRESS not in str(shown(sign_in, around, SECRET_ADDRESS))


def documented(number: str, workers: dict[str, Any]) -> set[str]:
    """What staff wrote, as it stands in the document of this person."""
    found = document_for(number, by=workers["coordinator"], confirmed=True)
    return {one.text.rpartition(": ")[2] for one in found.judgements}


def test_20_taken_back_before_the_night_nobody_is_shielded(
    first: dict[str, str], workers: dict[str, Any], other: Account
) -> None:
    pair = pair_of(HERS, THEIRS, needs_second=True)
    coordinators = [workers["coordinator"], other]
    say(pair, by=coordinators, same=True)
    assert dict(Shield.objects.values_list("case_no", "protected_no")) == {first[HERS]: first[THEIRS]}
    take_back(pair, by=coordinators[:1])
    assert Shield.objects.exists(), "what two decided holds until two take it back"
    take_back(pair, by=coordinators[1:])
    assert not Shield.objects.exists()
    assert door.open_karte(workers["worker"], first[HERS]).header.protection is None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_20_over_several_pairs(
    first: dict[str, str], workers: dict[str, Any], other: Account, order: tuple[int, int]
) -> None:
    """The brother is taken for the girl, and the girl for the protected child: he is protected as well."""
    pairs = [pair_of(HERS, THEIRS, needs_second=True), pair_of("poverty_brother", HERS)]
    for place in order:
        say(pairs[place], by=[workers["coordinator"], other] if place == 0 else [workers["coordinator"]], same=True)
    shields = dict(Shield.objects.values_list("case_no", "protected_no"))
    assert shields == dict.fromkeys([first[HERS], first["poverty_brother"]], first[THEIRS])
    assert door.sensitive_refs(door.snapshots.current(), [ref("poverty_brother")]) == {ref("poverty_brother")}


def test_20_a_record_that_may_be_the_protected_childs_tells_no_address(
    run: Run,  # noqa: F811
    workers: dict[str, Any],
    sign_in: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The school writes another reading and no sex: a person decides whether it is this child, at that address."""
    joins(
        monkeypatch,
        f"UPDATE pupil_register__pupils SET name = '佐伯', kana = 'サエキ', sex = NULL, address = '{SECRET_ADDRESS}'"
        " WHERE pupil_no = 'S0003'",
    )
    snapshot = run()
    number, theirs = snapshot.case_of("pupil_no:S0003") or "", snapshot.case_of(ref(THEIRS)) or ""
    assert number != theirs
    assert Pair.objects.filter(left_ref=ref(THEIRS), right_ref="pupil_no:S0003").exists()
    header = door.open_karte(workers["centre_worker"], number, purpose="council").header
    assert (header.protection, header.address_withheld, header.guarded) == (None, True, True)
    assert shown(sign_in, {"pupil": number, "child": theirs}, SECRET_ADDRESS) == set()


# --- Notices of a merge or a split go to who holds the case, and to nobody else.


def test_only_who_holds_a_case_is_told(
    run: Run,  # noqa: F811
    first: dict[str, str],
    workers: dict[str, Any],
    other: Account,
    sign_in: Any,
) -> None:
    actions.start(Finding.objects.get(case_no=first[HERS]), by=workers["worker"])
    pair = pair_of(HERS, THEIRS, needs_second=True)
    say(pair, by=[workers["coordinator"], other], same=True)
    run()
    take_back(pair, by=[workers["coordinator"], other])
    run()
    assert {one.to.username for one in Notice.objects.all()} == {"worker"}
    for name in WORKERS:
        page = sign_in(name).get("/work/")
        if page.status_code == 200:
            assert ("お知らせ" in page.content.decode()) == (name == "worker"), name
