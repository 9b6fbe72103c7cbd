"""つなぎの書面: a referral on paper, with the chosen kinds of item and nothing else of the child."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from mimamori import door
from mimamori.support.agencies import AGENCIES, BASES, SHARED
from mimamori.support.models import Referral
from mimamori.support.referral_forms import FORMS
from mimamori.web import days
from mimamori.web.head_words import place
from mimamori.web.tables import AREAS
from mimamori.web.words import KNOWN, kin_word

Items = list[tuple[str, list[str]]]
TELLS = {  # kinds told by the systems of areas of life: which are in use, or were
    "health": ("baby", "health", "disability"),
    "money": ("money",),
}


def items_of(shared: door.Shared, language: str) -> Items:
    """The kinds that go along, in their order, each with its lines; one of which nothing is known says so."""
    karte = shared.karte
    told = {
        "name": [f"{karte.header.name} {karte.header.kana}", _born(karte), karte.header.sex],
        "school": [place(karte)],
        "worries": _worries(karte),
        "family": _family(karte),
        "health": _used(karte, TELLS["health"]),
        "money": _used(karte, TELLS["money"]),
        "support": [flag.label for flag in karte.flags if flag.kind in {"council", "guidance"}],
        "contact": [karte.header.address],
    }
    nothing = gettext("記録がありません。本人・家族に確かめてください。")
    return [
        (words[1 if language == "en" else 0], [line for line in told[kind] if line] or [nothing])
        for kind, words in SHARED.items()
        if kind in shared.kinds
    ]


def left_out(shared: door.Shared, language: str) -> list[str]:
    """What was chosen and is withheld for protection, in words."""
    return [words[1 if language == "en" else 0] for kind, words in SHARED.items() if kind in shared.left_out]


def form_of(referral: Referral, language: str) -> tuple[str, Items]:
    """The title of the letter, and the answers to the agency's own form."""
    own = FORMS.get(referral.agency_kind)
    if own is None:
        return gettext("支援のお願い(つなぎ)"), []
    at = 1 if language == "en" else 0
    answers = [
        (field.label[at], [field.said(referral.form[field.name], language)])
        for field in own.fields
        if field.name in referral.form
    ]
    return own.title[at], answers


def shared_rows(referrals: Iterable[Referral], language: str) -> list[dict[str, object]]:
    """Who was told what on which basis, a row a referral, the newest first."""
    at = 1 if language == "en" else 0
    return [
        {
            "one": one,
            "agency": AGENCIES[one.agency_kind][at] if one.agency_kind in AGENCIES else one.agency_kind,
            "basis": BASES[one.basis][at] if one.basis in BASES else one.basis,
            "items": [SHARED[kind][at] for kind in one.shared if kind in SHARED],
        }
        for one in referrals
    ]


def _born(karte: door.Karte) -> str:
    born, age = days.long_day(karte.header.birth_date), days.age(karte.header.birth_date)
    return gettext("%(day)s生まれ(%(age)s)") % {"day": born, "age": age} if born else gettext("生年月日は不明")


def _worries(karte: door.Karte) -> list[str]:
    """What the conditions met say, without their values; what the writer may not see goes to nobody."""
    return list(dict.fromkeys(one.label for view in karte.findings for one in view.met if not one.hidden))


def _family(karte: door.Karte) -> list[str]:
    """Who lives with the child: how they are related, name, age. Nobody who is protected, no flag of a sibling."""
    return [
        " ".join(
            part
            for part in (
                str(kin_word(one.kind, sex=one.sex_code, age=one.age, of=karte.header.age, raised=one.raised)),
                one.name,
                "" if one.age is None else gettext("%(n)s歳") % {"n": one.age},
            )
            if part
        )
        for one in karte.family
        if one.same_household and not one.protected and not one.place_withheld and not one.died
    ]


def _used(karte: door.Karte, areas: tuple[str, ...]) -> list[str]:
    """The systems of these areas that the child uses or used, with the day of which that is known."""
    named = {one.partition(".")[0] for name, _word, ones in AREAS if name in areas for one in ones}
    return [
        f"{cell.short_label}: {KNOWN[cell.state][1]}({days.long_day(cell.as_of)})"
        for cell in karte.known
        if cell.source in named and cell.state in {"in_use", "past"}
    ]
