"""Addresses: the same place however written; another place however alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mimamori.text.address import address_key, town_key


@pytest.mark.parametrize(
    "written",
    [
        "福岡県福岡市南区大橋一丁目4番地の2",
        "福岡市南区大橋１－４－２",
        "南区大橋1ー4ー2",
        "福岡市南区 大橋1丁目4番2号 コーポ大橋201",
        "福岡市南区大橋一－四－二",
        "南区大橋1-4-2-201",
        "福岡市大橋1-4-2",  # the ward is the town's only one
        *(f"南区大橋1{dash}4{dash}2" for dash in "-－‐‑‒–—―−─ーｰ~〜～・.．，/"),
        *(
            f"南区大橋１{word}4{lot}２"
            for word in ("丁目", "ちょうめ", "ﾁｮｳﾒ")
            for lot in ("番", "番地", "番地の", "ばん", "の", "-")
        ),
        "南区大橋壱丁目四番弐号",
        "南区大橋1丁目04番02号",
        "南区大橋\u200b1-4-2",
    ],
)
def test_one_place(written: str) -> None:
    assert address_key(written) == "南区|大橋|1-4-2"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("福岡市西区十六町１２－３", "西区|十六町|12-3"),
        ("福岡市中央区六本松四丁目２番", "中央区|六本松|4-2"),
        ("福岡市早良区百道浜二十一番十号", "早良区|百道浜|21-10"),
        ("福岡市東区香椎照葉6丁目", "東区|香椎照葉|6"),
        ("福岡市博多区マリナー通り1-2", "博多区|マリナー通り|1-2"),
        ("南区三宅3-1", "南区|三宅|3-1"),
    ],
)
def test_numerals_in_the_name_of_a_town_stay(written: str, key: str) -> None:
    assert address_key(written) == key


def test_a_lot_number_is_not_assumed_to_be_the_same_place() -> None:
    assert address_key("南区大橋1番地4") != address_key("南区大橋1-4")
    assert address_key("南区大字大橋142-2") != address_key("南区大橋142-2")
    assert town_key("南区大橋1番地4") == town_key("南区大橋1-4")


def test_a_town_of_two_wards_gets_none() -> None:
    assert town_key("福岡市飯倉1-2-3") == "|飯倉"


@pytest.mark.parametrize(
    "written", ["市外", "県外", "海外", "転出済", "ホームレス", "NA", "12345", "福岡県福岡市", "南区"]
)
def test_no_place_is_no_evidence(written: str) -> None:
    assert address_key(written) == town_key(written) == ""


@pytest.mark.parametrize("written", ["南区大橋", "福岡市南区大橋 不明", "南区大橋(以下不詳)"])
def test_a_town_alone_is_no_address(written: str) -> None:
    assert address_key(written) == ""
    assert town_key(written).startswith("南区|大橋")


@given(*[st.integers(1, 40)] * 3, *[st.sampled_from("-－‐−ーの")] * 2)
def test_other_numbers_are_another_place(town: int, block: int, house: int, one: str, other: str) -> None:
    assert address_key(f"南区大橋{town}{one}{block}{other}{house}") == f"南区|大橋|{town}-{block}-{house}"
