"""What became of a case number, in one sentence. A number of somebody the reader may not meet is not told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori import door, review
from mimamori.access.models import Account
from mimamori.support.models import Notice
from mimamori.support.states import notice_of
from mimamori.support.telling import OVERDUE
from mimamori.web import days
from mimamori.web.frame import language

HAPPENED: dict[str, Promise] = {
    "merged": gettext_lazy("名寄せにより、%(old)s と %(new)s が同じ人になりました。番号は %(new)s です。"),
    "joined": gettext_lazy("名寄せにより、%(old)s と %(new)s が同じ人になり、2つの抽出を1つにまとめました。"),
    "split": gettext_lazy("名寄せの見直しにより、%(old)s から %(new)s が分かれました。"),
    "parted": gettext_lazy("名寄せの見直しにより、まとめた抽出を元にもどしました。"),
    "moved": gettext_lazy("名寄せの見直しにより、記録の一部が %(old)s から %(new)s へ移りました。"),
    "moved_keys": gettext_lazy("名寄せの見直しにより、記録の一部が %(old)s から %(new)s へ移りました。"),
}


def by_the_night(event: str, *, waits: bool) -> str:
    """How a child came to stand on the list, or to wait; empty for any other step."""
    if waits:
        return gettext("抽出されました。区の受け持てる数をこえているため、待ちになりました。")
    if event == "came_in":
        return gettext("待ちから一覧に入りました。")
    if event == "added":
        return gettext("統計モデルの順位が高いため、一覧に加わりました。")
    if event == "sampled":
        return gettext("抽出されなかった児童の確認のため、無作為にえらばれました。")
    return ""


def happened(event: str, old: str, new: str, *, told: Collection[str]) -> str:
    """The sentence of one change; empty for what is no change of numbers."""
    if event not in HAPPENED:
        return ""
    numbers = {name: no if no in told else gettext("別の番号") for name, no in (("old", old), ("new", new))}
    return str(HAPPENED[event]) % numbers


def notice(one: Notice, *, told: Collection[str]) -> str:
    """What a notice tells, without a name: who it is stands behind the link."""
    if one.event in HAPPENED:
        return happened(one.event, one.detail["from"], one.detail["to"], told=told)
    if one.event == OVERDUE:
        day = days.short_day(date.fromisoformat(one.detail["due_on"]))
        return gettext("期限(%(day)s)を過ぎたままのケースがあります。") % {"day": day}
    return notice_of(one.detail["state"], one.event, language())


def tellable(account: Account, case_nos: Iterable[str], *, own: Iterable[str]) -> frozenset[str]:
    """Of these numbers, those that may stand in a sentence: the case's own, those that nobody bears any more, and
    those of children whom the account may meet."""
    asked = set(case_nos)
    gone = {case_no for case_no in asked if review.called_now(case_no) is not None}
    return frozenset(asked & set(own)) | gone | door.openable(account, asked - gone)


def history_of(account: Account, case_no: str) -> list[Mapping[str, Any]]:
    """What became of this number, newest first: day, sentence."""
    changes = review.changes_of(case_no)
    if not changes:
        return []
    told = tellable(account, {no for one in changes for no in (one.old_no, one.new_no)}, own=[case_no])
    return [{"day": one.as_of, "text": happened(one.kind, one.old_no, one.new_no, told=told)} for one in changes]
