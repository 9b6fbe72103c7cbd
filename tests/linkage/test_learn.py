"""Weights learned without a truth: what share of the seekers is known, how they are written, where even odds lie."""

from __future__ import annotations

from datetime import date
from math import log2

import pytest
from tests.linkage.tiny import DAY, Row, pupil, resident, state

from mimamori.engine import Connection, rows_of
from mimamori.linkage.learn import ODDS, learn
from mimamori.linkage.link import link_what_is_certain
from mimamori.linkage.model import COMPARISONS, load_weights
from mimamori.linkage.residue import judge, make_residue, score

FAMILIES = ("佐藤 サトウ", "渡辺 ワタナベ", "古賀 コガ", "井上 イノウエ", "原田 ハラダ", "松尾 マツオ", "平野 ヒラノ")
GIVEN = """
    花子 ハナコ/太郎 タロウ/結衣 ユイ/大翔 ヒロト/美咲 ミサキ/健 ケン/陽菜 ヒナ/蓮 レン/葵 アオイ/悠真 ユウマ/
    凛 リン/湊 ミナト/芽衣 メイ/颯 ハヤテ/杏 アンズ/律 リツ/栞 シオリ/朔 サク/琴音 コトネ/岳 ガク/千尋 チヒロ/
    昴 スバル/楓 カエデ/樹 イツキ/紬 ツムギ/奏 カナデ/雫 シズク
"""
KNOWN, SLIPS = 24, 12
ELSEWHERE = "東区香椎１－２－３"


def name(number: int) -> tuple[str, str]:
    """Family and given name of the n-th person, and how they are read."""
    family, family_kana = FAMILIES[number % 7].split()
    given, given_kana = GIVEN.split("/")[number].split()
    return f"{family}　{given}", f"{family_kana}　{given_kana}"


def residue(residents: list[Row], pupils: list[Row]) -> Connection:
    con, registry = state(resident_register__residents=residents, pupil_register__pupils=pupils)
    link_what_is_certain(con, registry, DAY)
    make_residue(con, everybody=True)
    return con


def born(number: int) -> date:
    return date(2011 + number % 6, 1 + number % 12, 1 + (7 * number) % 28)


def people() -> Connection:
    """24 residents; pupils: 12 of them who moved within the city, with another year of birth, and 3 of other towns."""
    residents = [resident(f"{number + 1}", *name(number), born(number)) for number in range(KNOWN)]
    moved = [
        pupil(f"P{number}", *name(number), born(number).replace(year=born(number).year - 1), address=ELSEWHERE)
        for number in range(SLIPS)
    ]
    strangers = [
        pupil(f"S{number}", *name(KNOWN + number), date(2010, 2, 3 + number), address=ELSEWHERE) for number in range(3)
    ]
    return residue(residents, [*moved, *strangers])


def test_share_and_levels_are_those_of_the_data() -> None:
    con = people()
    first = load_weights()
    found = learn(con, first)
    share = 1 - 2**found.review
    assert share == pytest.approx(12 / 15, abs=0.03)
    assert found.accept == pytest.approx(found.review + log2(ODDS))
    assert found.prior == pytest.approx(share / KNOWN)
    assert found.margin == first.margin
    m, _ = found.probabilities["birth"]["slip"]
    assert m > 0.4  # all twelve, beside twenty pairs' worth of what is expected
    for one in COMPARISONS:
        assert sum(m for m, _ in found.probabilities[one.name].values()) == pytest.approx(1, abs=0.001)


def test_even_odds_part_the_known_from_the_strangers() -> None:
    con = people()
    found = learn(con, load_weights())
    score(con, found)
    judge(con, found)
    rows = rows_of(con, "SELECT left_ref, right_ref FROM judged WHERE my_rank = 1 AND weight >= ?", [found.review])
    assert {(row["left_ref"], row["right_ref"]) for row in rows} == {
        (f"pupil_no:P{number}", f"addressee_no:{number + 1}") for number in range(SLIPS)
    }


def test_nothing_to_learn_from() -> None:
    with pytest.raises(ValueError, match="no residue"):
        learn(residue([resident("1", *name(0), born(0))], []), load_weights())
