"""Case numbers: shape, check digit, no reuse."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimamori.linkage import case_numbers

NONE = pa.array([], type=pa.string())
PLACES = [2, 3, 4, 5, 7, 8, 9, 10, 12]


def one() -> str:
    return str(case_numbers.new(1, NONE)[0].as_py())


def test_shape_and_difference() -> None:
    numbers = case_numbers.new(2000, NONE).to_pylist()
    assert len(set(numbers)) == 2000
    assert all(case_numbers.valid(number) for number in numbers)
    assert numbers != sorted(numbers)


@given(st.sampled_from(range(9)), st.integers(1, 9))
def test_every_single_wrong_digit_is_caught(place: int, shift: int) -> None:
    number = one()
    at = PLACES[place]
    wrong = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert not case_numbers.valid(wrong)


@given(st.sampled_from(range(8)))
def test_every_swap_of_neighbours_is_caught(place: int) -> None:
    number = one()
    left, right = PLACES[place], PLACES[place + 1]
    swapped = list(number)
    swapped[left], swapped[right] = swapped[right], swapped[left]
    assert number[left] == number[right] or not case_numbers.valid("".join(swapped))


@pytest.mark.parametrize(
    "text", ["", "K-1234-5678", "K-1234-5678-", "k-0000-0000-0", "K-00000000-0", "K-0000-0000-0\n"]
)
def test_another_shape_is_no_number(text: str) -> None:
    assert not case_numbers.valid(text)


def test_a_number_that_was_given_is_never_given_again() -> None:
    def always_the_same_first(count: int) -> bytes:
        return b"".join(place.to_bytes(4, "little") for place in range(count // 4))

    first = case_numbers.new(5, NONE, always_the_same_first)
    second = case_numbers.new(5, first, always_the_same_first)
    assert not set(first.to_pylist()) & set(second.to_pylist())


def test_a_space_nearly_used_up_is_refused() -> None:
    with pytest.raises(ValueError, match="used up"):
        case_numbers.new(10**8, NONE)
