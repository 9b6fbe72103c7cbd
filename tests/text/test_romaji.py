"""Readings of words in Latin letters: whatever the spelling, one of them sounds as the register's reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimamori.text.kana import kana_key
from mimamori.text.romaji import readings_of

# As syllables are written in Hepburn and in Kunrei, where they differ.
SYLLABLES = {
    "ア": ("a", "a"), "カ": ("ka", "ka"), "シ": ("shi", "si"), "チ": ("chi", "ti"), "ツ": ("tsu", "tu"),
    "フ": ("fu", "hu"), "ジ": ("ji", "zi"), "シャ": ("sha", "sya"), "チョ": ("cho", "tyo"), "ジュ": ("ju", "zyu"),
    "キョ": ("kyo", "kyo"), "リュ": ("ryu", "ryu"), "ガ": ("ga", "ga"), "ワ": ("wa", "wa"), "ヨ": ("yo", "yo"),
    "ニ": ("ni", "ni"), "ム": ("mu", "mu"), "ベ": ("be", "be"), "ポ": ("po", "po"), "ン": ("n'", "n'"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "kana"),
    [
        ("Morishita", "モリシタ"), ("MORISITA", "モリシタ"), ("hina", "ヒナ"), ("Satou", "サトウ"), ("SATOH", "サトウ"),
        ("Satō", "サトウ"), ("Sato", "サトウ"), ("Ohno", "オオノ"), ("Homma", "ホンマ"), ("Honma", "ホンマ"),
        ("Namba", "ナンバ"), ("Shin'ichi", "シンイチ"), ("Shinichi", "シンイチ"), ("Jun-ichi", "ジュンイチ"),
        ("Itchi", "イッチ"), ("Ikkyu", "イッキュウ"), ("Zyunko", "ジュンコ"), ("Kyoko", "キョウコ"), ("Nina", "ニナ"),
        ("ｈｉｎａ", "ヒナ"), ("Ken", "ケン"),
    ],
)  # fmt: skip
def test_a_reading_of_each_spelling(word: str, kana: str) -> None:
    assert kana_key(kana) in [kana_key(reading) for reading in readings_of(word)]


@pytest.mark.parametrize("word", ["NGUYEN", "MINH", "O'BRIEN", "MAY", "tyler", "x", "", "森下", "1", "'", "-"])
def test_what_is_no_japanese_has_none(word: str) -> None:
    assert readings_of(word) == ()


@given(st.lists(st.sampled_from(sorted(SYLLABLES)), min_size=1, max_size=6), st.sampled_from([0, 1]), st.booleans())
def test_both_systems_are_read_back(syllables: list[str], system: int, capital: bool) -> None:
    word = "".join(SYLLABLES[syllable][system] for syllable in syllables)
    readings = [kana_key(reading) for reading in readings_of(word.upper() if capital else word)]
    assert kana_key("".join(syllables)) in readings


def test_of_many_doubtful_signs_not_all_ways_are_tried() -> None:
    assert len(readings_of("nananananananana")) == 1
