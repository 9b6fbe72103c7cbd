"""To whom a worker refers, on what basis, and which kinds of item may go along (児童福祉法25条の2・25条の5)."""

from __future__ import annotations

from typing import TypeAlias

Words: TypeAlias = dict[str, tuple[str, str]]  # name → Japanese, English

AGENCIES: Words = {
    "school": ("学校", "School"),
    "school_social_worker": ("スクールソーシャルワーカー", "School social worker"),
    "nursery": ("保育所・幼稚園・認定こども園", "Nursery or kindergarten"),
    "health_centre": ("保健センター(保健師)", "Health centre"),
    "medical": ("医療機関", "Medical institution"),
    "childrens_cafeteria": ("子ども食堂・居場所(NPO)", "Children's cafeteria or place (NPO)"),
    "welfare_office": ("福祉事務所", "Welfare office"),
    "employment": ("就労支援", "Employment support"),
    "legal": ("法律相談", "Legal advice"),
    "child_guidance": ("児童相談所", "Child guidance centre"),
    "council": ("要対協", "Council"),
    "other": ("その他", "Other"),
}

BASES: Words = {
    "consent": ("家族の同意", "Consent of the family"),
    "law": ("法令の根拠", "Basis in law"),
}

SHARED: Words = {
    "name": ("氏名・年齢", "Name and age"),
    "school": ("学校・園", "School or nursery"),
    "worries": ("気になること", "What worries us"),
    "family": ("家族のようす", "The family"),
    "health": ("健康・育ち", "Health and growth"),
    "money": ("暮らし・お金", "Living and money"),
    "support": ("いまの支援", "Support so far"),
    "contact": ("連絡先", "How to reach the family"),
}


def words(table: Words, language: str) -> list[tuple[str, str]]:
    """A table as (name, label) choices in the reader's language."""
    return [(name, en if language.startswith("en") else ja) for name, (ja, en) in table.items()]
