"""What a version changes against the one in force, in the reader's words: nothing that would be run stays untold."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from mimamori.screening import ConditionSet
from mimamori.screening.conditions import Condition, Domain, plain
from mimamori.web.frame import language


@dataclass(frozen=True)
class Change:
    """One line: what kind, how it will be, and how it is now (empty for what is added or dropped)."""

    word: str
    text: str
    was: str = ""


def changes(before: ConditionSet, after: ConditionSet) -> list[Change]:
    """Every difference between two sets of one difficulty."""
    found = []
    for word, old, new in (
        (gettext("載せる点数(段階ごと)"), _tiers(before), _tiers(after)),
        (gettext("対象の年齢"), _ages(before.ages), _ages(after.ages)),
        (gettext("見えること・見えないこと"), before.note.text(language()), after.note.text(language())),
    ):
        if old != new:
            found.append(Change(word, new, old))
    old_domains, new_domains = ({one.id: one for one in of.domains} for of in (before, after))
    for name, domain in new_domains.items():
        if name in old_domains and old_domains[name] != domain:
            found.append(Change(gettext("領域を変える"), _domain(domain), _domain(old_domains[name])))
    old_rows, new_rows = ({one.id: one for one in of.conditions} for of in (before, after))
    found += [Change(gettext("加える"), _described(row)) for name, row in new_rows.items() if name not in old_rows]
    found += [Change(gettext("外す"), _described(row)) for name, row in old_rows.items() if name not in new_rows]
    for name, row in new_rows.items():
        if name in old_rows and old_rows[name] != row:
            fine = _described(row) == _described(old_rows[name])
            found.append(Change(gettext("変える"), _described(row, fine=fine), _described(old_rows[name], fine=fine)))
    return found


def _tiers(of: ConditionSet) -> str:
    return " / ".join(gettext("%(n)s点") % {"n": plain(tier)} for tier in of.tiers)


def _ages(ages: tuple[int, int]) -> str:
    return gettext("%(a)s〜%(b)s歳") % {"a": ages[0], "b": ages[1]}


def _domain(domain: Domain) -> str:
    return gettext("%(label)s(重み %(weight)s)") % {
        "label": domain.label.text(language()),
        "weight": plain(domain.weight),
    }


def _described(row: Condition, *, fine: bool = False) -> str:
    """The sentence with its points and ages; with `fine` also what the sentence does not tell."""
    weight = gettext("必ず見る") if row.must else gettext("%(n)s点") % {"n": plain(row.points)}
    parts = [weight] if row.ages is None else [weight, _ages(row.ages)]
    if fine:
        bounds = [plain(value) for value in (row.low, row.high, *row.values) if value is not None]
        parts += [f"{row.indicator} {row.comparison} {' '.join(bounds)}", row.domain or "", row.basis.text(language())]
    return f"{row.sentence().text(language())} [{' / '.join(part for part in parts if part)}]"
