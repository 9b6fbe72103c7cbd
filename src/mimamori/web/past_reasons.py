"""Why each case of a child was extracted, where the karte's own reasons do not say it: closed ones, and an open one
that the last night extracts no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mimamori import door, governance
from mimamori.access.models import Account
from mimamori.door import Reason
from mimamori.support.case_history import Case
from mimamori.web.frame import language


@dataclass(frozen=True)
class Past:
    """The reasons by difficulty. `unnamed`: as many more were met, and what they ask cannot be read any more."""

    reasons: Mapping[str, tuple[Reason, ...]]
    unnamed: int


def past_reasons(account: Account, cases: Iterable[Case]) -> dict[int, Past]:
    """By the finding's number; two queries, none where all that is told stands in the karte's own reasons."""
    findings = [case.finding for case in cases if not (case.open and case.finding.extracted) and case.finding.reasons]
    if not findings:
        return {}
    sets = governance.sets_by_day({finding.as_of for finding in findings})
    found = {}
    for finding in findings:
        told = door.past_reasons(account, sets.get(finding.as_of, {}), finding.reasons, language=language())
        met = sum(len(names) for names in finding.reasons.values())
        found[finding.pk] = Past(told, met - sum(len(reasons) for reasons in told.values()))
    return found
