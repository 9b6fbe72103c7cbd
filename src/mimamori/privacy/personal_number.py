"""The 個人番号 is held nowhere: a column that looks like it is refused.

Check digit: 平成26年総務省令第85号 (個人番号の指定等に関する省令) 第5条:
11 − (Σ Pn × Qn mod 11), Pn the n-th digit from the right of the first eleven, Qn = n + 1 for n ≤ 6, n − 5 for n ≥ 7;
remainders 0 and 1 give 0.
"""

from __future__ import annotations

from collections.abc import Iterable

LEAST = 20  # so many distinct numbers before a column is judged: eleven in a hundred 12-digit numbers pass by chance
SHARE = 0.8  # of the column's distinct values


def passes_check_digit(text: str) -> bool:
    """Whether `text` is twelve digits of which the last is the check digit of a 個人番号."""
    if len(text) != 12 or not text.isascii() or not text.isdigit():
        return False
    total = sum(int(text[10 - place]) * (place + 2 if place < 6 else place - 4) for place in range(11))
    remainder = total % 11
    return int(text[11]) == (0 if remainder <= 1 else 11 - remainder)


def looks_like_personal_numbers(values: Iterable[str]) -> bool:
    """Whether a column's distinct values are 個人番号: nearly all pass, far more than chance lets through."""
    distinct = {value.strip() for value in values} - {""}
    if len(distinct) < LEAST:
        return False
    return sum(passes_check_digit(value) for value in distinct) / len(distinct) >= SHARE
