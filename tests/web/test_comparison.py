"""Two records side by side: the verdict of each item, and which characters are marked."""

import pytest

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
