"""Half-width kana are what CP932 has a byte for, whatever an editor made of this file."""

from __future__ import annotations

import unicodedata

import pytest

from mimamori.city.kana_forms import half_width


@pytest.mark.parametrize("written", ["ヤマダ ダイスケ", "パク ジュンホ", "ヴァイオレット・ンゴ", "オオタ ユウコー"])
def test_half_width_is_one_byte_a_sign_and_reads_as_before(written: str) -> None:
    half = half_width(written)
    assert len(half.encode("cp932")) == len(half)
    assert unicodedata.normalize("NFKC", half) == written


def test_marks_stand_apart() -> None:
    assert half_width("ガ") == "\uff76\uff9e"
    assert half_width("ポ") == "\uff8e\uff9f"
