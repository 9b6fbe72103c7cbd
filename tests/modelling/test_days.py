"""Which earlier days a panel is made of by itself: by what was delivered, and by what is known by now."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from mimamori import intake, modelling
from mimamori.city.days import month_ends
from mimamori.config import Config
from mimamori.refusal import Refused

NOW = date(2026, 10, 31)


def days(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, delivered: list[date], months: int = 12) -> list[date]:
    given = [SimpleNamespace(source="resident_register", as_of=day) for day in delivered]
    given.append(SimpleNamespace(source="school_affairs", as_of=date(2020, 1, 31)))
    monkeypatch.setattr(intake, "deliveries", lambda config: given)
    return modelling.days_to_learn_from(Config(home=tmp_path), NOW, months)


def test_eight_quarters_whose_windows_are_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    every = month_ends(NOW, 60)
    found = days(monkeypatch, tmp_path, every)
    assert found == month_ends(date(2025, 10, 31), 8, 3)
    assert found[0] == date(2024, 1, 31)


def test_quarterly_deliveries_give_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert days(monkeypatch, tmp_path, month_ends(NOW, 20, 3)) == month_ends(date(2025, 10, 31), 8, 3)


def test_a_missing_month_moves_the_days_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    every = [day for day in month_ends(NOW, 24) if day != date(2025, 7, 31)]
    assert days(monkeypatch, tmp_path, every)[-2:] == [date(2025, 6, 30), date(2025, 10, 31)]


def test_without_a_day_of_so_long_ago_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="12 months ago"):
        days(monkeypatch, tmp_path, month_ends(NOW, 6))
