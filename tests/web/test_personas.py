"""The page of the personas: what should become of each child, and what each version made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.approving import approved

from mimamori import governance
from mimamori.governance.life import State
from mimamori.governance.models import Proof
from mimamori.personas import load_personas
from mimamori.screening import first_sets

SignIn = Callable[..., Any]
pytestmark = pytest.mark.django_db
FIRST = first_sets()[0]
CHILD = next(
    persona
    for persona in load_personas().all()
    if len(persona.expect) == 1 and persona.expect.get("child", {}).get(FIRST.difficulty) in {"must", "listed"}
)


def kept(version: Any, found: str | None, *, expected: str = "must", passed: bool) -> None:
    """The proof of a version that was tried with one persona alone."""
    outcome = {
        "persona": CHILD.id, "who": "child", "difficulty": version.difficulty, "expected": expected, "found": found,
        "passed": passed,
    }  # fmt: skip
    told = {"ja": "試し", "en": "a try"}
    governance.record_proof(
        version, kind=Proof.Kind.PERSONA, passed=passed, summary={"told": told, "outcomes": [outcome]}, by=None
    )


def page(client: Any) -> dict[str, Any]:
    answer = client.get(f"/conditions/personas/?difficulty={FIRST.difficulty}")
    assert answer.status_code == 200
    context = {name: answer.context[name] for name in ("tried", "wanted", "either", "others")}
    return {**context, "text": answer.content.decode()}


def test_every_persona_stands_there_before_any_version_was_tried(cast_home: Any, sign_in: SignIn) -> None:
    found = page(sign_in("analyst"))
    shown = {line.persona.id for name in ("wanted", "either", "others") for line in found[name]}
    assert shown == {persona.id for persona in load_personas().all()}
    assert "まだペルソナで検証されていません" in found["text"] and CHILD.story.ja in found["text"]
    assert all(line.expected.ja in {"必ず見る", "抽出される"} for line in found["wanted"])
    assert all(line.expected.ja == "抽出されない" for line in found["others"])


def test_versions_stand_beside_each_other_the_newest_first(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    old = approved(FIRST, workers)
    kept(old, "must", passed=True)
    new = governance.copy(old.pk, by=workers["coordinator"])
    new.state = State.TESTING
    new.save()
    kept(new, "not", passed=False)
    found = page(sign_in("coordinator"))
    assert [(one.version.number, one.in_force, one.failed) for one in found["tried"]] == [
        (new.number, False, 1),
        (old.number, True, 0),
    ]
    (line,) = [line for line in found["wanted"] if line.persona.id == CHILD.id]
    assert [(cell.found.ja, cell.passed) for cell in line.cells] == [("抽出されない", False), ("必ず見る", True)]
    other = next(line for line in found["wanted"] if line.persona.id != CHILD.id)
    assert other.cells == (None, None) and "この版では試していません" in found["text"]


def test_who_did_not_come_through_is_not_shown_as_not_listed(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    version = approved(FIRST, workers)
    kept(version, None, passed=False)
    found = page(sign_in("coordinator"))
    (line,) = [line for line in found["wanted"] if line.persona.id == CHILD.id]
    assert line.cells[0].found is None and "届いていない" in found["text"]


def test_an_unknown_difficulty_leads_to_the_first(cast_home: Any, sign_in: SignIn) -> None:
    answer = sign_in("coordinator").get("/conditions/personas/?difficulty=%27%20OR%201=1")
    assert answer.status_code == 200 and "OR 1=1" not in answer.content.decode()
