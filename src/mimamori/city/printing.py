"""How the systems print what they hold: days in eras or western years, numbers, flags; once per distinct value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from mimamori.city.days import day_of
from mimamori.city.streams import Array

ERAS = (
    (date(2019, 5, 1), "令和", "R", "5"),
    (date(1989, 1, 8), "平成", "H", "4"),
    (date(1926, 12, 25), "昭和", "S", "3"),
)


def _era(day: date) -> tuple[str, str, str, int]:
    start, name, letter, digit = next((era for era in ERAS if day >= era[0]), ERAS[-1])
    return name, letter, digit, day.year - start.year + 1


def kanji_era(day: date) -> str:
    name, _, _, year = _era(day)
    return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def letter_era(day: date) -> str:
    _, letter, _, year = _era(day)
    return f"{letter}{year}.{day.month}.{day.day}"


def digit_era(day: date) -> str:
    _, _, digit, year = _era(day)
    return f"{digit}{year:02d}{day:%m%d}"


def plain(day: date) -> str:
    return f"{day:%Y%m%d}"


STYLES: dict[str, Callable[[date], str]] = {
    "resident_register": kanji_era,
    "maternal_child_health": letter_era,
    "child_allowance": digit_era,
    "childcare": date.isoformat,
    "child_guidance": date.isoformat,
    "medical_subsidy": lambda day: f"{day.year}/{day.month}/{day.day}",
    "disability_welfare": date.isoformat,
    "school_expense_aid": date.isoformat,
    "pupil_register": lambda day: f"{day.year}/{day.month}/{day.day}",
}


def days(source: str, values: Array) -> list[str]:
    """Printed days in the source's style; a negative or far day is a blank."""
    style = STYLES.get(source, plain)
    distinct = np.unique(values)
    known = {int(one): style(day_of(one)) if -40_000 < one < 40_000 else "" for one in distinct}
    return [known[int(one)] for one in values]


def whole(values: Array) -> list[str]:
    return [str(one) for one in values.tolist()]


def flags(values: Array) -> list[str]:
    return ["1" if one else "0" for one in values.tolist()]
