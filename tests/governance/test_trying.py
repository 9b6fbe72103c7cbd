"""A version before the personas: kept as its proof, from the page and from the command line."""

from __future__ import annotations

import json

import pytest

from mimamori import governance
from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.cli.entry import run
from mimamori.governance.models import ConditionVersion
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet, first_sets

pytestmark = pytest.mark.django_db


def in_test(workers: dict[str, Account], **changed: object) -> ConditionVersion:
    [bullying] = [one for one in first_sets() if one.difficulty == "bullying"]
    condition_set = ConditionSet.model_validate(bullying.model_dump() | changed)
    version = governance.propose(condition_set, by=workers["coordinator"])
    return governance.send_to_test(version, by=workers["coordinator"])


def test_how_a_version_stood_is_kept(workers: dict[str, Account]) -> None:
    version = in_test(workers)
    report = governance.try_personas(version, by=workers["coordinator"])
    proof = governance.proofs_of(version)["persona"]
    assert report.passed
    assert (proof.passed, proof.by, proof.summary["failed"]) == (True, workers["coordinator"], [])
    assert proof.summary["personas"] == len(report.personas) >= 40


def test_a_version_that_fails_one_says_which(workers: dict[str, Account]) -> None:
    version = in_test(workers, tiers=[99])
    governance.try_personas(version, by=None)
    proof = governance.proofs_of(version)["persona"]
    assert (proof.passed, proof.by) == (False, None)
    assert len(proof.summary["failed"]) == 3
    assert "いじめ(本人)" in proof.summary["failed"][0]["ja"]


def test_a_draft_is_not_tried_and_not_everybody_may(workers: dict[str, Account]) -> None:
    draft = governance.propose(first_sets()[0], by=workers["coordinator"])
    with pytest.raises(Refused, match="fixed"):
        governance.try_personas(draft, by=workers["coordinator"])
    with pytest.raises(Denied):
        governance.try_personas(in_test(workers), by=workers["worker"])


def test_the_command_says_what_failed_by_its_code(
    workers: dict[str, Account], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["screen", "personas", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passed"] is True
    assert told["failed_personas"] == []
    version = in_test(workers, tiers=[99])
    assert run(["screen", "personas", "--version", str(version.pk), "--by", "coordinator"]) == 1
    assert "いじめ(本人)" in capsys.readouterr().err
    assert governance.proofs_of(version)["persona"].passed is False
    assert run(["screen", "personas", "--version", "99999"]) == 2
