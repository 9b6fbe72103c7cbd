"""Readings: every way of typing one is equal; the key is coarser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimamori.text.kana import fold_kana, kana_key

KANA = st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x30FF) | st.sampled_from("ｱｶﾞﾊﾟ゛゜ー－ 一"))


@pytest.mark.parametrize("written", ["ﾀﾞｲｽｹ", "ダイスケ", "タ\u3099イスケ", "ﾀ゛イスケ", "だいすけ", "た゛いすけ"])
def test_one_reading_however_typed(written: str) -> None:
    assert fold_kana(written) == "ダイスケ"


@pytest.mark.parametrize("dash", list("ー－―‐−–ｰ一"))
def test_every_dash_is_a_long_vowel(dash: str) -> None:
    assert fold_kana(f"コ{dash}イチ") == "コーイチ"


@pytest.mark.parametrize(
    ("written", "folded"),
    [("ｻﾄｳ　ﾊﾅｺ", "サトウ ハナコ"), ("ジョン・スミス", "ジョン スミス"), ("みすゞ", "ミスズ"), ("", "")],
)
def test_parts_and_marks(written: str, folded: str) -> None:
    assert fold_kana(written) == folded


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("シンドウ シヅオ", "シンドオ シズオ"),
        ("キュウ", "キユウ"),
        ("コウイチ", "コイチ"),
        ("オオノ", "オーノ"),
        ("ヴィオラ", "ビオラ"),
        ("ヲ", "オ"),
        ("ハナ", "バナ"),
    ],
)
def test_the_key_merges(left: str, right: str) -> None:
    assert kana_key(left) == kana_key(right)
    assert fold_kana(left) != fold_kana(right)


def test_the_key_keeps_names_apart() -> None:
    assert len({kana_key(name) for name in ("ハナコ", "ハルコ", "ナツコ", "アキコ")}) == 4


@given(KANA)
def test_idempotent(text: str) -> None:
    assert fold_kana(fold_kana(text)) == fold_kana(text)
    assert kana_key(kana_key(text)) == kana_key(text)
