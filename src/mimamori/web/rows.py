"""One row of the worklist: a finding with its child's headline, and the one thing to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.door import Headline, Reason
from mimamori.support import drafts
from mimamori.support.models import Finding
from mimamori.support.states import WAITING_TO_CLOSE, State, label_of
from mimamori.web import days
from mimamori.web.frame import language

SHOWN = 3  # reasons a row shows; the others stand in the karte
FIRST = 3  # rows whose button is filled

Do = tuple[Promise, str, Permission]
NEXT: dict[State, Do] = {
    State.PROPOSED: (gettext_lazy("確認をはじめる"), "karte", Permission.ASSESS),
    State.ASSIGNED: (gettext_lazy("確認をはじめる"), "karte", Permission.ASSESS),
    State.LOOKING: (gettext_lazy("所見を書く"), "assess", Permission.ASSESS),
    State.VISITED: (gettext_lazy("所見を書く"), "assess", Permission.ASSESS),
    State.CONFERENCE: (gettext_lazy("会議を見る"), "finding", Permission.ASSESS),
    State.SUPPORT_NEEDED: (gettext_lazy("つなぐ"), "refer", Permission.REFER),
    State.PLANNED: (gettext_lazy("計画を進める"), "make_plan", Permission.ASSESS),
    State.REFERRED: (gettext_lazy("返事を記録"), "finding", Permission.REFER),
    State.IN_SUPPORT: (gettext_lazy("支援を記録"), "finding", Permission.REFER),
    State.WATCHING: (gettext_lazy("ようすを確かめる"), "assess", Permission.ASSESS),
    **{state: (gettext_lazy("終結を確かめる"), "finding", Permission.CLOSE) for state in WAITING_TO_CLOSE},
}
DRAFTED = gettext_lazy("所見のつづき")


@dataclass(frozen=True)
class Row:
    """What the template shows of one finding; days stay days."""

    pk: int
    case_no: str
    url: str
    name: str
    kana: str
    sex: str
    age: str
    years: str
    place: str
    short_place: str
    ward: str
    protected: bool
    must: bool
    known: str
    difficulties: tuple[str, ...]
    reasons: tuple[Reason, ...]
    more_reasons: int
    unknowns: int
    sampled: bool  # drawn at random, and not extracted since
    by_model: bool  # a statistical model put it on the list, and no condition has extracted it since
    waiting: bool
    fresh: bool  # put before people by the last run for the first time
    state: str
    state_note: str
    due: days.Due | None
    action_word: str
    action_url: str
    first: bool


def rows_of(account: Account, findings: Iterable[Finding], headlines: Mapping[str, Headline]) -> list[Row]:
    """The rows of these findings, in their order; a child the door did not show has none."""
    listed = list(findings)
    begun = _drafted(account, listed)
    shown = [finding for finding in listed if finding.case_no in headlines]
    return [
        row_of(account, finding, headlines[finding.case_no], first=place < FIRST, drafted=finding.pk in begun)
        for place, finding in enumerate(shown)
    ]


def row_of(account: Account, finding: Finding, child: Headline, *, first: bool, drafted: bool) -> Row:
    word, url = next_step(account, finding, drafted=drafted)
    return Row(
        pk=finding.pk,
        case_no=finding.case_no,
        url=reverse("karte", args=[finding.case_no]),
        name=child.name or gettext("氏名不明"),
        kana=child.kana,
        sex=child.sex,
        age=days.age(child.birth_date),
        years=days.years(child.birth_date),
        place=place_of(child.school, child.grade),
        short_place=short_place(child.school, child.grade),
        ward="" if account.ward else child.ward_label,
        protected=child.protected,
        must=finding.must,
        known=finding.known,
        difficulties=tuple(finding.difficulties),
        reasons=gathered(child.reasons)[:SHOWN],
        more_reasons=max(len(gathered(child.reasons)) - SHOWN, 0),
        unknowns=child.unknowns,
        sampled=finding.draw_id is not None and not finding.difficulties,
        by_model=finding.by_model is not None and not finding.difficulties,
        waiting=finding.waiting,
        fresh=finding.first_as_of == finding.as_of and finding.state == State.PROPOSED,
        state=label_of(finding.state, language()),
        state_note=_note(finding),
        due=days.due(finding.due_on),
        action_word=word,
        action_url=url,
        first=first,
    )


def gathered(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons in order; those of one source that the reader may not see are one line with their number."""
    listed = list(reasons)
    count = Counter((reason.source_label, reason.state) for reason in listed if reason.hidden)
    shown: list[Reason] = []
    for reason in listed:
        times = count.pop((reason.source_label, reason.state), 0) if reason.hidden else 1
        if times > 1:
            words = gettext("%(label)s(%(n)d件)") % {"label": reason.label, "n": times}
            shown.append(replace(reason, label=words))
        elif times:
            shown.append(reason)
    return tuple(shown)


def next_step(account: Account, finding: Finding, *, drafted: bool = False) -> tuple[str, str]:
    """What this account does next with the finding: the word of the button and where it leads."""
    step = NEXT.get(State(finding.state))
    if step is None or not may(account, step[2]):
        return gettext("カルテを見る"), reverse("karte", args=[finding.case_no])
    word, view, _permission = step
    if drafted and view == "assess":
        word = DRAFTED
    return str(word), reverse(view, args=[finding.case_no if view == "karte" else finding.pk])


def place_of(school: str, grade: int | None) -> str:
    """Where the child is by day: 若葉小学校 4年."""
    if not school:
        return ""
    if not grade:
        return school
    year = grade - 6 if grade > 6 else grade
    return gettext("%(school)s %(year)d年") % {"school": school, "year": year}


def short_place(school: str, grade: int | None) -> str:
    """The same for a narrow column: 小4 若葉小. Grades count from 1 to 9 through both schools."""
    name = school.removesuffix("学校") if school.endswith(("小学校", "中学校")) else school
    if not grade:
        return name
    year = gettext("中%(n)d") % {"n": grade - 6} if grade > 6 else gettext("小%(n)d") % {"n": grade}
    return f"{year} {name}".strip()


def _drafted(account: Account, findings: list[Finding]) -> set[int]:
    forms = {drafts.key("assess", finding.pk): finding.pk for finding in findings}
    return {forms[form] for form in drafts.drafted(account, forms)}


def _note(finding: Finding) -> str:
    if finding.waiting:
        return gettext("同じ順位で待ち") if finding.tied else gettext("待ち")
    if finding.owner is not None:
        return finding.owner.display_name
    return gettext("%(when)sから") % {"when": days.days_ago(finding.changed_at)}
