"""Whatever way a child's name and birth date are written, the same child is found, and nobody else."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.karte.small import case, snapshot_of
from tests.linkage.tiny import resident

from mimamori.karte.snapshot import Snapshot

BORN = date(2016, 6, 4)
# Of each part of the name every script it can be typed in.
FAMILY = {
    "kanji": ["渡邉", "渡邊", "渡辺", "渡\u908a\U000e0101"],
    "former": ["髙﨑", "高崎", "高﨑"],
    "kana": ["ワタナベ", "わたなべ", "ﾜﾀﾅﾍﾞ", "わたナベ", "ワタナヘ\u3099"],
    "roman": ["Watanabe", "WATANABE", "ｗａｔａｎａｂｅ"],
}
GIVEN = {
    "kanji": ["慎一郎", "愼一郎"],
    "kana": ["シンイチロウ", "しんいちろう", "ｼﾝｲﾁﾛｳ", "シンイチロー", "シンイチロ"],
    "roman": ["Shinichiro", "SHIN'ICHIROU", "sin-itiro", "Shin’ichirō", "Shinichiroh"],
}
BIRTHS = [
    "", "2016-06-04", "2016/6/4", "2016年6月4日", "20160604", "平成28年6月4日", "H28.6.4", "h28.06.04", "4280604",
    "２０１６．６．４", "平成二十八年六月四日", "2016年6月", "2016", "H28", "平成28年", "6月4日", "六月四日",
]  # fmt: skip


@cache
def city() -> Snapshot:
    """The child, and others who share one part of the name or the birth date with it."""
    return snapshot_of(
        resident_register__residents=[
            resident("1", "渡邉　慎一郎", "ワタナベ　シンイチロウ", BORN, former_name="髙﨑　慎一郎"),
            resident("2", "渡邉　新", "ワタナベ　アラタ", BORN),
            resident("3", "渡部　慎一郎", "ワタベ　シンイチロウ", date(2012, 1, 1)),
            resident("4", "高崎　慎", "タカサキ　シン", date(2012, 1, 1)),
            resident("5", "渡邉　慎一郎", "ワタナベ　シンイチロウ", date(1986, 6, 4)),
        ]
    )


@settings(deadline=None)  # the first of them builds the city
@given(st.data())
def test_one_child_is_found_in_any_writing(data: st.DataObject) -> None:
    family_script, given_script = data.draw(st.sampled_from(sorted(FAMILY))), data.draw(st.sampled_from(sorted(GIVEN)))
    family, first = data.draw(st.sampled_from(FAMILY[family_script])), data.draw(st.sampled_from(GIVEN[given_script]))
    together = {family_script, given_script} in ({"kanji"}, {"kana"}, {"former", "kanji"})
    gap = data.draw(st.sampled_from(["", " ", "　"] if together else [" ", "　", "   "]))
    if gap and data.draw(st.booleans()):
        family, first = first, family
    typed = f"{data.draw(st.sampled_from(['', ' ']))}{family}{gap}{first} {data.draw(st.sampled_from(BIRTHS))}"
    rows = city().search(typed, 50)
    assert [row["case_no"] for row in rows] == [case(city(), "1")], typed
    assert not rows[0]["near"], typed
