"""経過: what happened, the newest first, by school year. What comes month by month stands in one line a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext

from mimamori.door import Happening, Karte
from mimamori.web.days import school_year_word
from mimamori.web.school_years import grade_in, grade_word, school_year
from mimamori.web.tables import AREAS, OTHER, area_of

OFTEN = 3  # as many of one kind in one school year become one line
OPEN_YEARS = 2  # school years that lie open; older ones are folded
OPEN_LINES = 30  # lines of the open years: a school year that would make more is folded as well
NEWS = "news"  # chosen in the place of an area: only what is new or changed


@dataclass(frozen=True)
class Line:
    """One line: a day, or a span of `count` days of the same kind. `mark`: new | changed since the reader looked."""

    first: date
    last: date
    text: str
    source_label: str
    count: int
    is_end: bool = False
    mark: str = ""


@dataclass(frozen=True)
class Year:
    """One school year (April to March): its name, the grade the child is in by age, its lines, the newest first."""

    year: int
    word: str
    grade: str
    lines: tuple[Line, ...]
    is_open: bool

    @property
    def marked(self) -> int:
        """Lines that are new or changed."""
        return sum(1 for line in self.lines if line.mark)


@dataclass(frozen=True)
class Choice:
    """One way to narrow the timeline, with what it would show."""

    name: str
    word: str | Promise
    count: int
    on: bool


@dataclass(frozen=True)
class Timeline:
    choices: tuple[Choice, ...]
    years: tuple[Year, ...]
    whole: int  # happenings of all areas


def timeline_of(karte: Karte, chosen: str = "") -> Timeline:
    """The timeline, narrowed to an area of life or to what is new; a choice that does not exist narrows nothing."""
    areas = Counter(area_of(one.source, one.table) for one in karte.timeline)
    words = {name: word for name, word, _named in (*AREAS, (*OTHER, ())) if areas[name]}
    news = sum(1 for one in karte.timeline if one.mark)
    chosen = chosen if chosen in words or (chosen == NEWS and karte.since) else ""
    choices = [Choice("", gettext("すべて"), len(karte.timeline), not chosen)]
    if karte.since:
        choices.append(Choice(NEWS, gettext("新しく分かったこと"), news, chosen == NEWS))
    choices += [Choice(name, word, areas[name], chosen == name) for name, word in words.items()]
    shown = [
        one
        for one in karte.timeline
        if not chosen or (bool(one.mark) if chosen == NEWS else area_of(one.source, one.table) == chosen)
    ]
    return Timeline(tuple(choices), tuple(_years(lines_of(shown), karte.header.birth_date)), len(karte.timeline))


def _years(lines: Sequence[Line], birth: date | None) -> Iterable[Year]:
    by_year: dict[int, list[Line]] = {}
    for line in lines:
        by_year.setdefault(school_year(line.last), []).append(line)
    shown = 0
    for place, (year, found) in enumerate(by_year.items()):
        is_open = place == 0 or (place < OPEN_YEARS and shown + len(found) <= OPEN_LINES)
        shown += len(found)
        yield Year(year, school_year_word(year), grade_word(grade_in(birth, year)), tuple(found), is_open)


def lines_of(happenings: Iterable[Happening]) -> list[Line]:
    """The lines, by their last day, newest first. What is new is not put together with what is not."""
    groups: dict[tuple[int, str, str, bool, str], list[date]] = {}
    for one in happenings:
        text = f"{one.text} {one.says}".strip()
        key = (school_year(one.day), one.source_label, text, one.is_end, one.mark)
        groups.setdefault(key, []).append(one.day)
    lines = []
    for (_year, source, text, is_end, mark), days in groups.items():
        if len(days) >= OFTEN:
            lines.append(Line(min(days), max(days), text, source, len(days), is_end, mark))
        else:
            lines += [Line(day, day, text, source, 1, is_end, mark) for day in days]
    return sorted(lines, key=lambda line: (-line.last.toordinal(), line.source_label, line.text))
