"""The frame of every page: the menu a role has, the person's seat, and the first page after signing in."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy

from mimamori.access import Permission, load_roles, may
from mimamori.access.models import Account
from mimamori.sources import load_registry


@dataclass(frozen=True)
class Entry:
    """One page of the menu: who may open it, and which view names count as being there."""

    view: str
    word: Promise
    permission: Permission
    within: tuple[str, ...] = ()
    begins: bool = True  # whether it may be the first page after signing in


MENU = (
    Entry(
        "worklist",
        gettext_lazy("今日の仕事"),
        Permission.SEE_WORKLIST,
        (
            "assess",
            "refer",
            "finding",
            "answer",
            "capacity",
            "records",
            "correct_note",
            "filters",
            "make_plan",
            "plan",
            "conferences",
            "conference",
            "put_on",
            "decide",
        ),
    ),
    Entry("search", gettext_lazy("個人カルテ"), Permission.SEARCH_CHILD, ("karte", "found", "readers", "print_karte")),
    Entry("pairs", gettext_lazy("名寄せの確認"), Permission.SEE_PAIRS, ("pair",)),
    Entry("linkage_quality", gettext_lazy("名寄せの質"), Permission.SEE_STATISTICS, begins=False),
    Entry(
        "conditions",
        gettext_lazy("抽出条件"),
        Permission.SEE_CONDITIONS,
        ("condition_set", "condition_backtest", "condition_edit", "personas"),
    ),
    Entry("models", gettext_lazy("統計モデル"), Permission.SEE_CONDITIONS, ("model",), begins=False),
    Entry("deliveries", gettext_lazy("データの受領"), Permission.SEE_DELIVERIES, ("delivery", "upload", "upload_one")),
    Entry("runs", gettext_lazy("夜間処理"), Permission.RUN_NIGHT, ()),
    Entry("statistics", gettext_lazy("統計"), Permission.SEE_STATISTICS, ()),
    Entry("trail", gettext_lazy("監査記録"), Permission.SEE_TRAIL, ()),
    Entry("accounts", gettext_lazy("アカウント"), Permission.MANAGE_ACCOUNTS, ("account", "account_new")),
)


def language() -> str:
    return "en" if (get_language() or "ja").startswith("en") else "ja"


def menu(account: Account, view: str) -> list[dict[str, object]]:
    """The menu's entries for this account; `view` is the page that is open."""
    return [
        {"url": reverse(entry.view), "word": entry.word, "current": view == entry.view or view in entry.within}
        for entry in MENU
        if may(account, entry.permission)
    ]


def home(account: Account) -> str:
    """The first page after signing in: the first of the menu that a day begins with, else the own page."""
    begins = (reverse(entry.view) for entry in MENU if entry.begins and may(account, entry.permission))
    return next(begins, reverse("own_page"))


def ward_word(code: str) -> str:
    """A ward's name; the code where the municipality has no such ward."""
    found = load_registry().municipality.ward_label(code)
    return str(getattr(found, language())) if found else code


def seat(account: Account) -> str:
    """Where the person sits: 南区 相談員 (the role's own label says 区 already)."""
    role = load_roles().roles.get(account.role)
    word = role.label.text(language()) if role else gettext("役割なし")
    if not account.ward:
        return word
    return f"{ward_word(account.ward)} {word.removeprefix('区 ')}"
