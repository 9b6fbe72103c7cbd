"""個人番号: the check digit, and columns that hold such numbers."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mimamori.privacy.personal_number import LEAST, looks_like_personal_numbers, passes_check_digit

# Pn is the n-th digit from the right of the eleven; Qn is n + 1 for n up to 6, n − 5 from 7 on. Written out by hand:
WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
eleven = st.text(alphabet="0123456789", min_size=11, max_size=11)


def numbered(digits: str) -> str:
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11
    return digits + str(0 if remainder <= 1 else 11 - remainder)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("000000000000", True),  # remainder 0 gives 0
        ("000000000019", True),  # 1 × 2: 11 − 2
        ("000000000060", True),  # 6 × 2 = 12, remainder 1 gives 0
        ("100000000005", True),  # 1 × 6: 11 − 6
        ("000001000004", True),  # the sixth from the right, 1 × 7: 11 − 7
        ("000010000009", True),  # the seventh, 1 × 2: 11 − 2
        ("123456789018", True),
        ("123456789010", False),
        ("000000000001", False),
        ("000010000001", False),
        ("12345678901", False),
        ("1234567890180", False),
        ("12345678901８", False),
        ("12345678901x", False),
        ("", False),
    ],
)
def test_the_check_digit(text: str, passes: bool) -> None:
    assert passes_check_digit(text) is passes


@given(eleven)
def test_of_ten_last_digits_one_passes(digits: str) -> None:
    assert [str(last) for last in range(10) if passes_check_digit(f"{digits}{last}")] == [numbered(digits)[-1]]


@given(eleven, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(digits: str, place: int, by: int) -> None:
    """Unless it moves the remainder between 0 and 1, which share the check digit 0: the rule itself is blind there."""
    right = numbered(digits)
    changed = str((int(right[place]) + by) % 10)
    assume(right[-1] != "0" or numbered(right[:place] + changed + right[place + 1 : 11])[-1] != "0")
    assert not passes_check_digit(right[:place] + changed + right[place + 1 :])


def column(count: int) -> list[str]:
    return [numbered(f"{98765432100 - 7919 * place:011d}") for place in range(count)]


@pytest.mark.parametrize(
    "values",
    [
        column(LEAST),
        [*column(LEAST), *["", "なし", "不明"] * 50],  # most of the column is something else
        [f" {number} " for number in column(LEAST)],
        [f"{number[:4]}-{number[4:8]}-{number[8:]}" for number in column(LEAST)],
        [f"{number[:4]} {number[4:8]} {number[8:]}" for number in column(LEAST)],
        [number.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)}) for number in column(LEAST)],
        [numbered(f"0{place:010d}").lstrip("0").zfill(11) for place in range(3_000_000_000, 3_000_000_009)],  # Excel
        [*column(20), "123456789010", "123456789011"],  # two typing errors
    ],
)
def test_a_column_of_such_numbers_is_noticed(values: list[str]) -> None:
    assert looks_like_personal_numbers(values)


@pytest.mark.parametrize(
    "values",
    [
        [],
        column(LEAST - 1),  # by chance one in a million
        column(1) * 100,  # one number, however often
        [f"{place:012d}" for place in range(1000)],  # running numbers: eleven in a hundred pass
        [f"090{place:08d}" for place in range(1000)],  # telephones
        [f"2026{place:08d}" for place in range(500)],
        [f"{number}0" for number in column(100)],
        ["青木 陽斗"] * 10,
    ],
)
def test_other_columns_are_not(values: list[str]) -> None:
    assert not looks_like_personal_numbers(values)
