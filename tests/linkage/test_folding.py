"""Folding once per shape says what folding every value says."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mimamori import engine
from mimamori.linkage.folding import fold_shapes, fold_values
from mimamori.text.address import address_key, town_key

CON = engine.connect(threads=1)
NUMBERS = st.sampled_from(["1", "2", "12", "０３", "007", "0", "十二", "三", "①", "²", "1〓"])
SIGNS = st.sampled_from(["丁目", "番地", "番", "号", "-", "ー", "の", " ", "　", ""])
TOWNS = st.sampled_from(
    ["福岡市南区大橋", "福岡市東区千早", "北10条西", "六本松", "大字金武", "", "\x01", "マリナー通り"]
)
ADDRESSES = st.builds(
    lambda town, parts, rest: town + "".join(f"{number}{sign}" for number, sign in parts) + rest,
    TOWNS,
    st.lists(st.tuples(NUMBERS, SIGNS), max_size=5),
    st.sampled_from(["", "コーポ大橋203", "第3団地"]),
)


def folded(addresses: list[str]) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """(by shape, by value) of each address."""
    found = []
    for fold in (fold_shapes, fold_values):
        CON.register("written", pa.table({"address": pa.array(addresses, pa.string())}))
        fold(CON, "SELECT address FROM written", "keys", address=address_key, town=town_key)
        rows = engine.rows_of(CON, "SELECT * FROM keys")
        found.append({row["raw"]: (row["address"], row["town"]) for row in rows})
        assert len(found[-1]) == len(rows)
    return found[0], found[1]


@settings(max_examples=60, deadline=None)
@given(st.lists(ADDRESSES, max_size=8))
@example(["福岡市南区大橋1 05番2号"])  # two numbers that become one
@example(["福岡市南区大橋1①番"])
@example(["0-0-0", "000", "1-2-3", ""])
@example(["北010条西3丁目"])
@example(["福岡市南区大橋" + "1-" * 120])
def test_every_address_folds_as_it_does_by_itself(addresses: list[str]) -> None:
    by_shape, by_value = folded(addresses)
    assert by_shape == by_value


@pytest.mark.parametrize("one", ["福岡市南区大橋一丁目4番5号", "大橋一丁目１４番地の５"])
def test_addresses_of_one_shape_keep_their_own_numbers(one: str) -> None:
    other = one.replace("4", "23").replace("４", "２３")
    by_shape, _ = folded([one, other])
    assert by_shape == {text: (address_key(text), town_key(text)) for text in (one, other)}
    assert by_shape[one] != by_shape[other]
