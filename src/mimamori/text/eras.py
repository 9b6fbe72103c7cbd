"""The eras since Meiji: their marks, their first and last days, and the two days the register counts in both eras."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Era(NamedTuple):
    """One era; `last` is None while it runs. `double` is a day that began a new era yet is written in this one."""

    name: str
    marks: tuple[str, ...]
    first: date
    last: date | None
    double: date | None = None

    def year(self, number: int) -> int:
        """The western year of this era's year `number`."""
        return self.first.year + number - 1


# 明治5年 and before are days of the old calendar. 明治45年7月30日 and 大正15年12月25日 are legal entries of the
# register though the day belongs to the next era too (住民記録標準仕様書 1.1.8).
MEIJI = Era("明治", ("明治", "明", "M"), date(1868, 1, 25), date(1912, 7, 29), date(1912, 7, 30))
TAISHO = Era("大正", ("大正", "大", "T"), date(1912, 7, 30), date(1926, 12, 24), date(1926, 12, 25))
SHOWA = Era("昭和", ("昭和", "昭", "S"), date(1926, 12, 25), date(1989, 1, 7))
HEISEI = Era("平成", ("平成", "平", "H"), date(1989, 1, 8), date(2019, 4, 30))
REIWA = Era("令和", ("令和", "令", "R"), date(2019, 5, 1), None)
ERAS = (MEIJI, TAISHO, SHOWA, HEISEI, REIWA)
BY_MARK = {mark: era for era in ERAS for mark in era.marks}
SOLAR_CALENDAR = date(1873, 1, 1)  # 明治6年1月1日


def era_of(mark: str) -> Era | None:
    """The era of a kanji, kanji pair or letter (either case); None for anything else."""
    return BY_MARK.get(mark.upper())
