"""How clerks write: without noise as it is, a family's slip for the whole family, an office's way for the office."""

from __future__ import annotations

import numpy as np
import pytest

from mimamori.city.dirt import written_kana, written_names

NAMES = ["高橋 菜花", "高橋 翔太", "浜崎 美幸"]
KANA = ["タカハシ ナノハ", "タカハシ ショウタ", "ハマサキ ミユキ"]


@pytest.mark.parametrize(
    ("person", "group", "expected"),
    [
        ([0.9] * 3, [0.9] * 3, NAMES),
        ([0.9] * 3, [0.1, 0.1, 0.9], ["髙橋 菜花", "髙橋 翔太", "浜崎 美幸"]),
        ([0.9] * 3, [0.1] * 3, ["髙橋 菜花", "髙橋 翔太", "濱﨑 美幸"]),
        ([0.205] * 3, [0.9] * 3, ["高橋 奈華", "高橋 祥汰", "浜崎 実倖"]),
        ([0.01] * 3, [0.9] * 3, ["高橋菜花", "高橋翔太", "浜崎美幸"]),
        ([0.05] * 3, [0.9] * 3, ["高橋\u3000菜花  ", "高橋\u3000翔太  ", "浜崎\u3000美幸  "]),
        ([0.212] * 3, [0.9] * 3, ["高橋 菜〓", "高橋 翔〓", "浜崎 美〓"]),
    ],
)
def test_names(person: list[float], group: list[float], expected: list[str]) -> None:
    assert written_names(np.array(person), np.array(group), NAMES, 1.0) == expected
    assert written_names(np.array(person), np.array(group), NAMES, 0.0) == NAMES


@pytest.mark.parametrize(
    ("person", "group", "expected"),
    [
        ([0.9] * 3, [0.9] * 3, KANA),
        ([0.9] * 3, [0.12] * 3, ["タカハシ ナノハ", "タカハシ シヨウタ", "ハマサキ ミユキ"]),
        ([0.005] * 3, [0.9] * 3, ["", "", ""]),
        ([0.02] * 3, [0.9] * 3, ["タカハシ ナノハ", "タカハシ ショータ", "ハマサキ ミユキ"]),
    ],
)
def test_readings(person: list[float], group: list[float], expected: list[str]) -> None:
    assert written_kana(np.array(person), np.array(group), KANA, 1.0) == expected
    assert written_kana(np.array(person), np.array(group), KANA, 0.0) == KANA
