"""ペルソナ: the city's own families, what should become of each, and what each version made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mimamori import governance
from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.governance.models import ConditionVersion, Proof
from mimamori.personas import AS_OF, EXPECTATION_LABELS, Persona, load_personas
from mimamori.personas.schema import Expectation, who_label
from mimamori.screening.indicators import DIFFICULTIES, Difficulty
from mimamori.sources.item import Label
from mimamori.web.gate import page

MOST_VERSIONS = 4  # columns of the table, the newest first


@dataclass(frozen=True)
class Cell:
    """What a version made of one child; `found` is None where the child did not come through as one person, and the
    whole cell where the version was tried before this persona was written."""

    found: Label | None
    passed: bool


@dataclass(frozen=True)
class Line:
    """One child of a persona: what should become of it, and its cells in the order of the versions."""

    persona: Persona
    who: Label | None  # None: the family has one child that is judged
    expected: Label
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Tried:
    version: ConditionVersion
    proof: Proof
    in_force: bool
    failed: int


@page(permission=Permission.SEE_CONDITIONS)
def personas(request: HttpRequest, account: Account) -> HttpResponse:
    """All personas for one difficulty: those that should be found, and those that should not."""
    asked = request.GET.get("difficulty", "")
    name = next((one for one in DIFFICULTIES if one == asked), DIFFICULTIES[0])
    tried = _tried(name)
    lines = [(expected, line) for expected, line in _lines(name, tried)]
    context = {
        "name": name,
        "tabs": DIFFICULTIES,
        "as_of": AS_OF,
        "tried": tried,
        "wanted": [line for expected, line in lines if expected in {"must", "listed"}],
        "either": [line for expected, line in lines if expected == "any"],
        "others": [line for expected, line in lines if expected == "not"],
    }
    return render(request, "conditions/personas.html", context)


def _tried(name: Difficulty) -> list[Tried]:
    """The newest versions that were put before the personas, each with its last proof."""
    standing = governance.standings().get(name)
    now = standing.now.version.pk if standing and standing.now else None
    proofs = Prefetch("proofs", Proof.objects.filter(kind=Proof.Kind.PERSONA).order_by("-pk"), to_attr="tries")
    versions = ConditionVersion.objects.filter(difficulty=name).order_by("-number").prefetch_related(proofs)
    found = [(version, version.tries[0]) for version in versions if version.tries]
    newest = [one for place, one in enumerate(found) if place < MOST_VERSIONS or one[0].pk == now]
    return [
        Tried(version, proof, version.pk == now, sum(not one["passed"] for one in _outcomes(proof)))
        for version, proof in newest
    ]


def _lines(name: Difficulty, tried: list[Tried]) -> list[tuple[Expectation, Line]]:
    outcomes: list[dict[tuple[str, str], Any]] = [
        {(one["persona"], one["who"]): one for one in _outcomes(column.proof)} for column in tried
    ]
    lines = []
    for persona in load_personas().all():
        for who, expect in persona.expect.items():
            expected = expect.get(name, "not")
            cells = tuple(_cell(column.get((persona.id, who))) for column in outcomes)
            alone = len(persona.expect) == 1
            line = Line(persona, None if alone else who_label(who), EXPECTATION_LABELS[expected], cells)
            lines.append((expected, line))
    return lines


def _outcomes(proof: Proof) -> list[dict[str, Any]]:
    """What became of each child; a proof that was typed in by hand tells its sentence alone."""
    return list(proof.summary.get("outcomes", ()))


def _cell(outcome: dict[str, Any] | None) -> Cell | None:
    if outcome is None:
        return None
    found = outcome["found"]
    return Cell(EXPECTATION_LABELS[found] if found else None, bool(outcome["passed"]))
