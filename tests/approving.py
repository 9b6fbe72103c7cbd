"""The shortest way of a condition set into force, as people would go it."""

from __future__ import annotations

from collections.abc import Mapping

from mimamori import governance
from mimamori.access.models import Account
from mimamori.governance.models import ConditionVersion
from mimamori.screening import ConditionSet

TOLD = {"told": {"ja": "4件すべて期待どおりです。", "en": "All 4 as expected."}}


def in_review(condition_set: ConditionSet, workers: Mapping[str, Account]) -> ConditionVersion:
    """Proposed by the coordinator, tested, and before the manager."""
    version = governance.send_to_test(
        governance.propose(condition_set, by=workers["coordinator"]), by=workers["coordinator"]
    )
    for kind in ("persona", "backtest"):
        governance.record_proof(version, kind=kind, passed=True, summary=TOLD, by=None)
    return governance.ask_approval(version, by=workers["coordinator"])


def approved(condition_set: ConditionSet, workers: Mapping[str, Account]) -> ConditionVersion:
    """The same, approved by the manager: in force from today."""
    return governance.approve(in_review(condition_set, workers), by=workers["manager"])
