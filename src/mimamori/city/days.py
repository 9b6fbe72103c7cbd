"""Days as whole numbers since 1970-01-01 (int64 arrays), school years, month ends.

A school year runs from 1 April; a child enters elementary school on the 1 April after the sixth birthday, where who is
born on 1 April still counts with the year before (学校教育法: an age is reached at the end of the day before).
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from mimamori.city.streams import Array

NEVER = np.int64(2**40)  # later than every day
YEAR = 365.2425
EPOCH = date(1970, 1, 1)


def number(day: date) -> int:
    return (day - EPOCH).days


def day_of(value: int) -> date:
    return EPOCH + timedelta(days=int(value))


def month_ends(last: date, count: int, apart: int = 1) -> list[date]:
    """`count` month ends, every `apart`-th, the last of them `last` itself (which need not be one)."""
    ends = [last]
    while len(ends) < (count - 1) * apart + 1:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-apart]


def parts(days: Array) -> tuple[Array, Array, Array]:
    """Year, month and day of the month."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    return years, months.astype(np.int64) % 12 + 1, (dates - months).astype(np.int64) + 1


def from_parts(years: Array | int, months: Array | int, days: Array | int) -> Array:
    """The day numbers of calendar dates (not checked: the 31st of June is the 1st of July)."""
    month_number = (np.asarray(years, dtype=np.int64) - 1970) * 12 + np.asarray(months, dtype=np.int64) - 1
    first = month_number.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    result: Array = first + np.asarray(days, dtype=np.int64) - 1
    return result


def age(births: Array, on: Array | int) -> Array:
    """Completed years."""
    by, bm, bd = parts(np.asarray(births))
    oy, om, od = parts(np.asarray(on))
    result: Array = oy - by - ((om * 100 + od) < (bm * 100 + bd))
    return result


def age_months(births: Array, on: Array | int) -> Array:
    """Completed months."""
    by, bm, bd = parts(np.asarray(births))
    oy, om, od = parts(np.asarray(on))
    result: Array = (oy - by) * 12 + om - bm - (od < bd)
    return result


def add_months(days: Array, months: Array | int) -> Array:
    """The same day so many months later; a day the month does not have spills into the next."""
    y, m, d = parts(days)
    total = y * 12 + m - 1 + months
    return from_parts(total // 12, total % 12 + 1, d)


def birth_cohort(births: Array) -> Array:
    """The school year of birth: 2 April 2019 to 1 April 2020 is 2019."""
    y, m, d = parts(births)
    result: Array = y - ((m < 4) | ((m == 4) & (d == 1)))
    return result


def school_year(days: Array) -> Array:
    y, m, _ = parts(days)
    result: Array = y - (m < 4)
    return result


def school_year_of(day: int) -> int:
    """The school year of one day."""
    return int(school_year(np.array([day]))[0])


def first_of_school_year(years: Array | int) -> Array:
    return from_parts(years, 4, 1)


def grade(births: Array, years: Array | int) -> Array:
    """The grade in a school year: 1–6 elementary, 7–9 junior high, 10–12 high school age; below 1: before school."""
    result: Array = np.asarray(years) - birth_cohort(births) - 6
    return result
