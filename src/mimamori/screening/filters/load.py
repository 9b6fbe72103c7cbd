"""Read a filter, and hold it against the closed lists: nothing that a person wrote goes further unchecked."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from mimamori.refusal import Refused
from mimamori.screening.conditions.faults import sentence_of
from mimamori.screening.conditions.schema import plain
from mimamori.screening.filters.schema import (
    KINDS,
    MOST_CLAUSES,
    MOST_DEEP,
    NODE,
    IndicatorTest,
    Node,
    Wards,
    clauses,
    depth,
)
from mimamori.screening.indicators import Indicators, load_indicators
from mimamori.sources import load_registry

MOST_LETTERS = 50_000


def read(told: str | Mapping[str, Any], where: str = "") -> Node:
    """A checked filter from TOML or JSON text, or from what JSON gave; raises `Refused` naming `where` and the faults.

    What is nested deeper, or longer, than anybody would write is refused before it is looked at.
    """
    place = f"{where}: " if where else ""
    document = _document(told, place) if isinstance(told, str) else told
    if _deep(document) > 2 * MOST_DEEP + 2:
        raise _too_large(place)
    try:
        node = NODE.validate_python(document)
    except ValidationError as error:
        said = [sentence_of({**fault, "loc": _without_tags(fault["loc"])}, document) for fault in error.errors()[:10]]
        raise Refused(
            f"{place}しぼりこみに誤りがあります — {'; '.join(ja for ja, _ in said)}",
            f"{place}the filter is wrong — {'; '.join(en for _, en in said)}",
        ) from error
    try:
        return check(node)
    except Refused as refused:
        raise Refused(f"{place}{refused.ja}", f"{place}{refused.en}") from refused


def check(node: Node, indicators: Indicators | None = None) -> Node:
    """Returns the filter; raises `Refused` where it is too large, or names an indicator, a value of one or a ward that
    there is not."""
    if depth(node) > MOST_DEEP or len(clauses(node)) > MOST_CLAUSES:
        raise _too_large("")
    known = load_indicators() if indicators is None else indicators
    for clause in clauses(node):
        if isinstance(clause, IndicatorTest):
            _check_values(clause, known)
        elif isinstance(clause, Wards):
            _check_wards(clause)
    return node


def names(node: Node) -> frozenset[str]:
    """The indicators that a filter asks about."""
    return frozenset(clause.indicator for clause in clauses(node) if isinstance(clause, IndicatorTest))


def _check_values(clause: IndicatorTest, known: Indicators) -> None:
    indicator = known.get(clause.indicator)
    taken = indicator.choices
    most = float("inf") if indicator.most is None else indicator.most
    given = [value for value in (*clause.values, clause.low, clause.high) if value is not None]
    strange = [value for value in given if not (value in taken if taken else indicator.least <= value <= most)]
    if strange:
        told = "、".join(plain(value) for value in strange)
        raise Refused(
            f"指標「{indicator.label.ja}」は {told} という値を取りません。",
            f"The indicator {indicator.id} never takes {told}.",
        )


def _check_wards(clause: Wards) -> None:
    known = {ward.code for ward in load_registry().municipality.wards}
    if strange := sorted(set(clause.wards) - known):
        raise Refused(f"区 {'、'.join(strange)} はありません。", f"There is no ward {', '.join(strange)}.")


def _document(text: str, place: str) -> Any:
    if len(text) > MOST_LETTERS:
        raise _too_large(place)
    try:
        return json.loads(text) if text.lstrip().startswith(("{", "[")) else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise Refused(f"{place}読めません({error})。", f"{place}cannot be read ({error}).") from error
    except RecursionError:
        raise _too_large(place) from None


def _too_large(place: str) -> Refused:
    return Refused(
        f"{place}しぼりこみが大きすぎます。条件は{MOST_CLAUSES}個まで、組は{MOST_DEEP - 1}段までにしてください。",
        f"{place}the filter is too large: at most {MOST_CLAUSES} clauses, and groups {MOST_DEEP - 1} deep.",
    )


def _deep(document: Any) -> int:
    """How deep lists and mappings are nested; counted in a loop, whatever was sent."""
    level, deep = [document], 0
    while level and deep < 4 * MOST_DEEP:
        inner = [one for held in level if isinstance(held, Mapping) for one in held.values()]
        inner += [one for held in level if isinstance(held, list) for one in held]
        level, deep = [one for one in inner if isinstance(one, Mapping | list)], deep + 1
    return deep


def _without_tags(path: Sequence[str | int]) -> tuple[str | int, ...]:
    """Where in the document a fault is: pydantic puts the kind of each node into the way."""
    steps: list[str | int] = []
    tag = True
    for step in path:
        if tag and step in KINDS:
            tag = False
            continue
        tag = step == "not" or (isinstance(step, int) and bool(steps) and steps[-1] in {"all", "any"})
        steps.append(step)
    return tuple(steps)
