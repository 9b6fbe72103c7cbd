from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mimamori.door.masking import Reader, in_words, number, shown_items, value_of
from mimamori.door.searching import kind_of
from mimamori.sources import load_registry


@pytest.mark.parametrize(
    ("raw", "expected"), [(4.0, "4"), (1234567, "1,234,567"), (0.5, "0.5"), (-5, "-5"), (0, "0"), (130.6, "130.6")]
)
def test_numbers(raw: float, expected: str) -> None:
    assert number(raw) == expected


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("K-4827-1936-5", "case_no"),
        ("482719365", "case_no"),
        ("2016-06-14", "birth_date"),
        ("平成28年6月14日", "birth_date"),
        ("もりした ひな", "kana"),
        ("モリシタ", "kana"),
        ("NGUYEN", "roman"),
        ("森下", "name"),
    ],
)
def test_kinds_of_terms(term: str, kind: str) -> None:
    assert kind_of(term) == kind


def test_codes_are_in_words_and_unknown_codes_as_written() -> None:
    layout = load_registry().get("resident_register")
    item = layout.table("residents").item("status")
    assert in_words(layout, item, "2", "ja") == "転出"
    assert in_words(layout, item, "2", "en") == "Moved out"
    assert in_words(layout, item, "77", "ja") == "77"


def test_an_uncertain_day_is_shown_as_it_was_written() -> None:
    layout = load_registry().get("resident_register")
    item = next(item for item in layout.table("residents").items if item.uncertain)
    row: dict[str, Any] = {item.field: None, f"{item.field}_raw": "平成28年頃", f"{item.field}_status": "year"}
    value = value_of(layout, item, row, "ja")
    assert value is not None and (value.text, value.day) == ("平成28年頃", None)
    row = {item.field: date(2016, 6, 14), f"{item.field}_raw": "H28.6.14", f"{item.field}_status": "exact"}
    value = value_of(layout, item, row, "ja")
    assert value is not None and value.day == date(2016, 6, 14)


@pytest.mark.parametrize("sensitivity", [1, 2, 3, 4])
def test_no_item_above_the_sensitivity_no_key_and_no_identity(sensitivity: int) -> None:
    reader = Reader("ward_worker", sensitivity, "ja")
    for layout, table in load_registry().tables():
        keys = {person.key for person in table.persons}
        for item in shown_items(layout, table, reader):
            assert layout.sensitivity_of(item) <= sensitivity
            assert item.on_karte and not item.identity and item.field not in keys


def test_an_item_for_some_roles_is_for_them_alone() -> None:
    layout = load_registry().get("school_affairs")
    item = layout.table("attendance").item("absent_days").model_copy(update={"seen_by": ("centre_worker",)})
    assert Reader("centre_worker", 4, "ja").may_see(layout, item)
    assert not Reader("ward_worker", 4, "ja").may_see(layout, item)
