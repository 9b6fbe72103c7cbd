"""Two records side by side: the verdict of each item, and which characters are marked."""

import re

import pytest
from django.utils import translation

from mimamori.linkage import contested, keys
from mimamori.linkage.frequency import RARITY
from mimamori.linkage.model import COMPARISONS
from mimamori.web import pair_words
from mimamori.web.comparison import _marked, verdict


@pytest.mark.parametrize(
    ("left", "right", "sign"),
    [
        ("山根 悠真", "山根　悠真", "="),
        ("ﾔﾏﾈ ﾕｳﾏ", "ヤマネ ユウマ", "="),
        ("山根 悠真", "齋藤 悠真", "≈"),
        ("ヤマネ", "サイトウ", "≠"),
        ("山根", "", "?"),
        ("", "", "—"),
    ],
)
def test_verdict(left: str, right: str, sign: str) -> None:
    assert verdict(left, right)[1] == sign


def test_only_what_differs_is_marked_and_everything_is_escaped() -> None:
    left, right = _marked("斉藤<b>", "齋藤<b>")
    assert (left, right) == ("<mark>斉</mark>藤&lt;b&gt;", "<mark>齋</mark>藤&lt;b&gt;")


@pytest.mark.parametrize(
    ("why", "sentence", "items"),
    [
        ("key belongs to a twin", "番号は同じですが、ふたごのもう一人の名前です。", []),
        ("family: else; given: kana", "根拠が、人が決める幅の中にあります。", [("氏", "ちがう"), ("名", "カナが同じ")]),
        ("left out: splink", "同じ人だとすると、1人に2つの番号がつくため、つなげませんでした。", []),
        ("a reason of a later version", "a reason of a later version", []),
    ],
)
def test_why_in_words(why: str, sentence: str, items: list[tuple[str, str]]) -> None:
    with translation.override("ja"):
        assert pair_words.sentence(why) == sentence
        assert pair_words.evidence(why) == items


def test_every_reason_of_linkage_has_words() -> None:
    assert {RARITY, *(comparison.name for comparison in COMPARISONS)} == set(pair_words.ITEMS)
    levels = {level.name for comparison in COMPARISONS for level in comparison.levels}
    assert levels == set(pair_words.LEVELS)
    reasons = {*re.findall(r"THEN '([^']+)'", keys._CONTRADICTION), *contested.REASONS}
    assert reasons == set(pair_words.CONTRADICTIONS)
