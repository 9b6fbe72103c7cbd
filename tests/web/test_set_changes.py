"""Whatever a version changes is told to who approves it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from mimamori.screening import ConditionSet, first_sets
from mimamori.web.set_changes import changes

POVERTY = next(one for one in first_sets() if one.difficulty == "poverty")


def changed(edit: Callable[[dict[str, Any]], Any]) -> ConditionSet:
    document = json.loads(POVERTY.model_dump_json())
    edit(document)
    return ConditionSet.model_validate_json(json.dumps(document))


def _drop(document: dict[str, Any]) -> None:
    domain = document["conditions"][0]["domain"]
    assert sum(one["domain"] == domain for one in document["conditions"]) > 1
    del document["conditions"][0]


EDITS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "the floor": lambda d: d.update(tiers=[*d["tiers"][:-1], d["tiers"][-1] - 1]),
    "another tier": lambda d: d.update(tiers=[99.5, *d["tiers"]]),
    "the ages of the set": lambda d: d.update(ages=[3, 15]),
    "the note": lambda d: d["note"].update(ja="別の注意"),
    "the weight of a domain": lambda d: d["domains"][0].update(weight=7),
    "the label of a domain": lambda d: d["domains"][0]["label"].update(ja="別の領域"),
    "the points": lambda d: d["conditions"][0].update(points=99),
    "the ages of a condition": lambda d: d["conditions"][0].update(ages=[6, 9]),
    "the basis": lambda d: d["conditions"][0]["basis"].update(ja="別の根拠"),
    "the sentence": lambda d: d["conditions"][0]["label"].update(ja="別の文"),
    "one dropped": _drop,
    "one added": lambda d: d["conditions"].append({**d["conditions"][0], "id": "one_more"}),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_each_kind_of_change_is_one_line_that_tells_a_difference(edit: Callable[[dict[str, Any]], Any]) -> None:
    with translation.override("ja"):
        (line,) = changes(POVERTY, changed(edit))
    assert line.text != line.was
    assert line.word


def test_nothing_changed_is_nothing_told() -> None:
    assert changes(POVERTY, changed(lambda document: None)) == []


def test_a_threshold_that_the_sentence_does_not_name_is_told() -> None:
    for place, row in enumerate(POVERTY.conditions):
        for bound in ("low", "high"):
            if getattr(row, bound) is not None:

                def move(document: dict[str, Any], place: int = place, bound: str = bound) -> None:
                    document["conditions"][place][bound] += 0.5 if bound == "high" else -0.5

                with translation.override("ja"):
                    (line,) = changes(POVERTY, changed(move))
                assert line.text != line.was, (row.id, bound)
