"""Filled shares over months: which deliveries are compared, what is usual, and which falls a person should see."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from mimamori.intake.delivery import Delivery, TableCounts
from mimamori.intake.quality import quality, report
from mimamori.intake.store import find
from mimamori.refusal import Refused
from mimamori.sources import load_registry


def delivery(
    day: str, blank: float | None, *, n: int = 1, rows: int = 100, sequence: int = 0, missing: int = 0
) -> Delivery:
    as_of = date.fromisoformat(day)
    counts = TableCounts(
        received=rows, stored=rows, quarantined=0, kind="full", sequence=sequence, file="f", sha256=f"{day}.{n}",
        blanks={} if blank is None else {"kana": blank},
    )  # fmt: skip
    gaps = {"residents": list(range(1, missing + 1))} if missing else {}
    received = datetime(as_of.year, as_of.month, as_of.day, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    return Delivery("resident_register", as_of, n, received, {"residents": counts}, [], gaps)


def of_last(*deliveries: Delivery) -> tuple[tuple[float | None, ...], float | None, bool]:
    [table] = quality(deliveries[-1], deliveries)
    [item] = table.items
    return item.shares, item.usual, item.fell


@pytest.mark.parametrize(
    ("before", "now", "usual", "fell"),
    [
        ([], 0.5, None, False),  # nothing to compare with
        ([0.1], 0.2, 0.9, True),  # ten points exactly
        ([0.1], 0.19, 0.9, False),
        ([0.0, 0.0, 0.9], 0.1, 1.0, True),  # the median: one bad month does not hide a fall
        ([0.9, 0.9, 0.0], 0.5, pytest.approx(0.1), False),
    ],
)
def test_a_fall_is_ten_points_below_the_median(
    before: list[float], now: float, usual: float | None, fell: bool
) -> None:
    earlier = [delivery(f"2026-0{month}-28", blank) for month, blank in enumerate(before, 1)]
    assert of_last(*earlier, delivery("2026-09-30", now))[1:] == (usual, fell)


def test_one_delivery_a_month_and_the_last_of_it() -> None:
    shares, usual, _ = of_last(
        delivery("2026-08-31", 0.5, n=1),
        delivery("2026-08-31", 0.25, n=2),
        delivery("2026-09-07", 0.9),  # of its own month: not compared
        delivery("2026-09-30", 0.0),
    )
    assert (shares, usual) == ((0.75, 1.0), 0.75)


def test_later_months_and_what_lies_more_than_a_year_back_are_not_compared() -> None:
    months = [delivery(f"{year}-{month:02}-28", 0.0) for year in (2025, 2026) for month in range(1, 13)]
    asked = months[17]
    [table] = quality(asked, months)
    assert (len(table.days), table.days[0], table.days[-1]) == (12, date(2025, 7, 28), date(2026, 6, 28))


def test_few_rows_make_no_fall() -> None:
    assert not of_last(delivery("2026-08-31", 0.0), delivery("2026-09-30", 1.0, rows=29))[2]
    assert of_last(delivery("2026-08-31", 0.0), delivery("2026-09-30", 1.0, rows=30))[2]
    assert of_last(delivery("2026-08-31", 0.0, rows=29), delivery("2026-09-30", 1.0))[1] is None


def test_an_item_that_came_later_has_no_share_before() -> None:
    assert of_last(delivery("2026-08-31", None), delivery("2026-09-30", 0.0))[:2] == ((None, 1.0), None)


def test_the_report_is_json_with_labels_in_both_languages() -> None:
    asked = delivery("2026-09-30", 0.25, missing=2)
    told = report(asked, [asked], load_registry().get("resident_register"))
    assert json.loads(json.dumps(told)) == told
    [table] = told["tables"]
    assert (table["label"]["en"] != table["table"], table["missing_numbers"]) == (True, [1, 2])
    [item] = table["items"]
    assert (item["filled"], item["label"]) == ([0.75], {"ja": "フリガナ", "en": "Name in kana"})


def test_a_delivery_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused):
        find([delivery("2026-09-30", 0.0)], "resident_register", "2026-09-30.2")
