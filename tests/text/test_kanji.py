"""Kanji variants fold to one comparison form and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimamori.text.kanji import WILDCARD, fold_kanji


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("髙﨑", "高崎"),
        ("\ufa19山", "神山"),  # a compatibility character that NFKC alone folds
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("齋藤", "斎藤"),
        ("斉藤", "斎藤"),
        ("濵田", "浜田"),
        ("嶋", "島"),
        ("嶌", "島"),
        ("𠮷田", "吉田"),
        ("葛\U000e0100西", "葛西"),
        ("辻\ufe00", "辻"),
        ("佐々木", "佐佐木"),
        ("奈〻", "奈奈"),
        ("々木", "々木"),  # nothing to repeat
        ("Ａｎｎａ", "Anna"),
    ],
)
def test_one_form(written: str, folded: str) -> None:
    assert fold_kanji(written) == folded


@pytest.mark.parametrize(("left", "right"), [("孝", "考"), ("明", "朋"), ("玉", "王"), ("翔", "祥")])
def test_different_names_stay_different(left: str, right: str) -> None:
    assert fold_kanji(left) != fold_kanji(right)


@pytest.mark.parametrize("lost", ["\ue000", "〓", "?", "？", "\ufffd", "\U000f0001"])
def test_a_lost_character_is_a_wildcard(lost: str) -> None:
    assert fold_kanji(f"山{lost}") == f"山{WILDCARD}"


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert fold_kanji(fold_kanji(text)) == fold_kanji(text)
