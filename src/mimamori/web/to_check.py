"""次に確かめること: the child's safety first where a must-look reason is met, then what the data leave unknown: of the
conditions of its difficulties, then of where it is by day, then the systems that tell nothing or nothing new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from mimamori.door import Karte, Reason, Section
from mimamori.web.days import short_day
from mimamori.web.words import why_word

MOST = 6
SCHOOL_AGE = 6


@dataclass(frozen=True)
class Check:
    """One thing to find out: what, and why or from whom."""

    what: str
    why: str
    safety: bool = False


def to_check(karte: Karte, *, places: bool = True) -> list[Check]:
    """At most six things, the most pressing first. `places`: the karte holds where the child is by day."""
    musts = [reason for view in karte.findings for reason in view.met if reason.must]
    found = [_safety(musts)] if musts else []
    by_source: dict[str, list[Reason]] = {}
    for view in karte.findings:
        for reason in view.unknown:
            if not reason.hidden:
                by_source.setdefault(reason.source_label, []).append(reason)
    days = {section.short_label: section.as_of for section in karte.sections}
    owners = {section.short_label: section.owner for section in karte.sections}
    askable = {source: rows for source, rows in by_source.items() if any(row.why != "not_covered" for row in rows)}
    for source, reasons in sorted(askable.items(), key=lambda entry: -len(entry[1])):
        found.append(_unknown(source, reasons, days.get(source), owners.get(source, "")))
    found += _elsewhere(karte) if places else []
    rest = (section for section in karte.sections if _unfresh(section) and section.short_label not in askable)
    found += [_system(section) for section in rest]
    return found[:MOST]


def _elsewhere(karte: Karte) -> list[Check]:
    """Where a child of school age is by day, where no system tells."""
    head = karte.header
    if head.school or head.attends or head.age is None or head.age < SCHOOL_AGE:
        return []
    told = gettext("届いたデータのどこにも在籍がありません。本人か家族に聞く")
    return [Check(gettext("昼間どこにいるか(学校・仕事)"), told)]


def _unfresh(section: Section) -> bool:
    return section.freshness != "fresh" and section.state != "not_covered" and not section.hidden


def _system(section: Section) -> Check:
    """A system that tells nothing, or nothing new, of the child: what is used of it is asked for."""
    why = "not_delivered" if section.freshness == "missing" else "stale"
    what = gettext("%(system)sの利用") % {"system": section.label}
    return Check(what, _told(section.short_label, why, section.as_of, section.owner))


def _safety(reasons: list[Reason]) -> Check:
    """One question for all must-look reasons; the first two are named."""
    told = ((reason.label, f"{reason.source_label} {short_day(reason.day)}".strip()) for reason in reasons[:2])
    named = [f"{label} ({source})" for label, source in told]
    return Check(gettext("本人がいま安全か、だれが会えたか"), " ・ ".join(named), safety=True)


def _unknown(source: str, reasons: list[Reason], as_of: date | None, owner: str) -> Check:
    label = reasons[0].label
    what = label if len(reasons) == 1 else gettext("%(label)s ほか%(n)d件") % {"label": label, "n": len(reasons) - 1}
    why = next((reason.why for reason in reasons if reason.why != "not_covered"), "")
    return Check(what, _told(source, why, as_of, owner))


def _told(source: str, why: str, as_of: date | None, owner: str) -> str:
    when = f" {short_day(as_of)}" if why == "stale" and as_of else ""
    told = gettext("%(source)s: %(why)s。%(owner)sに照会") if owner else gettext("%(source)s: %(why)s")
    return told % {"source": source, "why": f"{why_word(why)}{when}", "owner": owner}
