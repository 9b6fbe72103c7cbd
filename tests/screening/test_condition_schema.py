"""A broken condition set is refused, in both languages and by the name of what is broken; nothing of it is run."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from mimamori.refusal import Refused
from mimamori.screening import ConditionSet, first_sets
from mimamori.screening.conditions import read

WORDS = {"ja": "試し", "en": "a try"}
DOMAIN = {"id": "fees", "label": WORDS}
KANA = re.compile(r"[ぁ-んァ-ン]")


def one(**changes: Any) -> dict[str, Any]:
    """A sound condition, changed; None takes a key away."""
    sound = {
        "id": "one", "indicator": "lunch_arrears_months", "comparison": ">=", "low": 3, "domain": "fees", "points": 60,
        "label": WORDS, "basis": WORDS,
    }  # fmt: skip
    return {name: value for name, value in {**sound, **changes}.items() if value is not None}


def a_set(*conditions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    sound = {
        "difficulty": "poverty", "note": WORDS, "tiers": [60, 30], "domains": [DOMAIN],
        "conditions": list(conditions) or [one()],
    }  # fmt: skip
    return {name: value for name, value in {**sound, **changes}.items() if value is not None}


BROKEN_CONDITIONS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown indicator": (one(indicator="nonsense"), "nonsense"),
    "a column that is no indicator": (one(indicator="lunch_arrears_months__why"), "lunch_arrears_months__why"),
    "SQL for an indicator": (one(indicator="x; DROP TABLE findings"), "conditions.one.indicator"),
    "SQL in quotation marks": (one(indicator='a" OR 1=1 --'), "conditions.one.indicator"),
    "SQL for an id": (one(id="x'); --"), "conditions.1.id"),
    "SQL for a threshold": (one(low="0 OR true"), "conditions.one.low"),
    "unknown key": (one(threshold=3), "conditions.one.threshold"),
    "unknown comparison": (one(comparison=">"), "conditions.one.comparison"),
    "comparison takes another threshold": (one(comparison="<="), "conditions.one"),
    "threshold left out": (one(low=None), "conditions.one"),
    "threshold that has no use": (one(high=5), "conditions.one"),
    "no values": (one(comparison="in", low=None), "conditions.one"),
    "two values for =": (one(comparison="=", low=None, values=[1, 2]), "conditions.one"),
    "low above high": (one(comparison="between", low=9, high=3), "conditions.one"),
    "number in quotation marks": (one(low="3"), "conditions.one.low"),
    "yes for a number": (one(low=True), "conditions.one.low"),
    "no number": (one(low=float("nan")), "conditions.one.low"),
    "no end": (one(low=float("-inf")), "conditions.one.low"),
    "no number among values": (one(comparison="in", low=None, values=[1, float("nan")]), "conditions.one.values.2"),
    "no value reaches it": (one(low=9999), "one"),
    "every value meets it": (one(low=0), "one"),
    "every choice meets it": (one(indicator="home_visit", comparison="in", low=None, values=[4, 3, 2, 1]), "one"),
    "no such choice": (one(indicator="home_visit", comparison="=", low=None, values=[9]), "one"),
    "one choice too many": (one(indicator="home_visit", comparison="in", low=None, values=[1, 9]), "9"),
    "negative points": (one(points=-5), "conditions.one.points"),
    "points above 100": (one(points=101), "conditions.one.points"),
    "no points": (one(points=None), "conditions.one"),
    "no domain": (one(domain=None), "conditions.one"),
    "domain that is not declared": (one(domain="home"), "home"),
    "must-look with points": (one(must=True), "conditions.one"),
    "ages upside down": (one(ages=[9, 3]), "conditions.one"),
    "ages below zero": (one(ages=[-3, 6]), "conditions.one.ages.1"),
    "one age": (one(ages=[3]), "conditions.one.ages"),
    "no basis": (one(basis=None), "conditions.one.basis"),
    "no English": (one(label={"ja": "試し"}), "conditions.one.label.en"),
    "blank sentence": (one(label={"ja": " ", "en": "a try"}), "conditions.one.label.ja"),
    "sentence with another threshold": (one(label={"ja": "{high}か月", "en": "months"}), "conditions.one"),
    "sentence that reads another key": (one(label={"ja": "試し", "en": "{basis}"}), "conditions.one"),
}
BROKEN_SETS: dict[str, tuple[dict[str, Any], str]] = {
    "no conditions": (a_set(conditions=[], domains=[]), "conditions"),
    "conditions left out": (a_set(conditions=None), "conditions"),
    "conditions that are no list": (a_set(conditions=3), "conditions"),
    "a condition that is no table": (a_set(conditions=["one"]), "conditions.1"),
    "unknown key": (a_set(threshold=3), "threshold"),
    "unknown difficulty": (a_set(difficulty="smoking"), "difficulty"),
    "tiers upwards": (a_set(tiers=[30, 60]), "tiers"),
    "tiers twice the same": (a_set(tiers=[30, 30]), "tiers"),
    "no tiers": (a_set(tiers=[]), "tiers"),
    "everybody is listed": (a_set(tiers=[60, 0]), "tiers"),
    "tier above 100": (a_set(tiers=[101]), "tiers.1"),
    "tier that is no number": (a_set(tiers=[float("nan")]), "tiers.1"),
    "ages upside down": (a_set(ages=[15, 6]), "ages"),
    "ages that no child has": (a_set(ages=[0, 99]), "ages.2"),
    "ages of a condition outside": (a_set(one(ages=[0, 5]), ages=[6, 15]), "one"),
    "an id twice": (a_set(one(), one(low=5)), "one"),
    "a domain twice": (a_set(domains=[DOMAIN, DOMAIN]), "fees"),
    "a domain without conditions": (a_set(domains=[DOMAIN, {**DOMAIN, "id": "home"}]), "home"),
    "weight of nothing": (a_set(domains=[{**DOMAIN, "weight": 0}]), "domains.fees.weight"),
    "no note": (a_set(note=None), "note"),
}
CASES = [
    *(pytest.param(a_set(found), named, id=f"condition: {name}") for name, (found, named) in BROKEN_CONDITIONS.items()),
    *(pytest.param(found, named, id=f"set: {name}") for name, (found, named) in BROKEN_SETS.items()),
]


def refusal(text: str) -> Refused:
    with pytest.raises(Refused) as refused:
        read(text, "ours.toml")
    return refused.value


def test_the_sound_set_is_taken() -> None:
    """What the others change: else each of them could be refused for something else."""
    assert read(json.dumps(a_set()), "ours.toml").conditions[0].sentence().ja == "試し"


@pytest.mark.parametrize(("broken", "named"), CASES)
def test_a_broken_set_is_refused_by_name(broken: dict[str, Any], named: str) -> None:
    found = refusal(json.dumps(broken))
    for text in (found.ja, found.en):
        assert text.startswith("ours.toml: ")
        assert named in text
        assert "Input should" not in text
        assert "at least 1 item" not in text
    assert KANA.search(found.ja)
    assert not KANA.search(found.en.replace("試し", ""))


def test_every_fault_is_told_at_once() -> None:
    found = refusal(json.dumps(a_set(one(points=-5), one(id="two", comparison="~"), difficulty="smoking")))
    assert all(place in found.ja for place in ("conditions.one.points", "conditions.two.comparison", "difficulty"))


@pytest.mark.parametrize(
    "text",
    ["", "difficulty = ", "{", "[1]", 'difficulty = "poverty"\ndifficulty = "abuse"', "difficulty: poverty\n"],
    ids=["nothing", "cut off", "cut-off JSON", "another table", "a key twice", "YAML"],
)
def test_what_is_no_condition_set_is_refused(text: str) -> None:
    found = refusal(text)
    assert found.ja.startswith("ours.toml: ")
    assert KANA.search(found.ja)


@pytest.mark.parametrize("shipped", first_sets(), ids=lambda found: found.difficulty)
def test_what_governance_keeps_is_the_set(shipped: ConditionSet) -> None:
    assert read(shipped.model_dump_json(), "kept") == shipped
