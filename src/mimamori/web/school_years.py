"""School years: April to March, named by their first year; which grade a child is in follows from its birth."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext

APRIL = 4
FIRST_AGE = 6  # a child that is six on 1 April (born by that day, 年齢計算に関する法律) enters school
GRADES, PRIMARY = 9, 6


def school_year(day: date) -> int:
    """The school year a day lies in."""
    return day.year if day.month >= APRIL else day.year - 1


def grade_in(birth: date | None, year: int) -> int | None:
    """The grade (1–9, both schools counted through) that a child of this age is in; None before, after, or unknown."""
    if birth is None:
        return None
    entered = birth.year + FIRST_AGE + ((birth.month, birth.day) > (APRIL, 1))
    grade = year - entered + 1
    return grade if 1 <= grade <= GRADES else None


def grade_word(grade: int | None) -> str:
    """小4, 中2; empty for none."""
    if grade is None:
        return ""
    if grade > PRIMARY:
        return gettext("中%(n)d") % {"n": grade - PRIMARY}
    return gettext("小%(n)d") % {"n": grade}
