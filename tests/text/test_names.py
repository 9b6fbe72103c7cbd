"""Whole names, their parts, and what is no name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimamori.text.names import fold_name, fold_word, kana_parts, name_parts, roman_key


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
    assert name_parts("高橋 不明") == ("高橋", "高橋", None)
    assert kana_parts("タカハシ フメイ") == ("タカハシ", "タカハシ", None)


@pytest.mark.parametrize("word", ["ベビー", "新生児", "未定", "(未定)", "●●", "？", "UNKNOWN", "不　明"])
def test_who_is_not_named_yet_has_a_family_name_alone(word: str) -> None:
    assert name_parts(f"高橋 {word}") == ("高橋", "高橋", None)


@pytest.mark.parametrize("text", ["NA", "N/A", "nan", "X", "本人", "保護者", "母", "父母"])
def test_words_that_are_no_name_alone(text: str) -> None:
    assert name_parts(text) == (None, None, None)
    assert roman_key(text) == ""


def test_what_is_no_name_alone_may_be_a_part_of_one() -> None:
    assert name_parts("NGUYEN NA") == ("NGUYENNA", "NGUYEN", "NA")


@pytest.mark.parametrize("text", ["NGUYEN VAN AN", "An Nguyen Van", "ＶＡＮ, AN NGUYEN"])
def test_the_order_of_a_roman_name_does_not_matter(text: str) -> None:
    assert roman_key(text) == "ANNGUYENVAN"


@pytest.mark.parametrize("sign", [*"'’‘ʼʻ´`′＇", "", "\u200b", "\u200b'"])
def test_no_apostrophe_is_a_letter(sign: str) -> None:
    written = f"O{sign}BRIEN PATRICK"
    assert name_parts(written) == ("OBRIENPATRICK", "OBRIEN", "PATRICK")
    assert roman_key(written) == "OBRIENPATRICK"
    assert kana_parts(f"オ{sign}ブライエン") == ("オブライエン", None, None)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("NGUYỄN VĂN ÁN", "NGUYEN VAN AN"),
        ("Đặng Thị Hà", "DANG THI HA"),
        ("EMILE\u0301 ZOLA", "EMILE ZOLA"),
        ("BJØRN ŁUKASZ", "BJORN LUKASZ"),
        ("GROẞ ÆSA", "GROSS AESA"),
        ("Groß Æsa", "GROSS AESA"),
        ("ﬁnn œstrem", "FINN OESTREM"),
        ("İSMAİL ÖZGÜR", "ISMAIL OZGUR"),
        ("ISMAıL ozgur", "ISMAIL OZGUR"),
        ("ＪＯＳＥ　ＰＥÑＡ", "JOSE PENA"),
        ("SMI\u00adTH ANN", "SMITH ANN"),
    ],
)
def test_letters_as_passports_write_them(written: str, plain: str) -> None:
    assert name_parts(written) == name_parts(plain)
    assert roman_key(written) == roman_key(plain) != ""


@pytest.mark.parametrize("dash", list("-‐‑‒–—−－ー"))
def test_a_hyphen_joins_letters_and_makes_kana_long(dash: str) -> None:
    assert fold_name(f"ANNE{dash}MARIE SMITH") == fold_name("ANNE MARIE SMITH")
    assert roman_key(f"SMITH MARIE{dash}ANNE") == roman_key("MARIE ANNE SMITH")
    assert name_parts(f"メ{dash}ガン スミス") == name_parts("メーガン スミス")


@pytest.mark.parametrize("text", ["山田 Ａ子", "NGUYEN ミン", "グエン MINH", "ИВАН IVAN", "A", ""])
def test_letters_in_a_name_of_another_script_are_no_name(text: str) -> None:
    assert roman_key(text) == ""


def test_a_reading_in_brackets_is_no_letter() -> None:
    assert roman_key("NGUYEN (グエン) AN") == roman_key("NGUYEN AN")


def test_inner_kana() -> None:
    assert fold_name("龍ヶ江 花") == fold_name("竜ケ江 花")


@given(st.text())
def test_idempotent(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
    assert fold_word(fold_word(text)) == fold_word(text)


@given(st.text("AÉß'’-ー ・山々アァ゛〓?不明NA0", max_size=8))
def test_idempotent_where_signs_meet(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
