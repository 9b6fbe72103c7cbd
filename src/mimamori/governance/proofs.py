"""What a version was put to: personas and back-test write here how it stood; experts' remarks are typed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.governance.code import code_version
from mimamori.governance.life import State
from mimamori.governance.models import ConditionVersion, Proof, Remark
from mimamori.refusal import Refused

KINDS = tuple(Proof.Kind)
KIND_LABELS: dict[str, tuple[str, str]] = {
    Proof.Kind.PERSONA: ("ペルソナによる検証", "Personas"),
    Proof.Kind.BACKTEST: ("過去のデータによる検証", "Back-test"),
}


@transaction.atomic
def record_proof(
    version: ConditionVersion,
    *,
    kind: str,
    passed: bool | None,
    summary: Mapping[str, Any],
    by: Account | None,
    snapshot: str = "",
) -> Proof:
    """Keep how a version stood; of each kind the last line counts. `by=None` is the command line or the clock.

    `passed=None` says 判定不能: it cannot be told. `summary` holds at least `told`, one sentence {ja, en} for the page;
    `failed` lists what did not pass, each {ja, en}; anything more is kept for the module that wrote it. It must hold
    nothing of a real child. Raises `Refused` for a version whose content may still change, or that was withdrawn.
    """
    if by is not None:
        check_may(by, Permission.WRITE_CONDITIONS)
    if kind not in KINDS:
        raise ValueError(f"no such proof: {kind!r}")
    told = [summary["told"], *summary.get("failed", [])]
    if not all(one["ja"] and one["en"] for one in told):
        raise ValueError("a summary tells in both languages")
    locked = ConditionVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state in {State.DRAFT, State.WITHDRAWN}:
        raise Refused(
            "検証するのは、内容を確定した版だけです。先に検証に進めてください。",
            "Only a version whose content is fixed is tested: send it to testing first.",
        )
    proof = Proof.objects.create(
        version=locked,
        kind=kind,
        passed=passed,
        summary=dict(summary),
        by=by,
        code=code_version(),
        snapshot=snapshot,
    )
    detail = {"difficulty": locked.difficulty, "number": locked.number, "kind": str(kind), "passed": passed}
    audit.record("condition.proof", by=by, detail=detail)
    return proof


def proofs_of(version: ConditionVersion) -> dict[str, Proof]:
    """The last proof of each kind; a kind that has not run is missing."""
    found: dict[str, Proof] = {}
    for proof in version.proofs.select_related("by").order_by("pk"):
        found[proof.kind] = proof
    return found


def check_proved(version: ConditionVersion) -> dict[str, Proof]:
    """The proofs; raises `Refused` naming the kinds that have not run for this version."""
    found = proofs_of(version)
    missing = [KIND_LABELS[kind] for kind in KINDS if kind not in found]
    if missing:
        raise Refused(
            f"まだ行っていない検証があります: {'、'.join(ja for ja, _ in missing)}。済んでから依頼してください。",
            f"Not run yet: {', '.join(en for _, en in missing)}. Ask for approval afterwards.",
        )
    return found


@transaction.atomic
def remark(version: ConditionVersion, *, by: Account, said_by: str, said_on: date, text: str) -> Remark:
    """Type in what an expert said of a version, whatever state it is in."""
    check_may(by, Permission.WRITE_CONDITIONS)
    if not said_by.strip() or not text.strip():
        raise Refused("だれが何と言ったかを書いてください。", "Write who said what.")
    if said_on > timezone.localdate():
        raise Refused("意見のあった日が、きょうより後になっています。", "The day of the remark lies in the future.")
    made = Remark.objects.create(version=version, by=by, said_by=said_by.strip(), said_on=said_on, text=text.strip())
    detail = {"difficulty": version.difficulty, "number": version.number, "remark": made.pk}
    audit.record("condition.remark", by=by, detail=detail)
    return made
