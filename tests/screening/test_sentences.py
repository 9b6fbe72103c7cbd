"""The sentence of a condition that nobody worded: readable, short enough, and with its thresholds in it."""

from __future__ import annotations

import pytest

from mimamori.screening.conditions.schema import MOST_LETTERS, PLACE, Condition, Words
from mimamori.screening.conditions.sentences import worded
from mimamori.screening.indicators import Indicator, load_indicators
from mimamori.sources.item import Label

LOW, HIGH = {"low": 2.0}, {"high": 5.0}
BOUNDS = {">=": LOW, "<=": HIGH, "between": LOW | HIGH}
WITH_NUMBERS = [one for one in load_indicators() if not one.choices]
WITH_CHOICES = [one for one in load_indicators() if one.choices]


def condition(indicator: Indicator, words: Words, comparison: str, **thresholds: object) -> Condition:
    return Condition.model_validate(
        {"id": "one", "indicator": indicator.id, "comparison": comparison, "must": True, "label": words.model_dump(),
         "basis": {"ja": "—", "en": "—"}, **thresholds}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("comparison", "ja", "en"),
    [
        (">=", "給食費の未納が2か月以上", "Lunch fees unpaid: 2 months or more"),
        ("<=", "給食費の未納が5か月以下", "Lunch fees unpaid: 5 months or less"),
        ("between", "給食費の未納が2か月から5か月まで", "Lunch fees unpaid: 2 months to 5 months"),
    ],
)
def test_thresholds_are_told_with_their_unit(comparison: str, ja: str, en: str) -> None:
    arrears = load_indicators().get("lunch_arrears_months")
    said = condition(arrears, worded(arrears, comparison), comparison, **BOUNDS[comparison]).sentence()
    assert (said.ja, said.en) == (ja, en)


def test_values_are_told_by_their_words() -> None:
    for indicator in WITH_CHOICES:
        values = indicator.choices[:2]
        words = worded(indicator, "in", values)
        for value in values:
            word = indicator.values[f"{value:g}"]
            assert word.ja in words.ja
            assert word.en in words.en


def test_a_number_of_a_list_is_told_with_its_unit() -> None:
    arrears = load_indicators().get("lunch_arrears_months")
    assert worded(arrears, "in", (1.0, 3.0)) == Words(
        ja="給食費の未納が1か月か3か月", en="Lunch fees unpaid: 1 months or 3 months"
    )


@pytest.mark.parametrize("comparison", BOUNDS)
def test_every_indicator_has_a_sentence_that_stands(comparison: str) -> None:
    for indicator in WITH_NUMBERS:
        words = worded(indicator, comparison)
        assert set(PLACE.findall(words.ja)) == set(BOUNDS[comparison]) == set(PLACE.findall(words.en)), indicator.id
        condition(indicator, words, comparison, **BOUNDS[comparison])


def test_a_long_label_is_cut_and_its_thresholds_stay() -> None:
    arrears, long = load_indicators().get("lunch_arrears_months"), Label(ja="長" * 200, en="l" * 200)
    words = worded(arrears.model_copy(update={"label": long}), "between")
    assert (len(words.ja), len(words.en)) == (MOST_LETTERS, MOST_LETTERS)
    assert words.ja.endswith("{low}か月から{high}か月まで")
    assert words.en.endswith(": {low} months to {high} months")
