"""Where a pair stands after what was said of it: one word, two, a dispute, a third, and taking back."""

from __future__ import annotations

import pytest

from mimamori.review.standing import Kind, Said, State, standing


def rows(text: str, *, second: bool) -> list[Said]:
    """`A+ B- Au`: A says same, B says different, A undoes."""
    return [
        Said(ord(one[0]), one[1] == "+", kind=Kind.UNDO if one[1] == "u" else Kind.WORD, needs_second=second)
        for one in text.split()
    ]


@pytest.mark.parametrize(
    ("said", "state", "same", "words"),
    [
        ("", State.OPEN, None, 0),
        ("A+", State.HELD, True, 1),
        ("A-", State.HELD, False, 1),
        ("A+ Au", State.OPEN, None, 0),
        ("A+ Bu", State.OPEN, None, 0),
        ("A+ Au A-", State.HELD, False, 1),
        ("A+ A-", State.HELD, False, 2),  # the last word holds
        ("Au", State.OPEN, None, 0),
    ],
)
def test_one_word_decides(said: str, state: State, same: bool | None, words: int) -> None:
    found = standing(rows(said, second=False))
    assert (found.state, found.same, len(found.words)) == (state, same, words)


@pytest.mark.parametrize(
    ("said", "state", "same"),
    [
        ("A+", State.SECOND, None),
        ("A+ A+", State.SECOND, None),  # one person is one person, however often
        ("A+ B+", State.HELD, True),
        ("A- B-", State.HELD, False),
        ("A+ B-", State.DISPUTED, None),
        ("A+ B- C-", State.HELD, False),
        ("A+ B- C+", State.HELD, True),
        ("A+ Au", State.OPEN, None),
        ("A+ Bu", State.SECOND, None),  # nobody takes back another's word
        ("A+ B- Bu", State.SECOND, None),
        ("A+ B- Au B-", State.SECOND, None),
        ("A+ B+ Au", State.UNDOING, True),  # holds until another agrees
        ("A+ B+ Au Au", State.UNDOING, True),
        ("A+ B+ Au Bu", State.OPEN, None),
        ("A+ B+ Cu Du", State.OPEN, None),
        ("A+ B+ Au B+", State.HELD, True),  # kept
        ("A+ B+ Au Bu A-", State.SECOND, None),
    ],
)
def test_two_people_must_say_the_same(said: str, state: State, same: bool | None) -> None:
    found = standing(rows(said, second=True))
    assert (found.state, found.same) == (state, same)


def test_a_pair_that_became_sensitive_after_the_first_word() -> None:
    plain, marked = rows("A+", second=False), rows("B-", second=True)
    assert standing(plain).same is True
    assert standing([*plain, *rows("Au", second=False), *marked]).state is State.SECOND
