"""What a referral asks for beyond the letter, where the law gives it a form of its own: 児童相談所への送致 and the
registration with the council (要対協)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mimamori.refusal import Refused
from mimamori.support.agencies import Words


@dataclass(frozen=True)
class Field:
    """One question of a form; without `choices` it is answered in words."""

    name: str
    label: tuple[str, str]
    choices: Words | None = None

    def said(self, answer: str, language: str) -> str:
        """The answer as it reads."""
        if self.choices is None or answer not in self.choices:
            return answer
        return self.choices[answer][1 if language.startswith("en") else 0]


@dataclass(frozen=True)
class ReferralForm:
    """A form of its own: its title with the article, and what it asks for; all of it must be answered."""

    title: tuple[str, str]
    fields: tuple[Field, ...]


FORMS: dict[str, ReferralForm] = {
    # 市町村から児童相談所への送致(児童福祉法25条の7第1項1号)
    "child_guidance": ReferralForm(
        ("送致書(児童福祉法第25条の7第1項第1号)", "Sending to the child guidance centre (Article 25-7 (1) i)"),
        (
            Field(
                "urgency",
                ("緊急度", "Urgency"),
                {
                    "now": ("ただちに", "At once"),
                    "two_days": ("48時間以内", "Within 48 hours"),
                    "usual": ("通常", "As usual"),
                },
            ),
            Field("safety", ("児童のいまの安全(だれが、いつ確かめたか)", "How safe the child is now (who saw, when)")),
            Field("wishes", ("本人と保護者の意向", "What child and parents wish")),
            Field(
                "custody",
                ("一時保護についての意見", "On temporary custody"),
                {
                    "needed": ("必要と考える", "Needed"),
                    "not_needed": ("いまは必要と考えない", "Not needed now"),
                    "unsure": ("児童相談所の判断を求める", "Left to the centre"),
                },
            ),
        ),
    ),
    # 要保護児童対策地域協議会(児童福祉法25条の2)
    "council": ReferralForm(
        ("要保護児童対策地域協議会 登録依頼票(児童福祉法第25条の2)", "Registration with the council (Article 25-2)"),
        (
            Field(
                "standing",
                ("登録の種別", "Registered as"),
                {
                    "protection": ("要保護児童", "Child in need of protection"),
                    "support": ("要支援児童", "Child in need of support"),
                    "expecting": ("特定妊婦", "Expectant mother in need of support"),
                },
            ),
            Field("lead", ("主担当機関の案", "Who should lead")),
            Field("roles", ("関係機関の役割分担の案", "Who should do what")),
        ),
    ),
}  # fmt: skip


def check_form(agency_kind: str, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that the agency's form asks for; raises `Refused` naming the first that is missing or none of its
    choices. An agency without a form of its own asks for nothing."""
    form = FORMS.get(agency_kind)
    if form is None:
        return {}
    kept = {}
    for field in form.fields:
        answer = answers.get(field.name, "").strip()
        if not answer or (field.choices is not None and answer not in field.choices):
            ja, en = field.label
            raise Refused(f"「{ja}」に答えてください。", f"Answer “{en}”.")
        kept[field.name] = answer
    return kept
