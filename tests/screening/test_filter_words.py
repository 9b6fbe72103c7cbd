"""What a filter may not say, how a fault of it is told, and how it reads as a sentence."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from tests.screening.filter_cases import CARER, HIGASHI, MINAMI, RUN, TREES, Child, tables

from mimamori.refusal import Refused
from mimamori.screening import filters
from mimamori.screening.filters import WORK_FACTS, Node, clauses, dumped, read
from mimamori.screening.filters import run as running

NAUGHTY = ["'; DROP TABLE indicators; --", 'lunch"; SELECT 1', "indicators i", "K' OR '1'='1", "", "未納", "x" * 500]


@pytest.mark.parametrize("text", NAUGHTY)
@pytest.mark.parametrize(
    "written",
    [
        lambda text: {"indicator": text, "comparison": ">=", "low": 1},
        lambda text: {"indicator": "lunch_arrears_months", "comparison": text, "low": 1},
        lambda text: {"indicator": "lunch_arrears_months", "comparison": ">=", "low": text},
        lambda text: {"listed": text},
        lambda text: {"fact": text},
        lambda text: {"work": text},
        lambda text: {"wards": [text]},
        lambda text: {"day": text, "since": "2026-01-01"},
        lambda text: {"day": "born", "since": text},
        lambda text: {text: [{"fact": "known"}]},
    ],
)
def test_what_is_not_on_a_closed_list_is_refused(text: str, written: Any) -> None:
    with pytest.raises(Refused) as refused:
        read({"all": [{"fact": "known"}, written(text)]})
    assert refused.value.ja and refused.value.en


@settings(max_examples=40, deadline=None)
@given(told=TREES)
def test_statements_hold_no_value(told: dict[str, Any]) -> None:
    """Whatever the thresholds, days, wards and difficulties are: they are bound. Numbers in SQL are the house's own."""
    node = read(told)
    con, ground = tables([Child()])
    with running._asked(con, ground) as asked:
        sql = running._answered(node, asked)
    known = {"0"}  # protection, tier
    assert set(re.findall(r"(?<![\w$.])\d+(?:\.\d+)?(?!\w)", sql)) <= known
    for text in (*RUN, "abuse", "council", "guidance", MINAMI, HIGASHI, "2016"):
        assert f"'{text}" not in sql


def test_too_large_is_refused_before_it_is_read() -> None:
    deep: dict[str, Any] = {"fact": "known"}
    for _ in range(3000):
        deep = {"not": deep}
    with pytest.raises(Refused, match="too large"):
        read(deep)
    with pytest.raises(Refused, match="too large"):
        read("[" * 40_000)
    with pytest.raises(Refused, match="too large"):
        read({"all": [{"fact": "known"}] * (filters.MOST_CLAUSES + 1)})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"indicator": "lunch_arrears_months", "comparison": ">=", "low": 25}, "never takes 25"),
        ({"indicator": "home_visit", "comparison": "=", "values": [9]}, "never takes 9"),
        ({"indicator": "lunch_arrears_months", "comparison": ">=", "high": 2}, "takes low, nothing else"),
        ({"indicator": "no_such_thing", "comparison": ">=", "low": 1}, "no indicator"),
        ({"ages": [9, 3]}, "the lower bound is above"),
        ({"day": "born"}, "give since or until"),
        ({"listed": "carer", "tier": 1, "must": True}, "not both"),
        ({"wards": ["99999"]}, "no ward 99999"),
        ({"all": [{"all": []}]}, "all.1.all: must have 1 or more entries"),
        ({"all": [{"not": {"fact": "nothing"}}]}, "all.1.not.fact: must be"),
        ({"fact": "known", "work": "open"}, "one clause or group"),
    ],
)
def test_a_fault_is_named_by_its_place(told: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        read(told, "f.json")


@settings(max_examples=40, deadline=None)
@given(told=TREES)
def test_what_was_read_is_written_again(told: dict[str, Any]) -> None:
    assert read(dumped(read(told))) == read(told)


@pytest.mark.parametrize(
    ("told", "ja", "en"),
    [
        (
            CARER,
            "「ヤングケアラーの可能性(抽出されている)」、かつ「要対協に登録されていない」、かつ"
            "「会議(判定会議など)の記録がない」児童",
            "Children: “Young carer: listed” and “not registered with the council” and “no conference is recorded”",
        ),
        (
            {"any": [{"all": [{"ages": [3, 5]}, {"wards": [MINAMI, HIGASHI]}]}, {"listed": "abuse", "must": True}]},
            "(「3歳から5歳まで」、かつ「南区か東区に住んでいる」)、または「虐待で「必ず見る」」児童",
            "Children: (“3 to 5 years old” and “lives in Minami-ku or Higashi-ku”) or “Abuse: must be looked at”",
        ),
        (
            {"not": {"any": [{"fact": "known"}, {"indicator": "home_visit", "comparison": "in", "values": [2, 3]}]}},
            "(「要対協か児童相談所の支援をすでに受けている」、または「乳児家庭全戸訪問が 不在 か 拒否」)"
            "のどれにも当たらない児童",
            None,
        ),
        (
            {"all": [{"indicator": "lunch_arrears_yen", "comparison": ">=", "low": 12000},
                     {"day": "born", "since": "2016-04-02"}]},
            "「給食費の未納額が12,000円以上」、かつ「生年月日が2016年4月2日から」児童",
            None,
        ),
        (
            {"all": [{"fact": "known"}, {"any": [{"ages": [3, 3]}]}, {"not": {"all": [{"ages": [4, 4]}]}}]},
            "「要対協か児童相談所の支援をすでに受けている」、かつ「3歳」、かつ「4歳」に当たらない児童",
            None,
        ),
    ],
)  # fmt: skip
def test_a_filter_reads_as_a_sentence(told: dict[str, Any], ja: str, en: str | None) -> None:
    found = filters.sentence(read(told))
    assert found.ja == ja
    assert en is None or found.en == en


def test_every_name_has_words() -> None:
    assert set(filters.FACT_WORDS) == set(filters.FACTS)
    assert set(filters.WORK_WORDS) == set(WORK_FACTS)
    node: Node = read({"all": [{"work": name} for name in WORK_FACTS]})
    assert len(clauses(node)) == len(WORK_FACTS)
