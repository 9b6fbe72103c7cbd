"""What departments hold of a city: each row once, and no more than the day knows."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from mimamori.city.days import number
from mimamori.city.departments import rows_of
from mimamori.city.lives import live
from mimamori.city.names import load_names
from mimamori.city.population import make_city
from mimamori.city.settings import Settings
from mimamori.city.streams import Streams
from mimamori.sources import load_registry
from mimamori.sources.writing import Columns

DAYS = [date(2026, 5, 31), date(2026, 10, 31)]
Held = dict[date, dict[tuple[str, str], Columns]]


@pytest.fixture(scope="module")
def held() -> Held:
    """Every table of a city of 6,000 on two days, as departments hold it before anything is spoilt."""
    settings = Settings(residents=6000, seed=3)
    streams = Streams(settings.seed)
    city = make_city(settings, load_names(streams), streams)
    tables = rows_of(city, live(city))
    return {day: {name: made(number(day), 0) for name, made in tables.items()} for day in DAYS}


def test_every_column_of_a_table_is_as_long_as_the_others(held: Held) -> None:
    for tables in held.values():
        for name, columns in tables.items():
            assert len({len(values) for values in columns.values()}) == 1, name


def test_no_row_has_the_key_of_another(held: Held) -> None:
    keys = {(layout.name, table.name): table.row_key for layout, table in load_registry().tables()}
    for tables in held.values():
        for name, columns in tables.items():
            rows = Counter(zip(*(columns[field] for field in keys[name]), strict=True))
            assert [row for row, times in rows.items() if times > 1][:3] == [], name


def test_when_assistance_began_stays_from_month_to_month(held: Held) -> None:
    def began(day: date) -> dict[str, str]:
        columns = held[day]["public_assistance", "members"]
        return dict(zip(columns["addressee_no"], columns["started_on"], strict=True))

    first, second = (began(day) for day in DAYS)
    assert len(first) > 20
    assert {person: second[person] for person in first} == first
