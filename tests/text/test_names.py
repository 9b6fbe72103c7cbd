"""Whole names, their parts, and what is no name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimamori.text.names import fold_name, kana_parts, name_parts, roman_key


def test_parts() -> None:
    assert name_parts("髙橋　さくら") == ("高橋サクラ", "高橋", "サクラ")
    assert name_parts("高橋さくら") == ("高橋サクラ", None, None)
    assert kana_parts("ﾀｶﾊｼ ｻｸﾗ") == ("タカハシサクラ", "タカハシ", "サクラ")


def test_a_foreign_name_keeps_its_middle_names_with_the_given_name() -> None:
    assert name_parts("NGUYEN VAN AN") == ("NGUYENVANAN", "NGUYEN", "VANAN")


@pytest.mark.parametrize(
    "text", ["", " ", "不明", "氏名不詳", "－", "ー", "***", "000-0000-0000", "〓〓", "未定", "名無し"]
)
def test_no_name_is_no_evidence(text: str) -> None:
    assert name_parts(text) == (None, None, None)
    assert fold_name(text) == ""


def test_a_given_name_that_is_unknown_is_missing() -> None:
    assert name_parts("高橋 不明") == ("高橋不明", "高橋", None)


@pytest.mark.parametrize("text", ["NGUYEN VAN AN", "An Nguyen Van", "ＶＡＮ, AN NGUYEN"])
def test_the_order_of_a_roman_name_does_not_matter(text: str) -> None:
    assert roman_key(text) == "ANNGUYENVAN"


def test_inner_kana() -> None:
    assert fold_name("龍ヶ江 花") == fold_name("竜ケ江 花")


@given(st.text())
def test_idempotent(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
