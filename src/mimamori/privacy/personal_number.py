"""The 個人番号 is held nowhere: a column that looks like it is refused.

Check digit: 平成26年総務省令第85号 (個人番号の指定等に関する省令) 第5条:
11 − (Σ Pn × Qn mod 11), Pn the n-th digit from the right of the first eleven, Qn = n + 1 for n ≤ 6, n − 5 for n ≥ 7;
remainders 0 and 1 give 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# So many distinct numbers before a column is judged: eleven in a hundred 12-digit numbers pass by chance, seven such
# in a row two times in ten million.
LEAST = 7
SHARE = 0.8  # of the column's distinct 12-digit numbers; what else stands in the column does not hide them
_GAPS = re.compile(r"[\s\-‐―−－]")  # 1234-5678-9018 and 1234 5678 9018 are the same number
_NUMBER = re.compile(r"[\d\s\-‐―−－]{11,24}")


def passes_check_digit(text: str) -> bool:
    """Whether `text` is twelve digits of which the last is the check digit of a 個人番号."""
    if len(text) != 12 or not text.isascii() or not text.isdigit():
        return False
    total = sum(int(text[10 - place]) * (place + 2 if place < 6 else place - 4) for place in range(11))
    remainder = total % 11
    return int(text[11]) == (0 if remainder <= 1 else 11 - remainder)


def written_numbers(values: Iterable[str]) -> set[str]:
    """Those of the values that are written as twelve digits are, with gaps or without."""
    return {value for value in values if _NUMBER.fullmatch(value)}


def looks_like_personal_numbers(values: Iterable[str]) -> bool:
    """Whether a column holds 個人番号: nearly all of its 12-digit numbers pass, far more than chance lets through.

    Eleven digits are taken for a number that a spreadsheet has robbed of its leading zero.
    """
    written = written_numbers(set(values))
    plain = {unicodedata.normalize("NFKC", _GAPS.sub("", value)) for value in written}
    numbers = {value.zfill(12) for value in plain if len(value) in {11, 12} and value.isascii()}
    if len(numbers) < LEAST:
        return False
    return sum(map(passes_check_digit, numbers)) / len(numbers) >= SHARE
