"""Dates as the city's systems print them: eras, western years, parts unknown, Excel serials, entries off the calendar.

Rules: 住民記録標準仕様書 1.1.8 (不詳, 頃, 推定, 上旬, non-calendar entries). Run once per distinct value, not per row.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from mimamori.text.eras import HEISEI, SOLAR_CALENDAR, Era, era_of
from mimamori.text.nothing import says_nothing

Status = Literal["exact", "year", "month", "overrun", "unknown", "noncalendar", "invalid"]


class ParsedDate(NamedTuple):
    """A printed date read.

    `day` is None unless one day is meant. `first` and `last` bound what is meant (both None where nothing is known).
    `status`: exact; year or month (only so much is known); overrun (a 平成 date after its end, read as 令和); unknown;
    noncalendar (legal in the register, no day of its own in the calendar); invalid (no date: to be refused).
    """

    day: date | None
    status: Status
    first: date | None
    last: date | None


class Parts(NamedTuple):
    """A date taken apart but not yet believed; an empty month or day is one that was not written."""

    era: Era | None
    year: str
    month: str = ""
    day: str = ""


UNKNOWN = ParsedDate(None, "unknown", None, None)
INVALID = ParsedDate(None, "invalid", None, None)
YEARS = range(1868, 2101)  # western years that can be meant
SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (1, 12)}  # a winter touches both ends of its year
THIRDS = {"上旬": (1, 10), "初旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "末": (21, 31)}
# What an empty cell becomes in spreadsheets and databases. In an era (明治33年1月1日) it is a day like others.
FILLERS = frozenset({date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)})
EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of serials after 28 February 1900 (Excel counts a 29th that year)

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー─", "-"))
_BLANK = re.compile(r"[-/.年月日]*|0+|9{2,}|(生?年?月?日付?)?(不詳|不明|未詳)|不詳年.*")
_UNKNOWN_TAIL = re.compile(r"(?<=年)月?日?(不詳|不明).*$|(?<=月)日?(不詳|不明).*$")
_TIME = re.compile(r"[T ]*(\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$")
_ERA = r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令MTSHRmtshr]|西暦)?"
_WORDS = re.compile(
    _ERA + r"(?P<year>\d{1,4}|元)年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日?)?)?"
    r"(?P<season>[春夏秋冬])?(?P<third>上旬|初旬|中旬|下旬|末)?"
)
_POINTS = re.compile(_ERA + r"(?P<year>\d{1,4}|元)[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?")
_CODED_POINTS = re.compile(r"(?P<code>\d{1,2})[-/.](?P<year>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_RUN = re.compile(_ERA + r"(?P<digits>\d+)")
_KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十]+(?=[年月日])")
_TOKYO = ZoneInfo("Asia/Tokyo")


def parse_date(raw: str, *, era_digits: Mapping[str, str]) -> ParsedDate:
    """Read one printed date.

    `era_digits` maps a source's era codes to eras (`{"4": "平成"}`); without it, dates that begin with such a code are
    invalid, as are six digits without an era (yymmdd of which era?).
    """
    text = unicodedata.normalize("NFKC", raw.replace("\x00", "")).translate(_DASHES).strip()
    if stamp := _TIME.search(text):
        return _moment(text[: stamp.start()], stamp, era_digits)
    text = re.sub(r"\s+|\([月火水木金土日]\)|(?<=日)生(まれ)?$", "", text)
    if _BLANK.fullmatch(text) or says_nothing(text):
        return UNKNOWN
    if "から" in text:
        return _between(text, era_digits)
    hedged = text.startswith(("推定", "約")) or text.endswith(("頃", "ごろ"))
    text = re.sub(r"^(推定|約)|(頃|ごろ)$", "", text)
    text = _KANJI_NUMBER.sub(lambda match: str(_number(match[0])), _UNKNOWN_TAIL.sub("", text))
    parsed = _read(text, era_digits)
    if hedged and parsed.day is not None:  # about one day: only the month is believed
        return _month(parsed.day.year, parsed.day.month)
    return parsed


def parse_month(raw: str, *, era_digits: Mapping[str, str]) -> ParsedDate:
    """Read a printed month (年月); `day` is its first day. Six digits are yyyymm here; a full date gives its month."""
    text = unicodedata.normalize("NFKC", raw.replace("\x00", "")).strip()
    if re.fullmatch(r"\d{6}", text) and int(text[:4]) in YEARS:
        text = f"{text[:4]}-{text[4:]}"
    parsed = parse_date(text, era_digits=era_digits)
    if parsed.first is None or parsed.last is None or parsed.status in {"unknown", "year"}:
        return parsed if parsed.status != "year" else INVALID
    return parsed._replace(day=parsed.first.replace(day=1))


def _moment(text: str, stamp: re.Match[str], era_digits: Mapping[str, str]) -> ParsedDate:
    """A day with a time of day: the day in Japan; a time without a zone is Japanese already."""
    if not text:
        return INVALID
    parsed = parse_date(text, era_digits=era_digits)
    if parsed.day is None or stamp[4] is None:
        return parsed
    try:
        moment = datetime.fromisoformat(f"{parsed.day}T{stamp[1].zfill(5)}{stamp[4]}").astimezone(_TOKYO)
    except ValueError:
        return INVALID
    return ParsedDate(moment.date(), parsed.status, moment.date(), moment.date())


def _between(text: str, era_digits: Mapping[str, str]) -> ParsedDate:
    """…から…までの間; the second end may leave out what it shares with the first."""
    left, _, right = re.sub(r"^(推定|約)|(まで)?(の間)?(頃|ごろ)?$", "", text).partition("から")
    begin = parse_date(left, era_digits=era_digits)
    shared = next((left[: left.rfind(unit) + 1] for unit in "年月" if unit not in right and unit in left), "")
    shared = left[: left.rfind("月") + 1] if shared and "月" not in right else shared
    end = parse_date(shared + right, era_digits=era_digits)
    if begin.first is None or end.last is None or begin.first > end.last:
        return INVALID
    if begin.first == end.last:
        return begin
    same_year = begin.first.year == end.last.year
    status: Status = "unknown" if not same_year else "month" if begin.first.month == end.last.month else "year"
    return ParsedDate(None, status, begin.first, end.last)


def _read(text: str, era_digits: Mapping[str, str]) -> ParsedDate:
    """Tell the written forms apart; everything that is none of them is invalid."""
    if match := _WORDS.fullmatch(text):
        parsed = _dated(Parts(era_of(match["era"] or ""), *(match[name] or "" for name in ("year", "month", "day"))))
        return _narrowed(parsed, match["season"], match["third"])
    if match := _POINTS.fullmatch(text):
        parts = Parts(era_of(match["era"] or ""), match["year"], match["month"], match["day"] or "")
        if not match["era"] and len(match["year"]) == 3 and (era := _coded(match["year"][0], era_digits)):
            parts = parts._replace(era=era, year=match["year"][1:])
        return _dated(parts)
    if match := _CODED_POINTS.fullmatch(text):
        era = _coded(match["code"], era_digits)
        return _dated(Parts(era, match["year"], match["month"], match["day"])) if era else INVALID
    if match := _RUN.fullmatch(text):
        return _run(match["era"] or "", match["digits"], era_digits)
    if re.fullmatch(r"\d{5}\.\d+", text):
        return _run("", text[:5], era_digits)
    return INVALID


def _run(mark: str, digits: str, era_digits: Mapping[str, str]) -> ParsedDate:
    """Digits without separators."""
    if era := era_of(mark):
        pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
        return _dated(Parts(era, *pairs)) if len(digits) in {2, 4, 6} else INVALID
    if len(digits) in {4, 8, 14} and (int(digits[:4]) in YEARS or digits[:4] in {"0000", "0001", "9999"}):
        return _dated(Parts(None, digits[:4], digits[4:6], digits[6:8]))
    for size in (1, 2):
        era = _coded(digits[:size], era_digits)
        if era and len(digits) == size + 6:
            return _dated(Parts(era, digits[size : size + 2], digits[size + 2 : size + 4], digits[size + 4 :]))
    if len(digits) == 5 and not era_digits:  # with era codes, 50402 could be a month as well
        serial = EXCEL_EPOCH + timedelta(days=int(digits))
        return ParsedDate(serial, "exact", serial, serial) if serial.year in YEARS else INVALID
    return INVALID


def _coded(code: str, era_digits: Mapping[str, str]) -> Era | None:
    return era_of(era_digits.get(code, ""))


def _dated(parts: Parts) -> ParsedDate:
    """Believe the parts, or not."""
    month, day = int(parts.month or 0), int(parts.day or 0)
    if parts.year in {"0000", "0001", "9999"} or (parts.era and parts.year.isdigit() and int(parts.year) in {0, 99}):
        return ParsedDate(None, "unknown", parts.era.first, parts.era.last) if parts.era else UNKNOWN
    year = _western_year(parts)
    if year not in YEARS:
        return INVALID
    if parts.era and year < SOLAR_CALENDAR.year:
        return ParsedDate(None, "noncalendar", date(year, 1, 1), date(year, 12, 31))
    if month in {0, 99}:
        meant = ParsedDate(None, "year", date(year, 1, 1), date(year, 12, 31))
    elif month > 12:
        return INVALID
    else:
        meant = _month(year, month) if day in {0, 99} else _day(year, month, day)
    if parts.era is None and meant.day in FILLERS:
        return UNKNOWN
    return _within(parts.era, meant)


def _western_year(parts: Parts) -> int:
    """The year in western counting; 0 where none was written whole (a two-digit year without an era)."""
    if parts.era:
        return parts.era.year(1 if parts.year == "元" else int(parts.year))
    return int(parts.year) if len(parts.year) == 4 else 0


def _day(year: int, month: int, day: int) -> ParsedDate:
    length = monthrange(year, month)[1]
    if day <= length:
        return ParsedDate(date(year, month, day), "exact", date(year, month, day), date(year, month, day))
    if (month, day) == (2, 29):
        return ParsedDate(None, "noncalendar", date(year, 2, 28), date(year, 3, 1))
    return INVALID


def _within(era: Era | None, parsed: ParsedDate) -> ParsedDate:
    """Hold a date against the days of its era; only 平成 may run on, as papers printed before 2019 do."""
    if era is None or parsed.first is None or parsed.last is None:
        return parsed
    first = max(parsed.first, era.first)
    if parsed.day and parsed.day == era.double:
        return parsed._replace(status="noncalendar")
    if era.last is not None and first > era.last:
        return parsed._replace(status="overrun") if era is HEISEI else INVALID
    last = min(parsed.last, era.double or era.last) if era.last and era is not HEISEI else parsed.last
    return parsed._replace(first=first, last=last) if first <= last else INVALID


def _month(year: int, month: int) -> ParsedDate:
    return ParsedDate(None, "month", date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _narrowed(parsed: ParsedDate, season: str | None, third: str | None) -> ParsedDate:
    """A season of a year, or a third of a month; on anything else the words make no sense."""
    if not season and not third:
        return parsed
    if parsed.first is None or parsed.last is None or parsed.status != ("year" if season else "month"):
        return INVALID
    if season and not third:
        begin, end = SEASONS[season]
        return parsed._replace(first=date(parsed.first.year, begin, 1), last=_month(parsed.first.year, end).last)
    if third and not season:
        begin, end = THIRDS[third]
        return parsed._replace(first=parsed.first.replace(day=begin), last=min(parsed.last, _at_most(parsed.last, end)))
    return INVALID


def _at_most(month_end: date, day: int) -> date:
    return month_end.replace(day=min(day, month_end.day))


def _number(kanji: str) -> int:
    """二十五 or 二五 as a number."""
    digits = "〇一二三四五六七八九"
    if "十" in kanji:
        tens, _, ones = kanji.partition("十")
        return (digits.find(tens) if tens else 1) * 10 + (digits.find(ones) if ones else 0)
    return int("".join(str(digits.find(character)) for character in kanji))
