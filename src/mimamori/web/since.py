"""What differs from when the reader last looked, in words: one line a record kind, each leading to where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from mimamori.door import Karte
from mimamori.web.tables import area_of

# The header's facts: what is said of a fact that differs.
PERSON: dict[str, Promise] = {
    "name": gettext_lazy("氏名・通称"),
    "home": gettext_lazy("住まい・区"),
    "place": gettext_lazy("学校・学年・組"),
    "protection": gettext_lazy("支援措置"),
    "known": gettext_lazy("要対協・児童相談所での支援"),
}


@dataclass(frozen=True)
class Difference:
    """One line of the summary: where it stands on the page, of which source, what, and how much of it."""

    anchor: str
    source: str
    what: str
    how: str


@dataclass(frozen=True)
class Differences:
    day: date
    count: int
    lines: tuple[Difference, ...]


def differences(karte: Karte) -> Differences | None:
    """The summary; None where the reader opens this karte for the first time."""
    if karte.since is None:
        return None
    lines = []
    for one in karte.since.changes:
        told = (
            (one.new, ngettext("新しく%(n)d件", "新しく%(n)d件", one.new)),
            (one.changed, ngettext("%(n)d件が変わった", "%(n)d件が変わった", one.changed)),
            (one.gone, ngettext("%(n)d件がなくなった", "%(n)d件がなくなった", one.gone)),
        )
        how = " ・ ".join(words % {"n": n} for n, words in told if n)
        if one.source == "person":
            lines.append(Difference("main", gettext("本人"), str(PERSON[one.table]), gettext("変わった")))
        elif one.source == "family":
            lines.append(Difference("family", gettext("家族"), "", how))
        else:
            anchor = f"area-{area_of(one.source, one.table)}"
            lines.append(Difference(anchor, one.source_label, one.table_label, how))
    return Differences(karte.since.day, karte.since.count, tuple(lines))
