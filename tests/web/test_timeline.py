"""The timeline: what comes month by month is one line a year, everything else its own."""

from datetime import date

from mimamori.door import Happening
from mimamori.web.timeline import lines_of


def happening(day: date, text: str, source: str = "校務支援") -> Happening:
    return Happening(day=day, source="s", source_label=source, text=text, as_of=None)


def test_monthly_rows_become_one_line_a_year() -> None:
    months = [happening(date(2026, month, 1), "出欠(月)") for month in (4, 5, 6)]
    last_year = [happening(date(2025, month, 1), "出欠(月)") for month in (11, 12)]
    moved = happening(date(2026, 5, 20), "異動", "住民記録")
    found = lines_of([*months, *last_year, moved])
    assert [(line.first, line.last, line.text, line.count) for line in found] == [
        (date(2026, 4, 1), date(2026, 6, 1), "出欠(月)", 3),
        (date(2026, 5, 20), date(2026, 5, 20), "異動", 1),
        (date(2025, 12, 1), date(2025, 12, 1), "出欠(月)", 1),
        (date(2025, 11, 1), date(2025, 11, 1), "出欠(月)", 1),
    ]


def test_two_sources_are_never_one_line() -> None:
    days = [date(2026, month, 1) for month in (1, 2, 3)]
    assert len(lines_of([happening(day, "訪問", source) for day in days for source in ("a", "b")])) == 2
    assert lines_of([]) == []
