"""Days as officers write them: eras in full for law and birth, 11/20 beside a source, a distance beside a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

# First day of each era (元号を改める政令); earlier days are written in the western calendar.
ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1868, 10, 23), "明治", "M"),
)
WEEKDAYS = "月火水木金土日"
ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Due:
    """A deadline as the screen shows it: `state` over, today or plain, the day, and the distance in words."""

    state: str
    day: str
    distance: str


def english() -> bool:
    return (get_language() or "ja").startswith("en")


def as_day(value: date | datetime | None) -> date | None:
    """The city's day of a moment; a day stays what it is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def era_year(day: date) -> tuple[str, str]:
    """The era of `day` and its year there: ("令和", "8"), ("令和", "元"); ("", "1850") before Meiji."""
    for first, name, _letter in ERAS:
        if day >= first:
            year = day.year - first.year + 1
            return name, "元" if year == 1 else str(year)
    return "", str(day.year)


def long_day(value: date | datetime | None) -> str:
    """令和8年11月25日, or 25 November 2026; empty for no day."""
    day = as_day(value)
    if day is None:
        return ""
    if english():
        return f"{day.day} {day:%B} {day.year}"
    era, year = era_year(day)
    return f"{era}{year}年{day.month}月{day.day}日"


def month_word(day: date | None) -> str:
    """令和8年11月, or November 2026."""
    if day is None:
        return ""
    if english():
        return f"{day:%B} {day.year}"
    return "{}{}年{}月".format(*era_year(day), day.month)


def school_year_word(year: int) -> str:
    """令和8年度 (from 1 April), or 2026."""
    if english():
        return str(year)
    return "{}{}年度".format(*era_year(date(year, 4, 1)))


def short_day(value: date | datetime | None) -> str:
    """11/20 in this year, R7.11.20 in another; in English 20 Nov and 20 Nov 2025."""
    day = as_day(value)
    if day is None:
        return ""
    this_year = day.year == timezone.localdate().year
    if english():
        return f"{day.day} {day:%b}" if this_year else f"{day.day} {day:%b} {day.year}"
    if this_year:
        return f"{day.month}/{day.day}"
    letter = next((letter for first, _name, letter in ERAS if day >= first), "")
    year = era_year(day)[1].replace("元", "1")
    return f"{letter}{year}.{day.month}.{day.day}"


def with_weekday(value: date | datetime | None) -> str:
    """11/20(金), or Fri 20 Nov."""
    day = as_day(value)
    if day is None:
        return ""
    if english():
        return f"{ENGLISH_WEEKDAYS[day.weekday()]} {short_day(day)}"
    return f"{short_day(day)}({WEEKDAYS[day.weekday()]})"


def moment(value: datetime | None) -> str:
    """11/25 9:42, in the city's time."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{short_day(local)} {local.hour}:{local:%M}"


def due(day: date | None, today: date | None = None) -> Due | None:
    """How a deadline reads today; `None` where there is none."""
    if day is None:
        return None
    left = (day - (today or timezone.localdate())).days
    if left < 0:
        return Due("over", with_weekday(day), ngettext("%(n)d日過ぎ", "%(n)d日過ぎ", -left) % {"n": -left})
    if left == 0:
        return Due("today", gettext("今日まで"), with_weekday(day))
    return Due("plain", with_weekday(day), ngettext("あと%(n)d日", "あと%(n)d日", left) % {"n": left})


def days_ago(value: date | datetime | None, today: date | None = None) -> str:
    """今日, 昨日, 9日前."""
    day = as_day(value)
    if day is None:
        return ""
    passed = ((today or timezone.localdate()) - day).days
    if passed <= 0:
        return gettext("今日")
    if passed == 1:
        return gettext("昨日")
    return gettext("%(n)d日前") % {"n": passed}


def age(birth: date | None, on: date | None = None) -> str:
    """10歳5か月; 生後3か月 in the first year; 出生前 before birth."""
    if birth is None:
        return gettext("年齢不明")
    day = on or timezone.localdate()
    months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
    if months < 0:
        return gettext("出生前")
    years, rest = divmod(months, 12)
    if years == 0:
        return gettext("生後%(n)dか月") % {"n": rest}
    return gettext("%(years)d歳%(months)dか月") % {"years": years, "months": rest}


def years(birth: date | None, on: date | None = None) -> str:
    """The age for a narrow column: with months only until school, 10歳 after."""
    if birth is None:
        return gettext("年齢不明")
    day = on or timezone.localdate()
    completed = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return age(birth, day) if completed < 6 else gettext("%(years)d歳") % {"years": completed}
