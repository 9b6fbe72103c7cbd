"""A version before the personas: what came out is kept as its proof."""

from __future__ import annotations

from mimamori import personas
from mimamori.access.models import Account
from mimamori.governance.models import ConditionVersion, Proof
from mimamori.governance.proofs import record_proof
from mimamori.governance.standing import sets_of


def try_personas(version: ConditionVersion, *, by: Account | None) -> personas.Report:
    """Run the version over the personas and keep how it stood; `by=None` is the command line or the clock.

    Seconds in a process that has not judged yet. Raises `Refused` for a draft and for a version that was withdrawn,
    `Denied` where the account may not.
    """
    report = personas.judge(sets_of([version]))
    record_proof(version, kind=Proof.Kind.PERSONA, passed=report.passed, summary=report.summary(), by=by)
    return report
