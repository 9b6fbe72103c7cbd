"""Texts that stand where nothing is known, in any script and width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimamori.text.address import address_key, town_key
from mimamori.text.names import kana_parts, name_parts, roman_key
from mimamori.text.nothing import says_nothing

NOTHING = [
    *("", "　", "不明", "ふめい", "不　明", "（不明）", "「不明」", "不明。", "不明(聞き取れず)", "不明　不明"),
    *("－", "―", "ー", "-", "‐", "−", "–", "—", "─", "ｰ", "~", "〜", "…"),
    *("・・・", "＊＊＊", "×××", "●●●", "○○", "■", "〓〓"),
    *("000-0000-0000", "０００－００００", "999-9999-9999", "0", "?", "？？？", "/", "_", "'", "〃", "々", "〇〇"),
    *("なし", "ﾅｼ", "無", "無し", "該当なし", "記載なし", "登録なし", "データなし", "同上", "同左", "仝"),
    *("未記入", "未入力", "未登録", "未定", "未設定", "未確認", "確認中", "調査中"),
    *("空欄", "非公開", "非表示", "秘匿", "省略"),
    *("氏名不詳", "住所不明", "居所不明", "住所不定", "電話番号なし", "無回答", "拒否", "名無し", "名無しの権兵衛"),
    *("N/A", "n/a", "#N/A", "#REF!", "#VALUE!", "NULL", "null", "None", "UNKNOWN", "Ｕｎｋｎｏｗｎ"),
    *("XXX", "TEST", "ダミー", "000ー0000ー0000", "９９９ー９９９９"),
]  # fmt: skip
SOMETHING = [
    "山田 空",
    "未来",
    "無着",
    "明",
    "不二子",
    "AN",
    "NGUYEN NA",
    "Nil Nan",
    "九",
    "一",
    "ア",
    "123",
    "1-4-2",
    "同",
    "テスタ",
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing(text: str) -> None:
    assert says_nothing(text)
    assert name_parts(text) == (None, None, None)
    assert kana_parts(text) == (None, None, None)
    assert roman_key(text) == ""
    assert address_key(text) == town_key(text) == ""


@pytest.mark.parametrize("text", SOMETHING)
def test_something(text: str) -> None:
    assert not says_nothing(text)


@given(st.text(st.sampled_from("-－ー―−‐*＊.・…/／?？_~〜0０ 　〃々○●×□■=＝"), max_size=12))
def test_signs_and_zeros_alone_say_nothing(text: str) -> None:
    assert says_nothing(text)
    assert name_parts(text).whole is None
    assert town_key(text) == ""


@given(st.sampled_from(NOTHING), st.sampled_from(["", " ", "　", "\u200b", "\ufeff"]))
def test_blanks_around_change_nothing(text: str, blank: str) -> None:
    assert says_nothing(f"{blank}{text}{blank}")
