"""つなぎの書面: the chosen items and no others, nothing of where a protected child is, and the agencies' own forms."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.cast import BY_NICKNAME, DAY
from tests.support.made import row
from tests.web.test_plans import pdf_text

from mimamori.audit.models import Event as Trail
from mimamori.support import actions
from mimamori.support.agencies import SHARED
from mimamori.support.models import Finding, Referral
from mimamori.support.referral_forms import FORMS
from mimamori.support.taking import take_findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def needed(cast: dict[str, str], findings: dict[str, Finding], workers: dict[str, Any]) -> Any:
    def of(nickname: str) -> Finding:
        if cast[nickname] not in findings:
            take_findings([row(cast[nickname])], as_of=DAY)
        finding = Finding.objects.get(case_no=cast[nickname])
        actions.start(finding, by=workers["worker"])
        actions.assess(
            finding.pk, by=workers["worker"], outcome="support_needed", reason="理由", text="所見", checklist={}
        )
        return Finding.objects.get(pk=finding.pk)

    return of


def referred(finding: Finding, by: Any, **changed: Any) -> Referral:
    given: dict[str, Any] = {
        "agency_kind": "health_centre", "agency_name": "南区保健センター", "basis": "consent",
        "basis_text": "母、電話で同意", "text": "家庭訪問をお願いします。", "shared": list(SHARED),
        "due_on": timezone.localdate() + timedelta(days=14),
    }  # fmt: skip
    return actions.refer(finding, by=by, **given | changed)


def letter(sent: Referral, client: Any) -> str:
    answer = client.post(f"/referrals/{sent.pk}/letter/")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    return re.sub(r"\s", "", pdf_text(answer.content))


def test_the_letter_tells_the_chosen_items_and_no_others(needed: Any, workers: dict[str, Any], sign_in: Any) -> None:
    finding = needed("poverty")
    person = BY_NICKNAME["poverty"]
    told = letter(referred(finding, workers["worker"]), sign_in("worker"))
    for part in (person.name, "南区保健センター", "家庭訪問をお願いします。", "母、電話で同意", "お伝えすること"):
        assert part.replace(" ", "") in told, part
    assert all(words[0] in told for words in SHARED.values())
    only = letter(referred(finding, workers["worker"], shared=["worries"]), sign_in("worker"))
    assert "気になること" in only
    assert person.name.replace(" ", "") not in only and "連絡先" not in only
    event = Trail.objects.filter(action="referral.print").order_by("-number")[0]
    assert event.details["kinds"] == ["worries"] and event.case_no == finding.case_no
    assert person.name not in event.detail


def test_of_a_protected_child_nothing_tells_where_it_is(
    needed: Any, cast: dict[str, str], workers: dict[str, Any], sign_in: Any
) -> None:
    finding = needed("protected")
    person = BY_NICKNAME["protected"]
    told = letter(referred(finding, workers["worker"]), sign_in("worker"))
    assert "支援措置のため、載せていません" in told
    address = re.sub(r"\s", "", person.address)
    assert address not in told and not [part for part in re.findall(r"[一-龥]{3,}\d+丁目", address) if part in told]
    assert Trail.objects.get(action="referral.print").details["left_out"] == sorted(set(SHARED) - {"name", "worries"})


@pytest.mark.parametrize("kind", list(FORMS))
def test_an_agency_with_a_form_of_its_own_gets_it_answered(
    kind: str, needed: Any, workers: dict[str, Any], sign_in: Any
) -> None:
    finding, worker = needed("poverty"), sign_in("worker")
    address = f"/findings/{finding.pk}/refer/"
    given = {
        "agency_kind": kind, "agency_name": "つなぎ先", "basis": "law", "basis_text": "児童福祉法第25条の7",
        "shared": ["name"], "text": "お願いします。", "version": str(finding.version),
        "due_on": (timezone.localdate() + timedelta(days=3)).isoformat(),
    }  # fmt: skip
    missing = worker.post(address, given)
    assert missing.status_code == 422 and not Referral.objects.exists()
    answers = {field.name: next(iter(field.choices)) if field.choices else "確かめた。" for field in FORMS[kind].fields}
    assert worker.post(address, given | {f"{kind}_{name}": said for name, said in answers.items()}).status_code == 302
    sent = Referral.objects.get()
    assert sent.form == answers
    told = letter(sent, worker)
    assert re.sub(r"\s", "", FORMS[kind].title[0]) in told
    assert all(re.sub(r"\s", "", field.label[0]) in told for field in FORMS[kind].fields)


def test_another_agency_asks_for_no_form(needed: Any, workers: dict[str, Any]) -> None:
    sent = referred(needed("poverty"), workers["worker"], form={"urgency": "now"})
    assert sent.form == {}


def test_who_was_told_what_on_which_basis_stands_with_the_case(
    needed: Any, workers: dict[str, Any], sign_in: Any
) -> None:
    finding = needed("poverty")
    assert "まだだれにも、何も伝えていません。" in sign_in("worker").get(f"/findings/{finding.pk}/").content.decode()
    referred(finding, workers["worker"], shared=["name", "school"])
    page = sign_in("worker").get(f"/findings/{finding.pk}/").content.decode()
    table = page[page.index("<table", page.index("だれに、何を、どの根拠で伝えたか")) :]
    table = table[: table.index("</table>")]
    for part in ("南区保健センター", "氏名・年齢、学校・園", "家族の同意", "母、電話で同意"):
        assert part in table, part


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 404), ("coordinator", 403), ("auditor", 403), ("supervisor", 200)]
)
def test_who_may_print_it(who: str, status: int, needed: Any, workers: dict[str, Any], sign_in: Any) -> None:
    sent = referred(needed("poverty"), workers["worker"])
    assert sign_in(who).post(f"/referrals/{sent.pk}/letter/").status_code == status
