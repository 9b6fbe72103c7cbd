"""What is counted of a delivery, and what it is refused or asked about for: bad rows, gaps, missing schools."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake.small import BEFORE, DAY, ITEMS, LATER, ROW, Home, csv_of, home_of, layout_of

from mimamori.intake import TableCounts
from mimamori.intake.receive import TOKYO

DIFFERENCE = {"name": "rows", "kind": "difference"}


def counts(home: Home) -> TableCounts:
    return home.deliveries()[-1].tables["rows"]


def rows_of(good: int, bad: int) -> bytes:
    rows = [{**ROW, "no": str(place)} for place in range(good)]
    return csv_of([*rows, *({**ROW, "no": f"b{place}", "begun": "x"} for place in range(bad))])


@pytest.mark.parametrize(
    ("limit", "good", "bad", "state"),
    [
        (0.02, 980, 20, "stored"),
        (0.02, 979, 21, "refused"),
        (0.0, 997, 3, "stored"),  # three say nothing yet
        (0.0, 996, 4, "refused"),
        (0.1, 90, 10, "stored"),
        (0.02, 3, 3, "stored"),
        (0.02, 2, 3, "refused"),  # most of a file: another file than it says
    ],
)
def test_how_many_bad_rows_a_table_allows(tmp_path: Path, limit: float, good: int, bad: int, state: str) -> None:
    home = home_of(tmp_path, layout_of({"most_bad": limit}))
    receipt = home.take(rows_of(good, bad))
    assert receipt.state == state
    if state == "refused":
        assert f"{good + bad:,} 行のうち {bad} 行" in receipt.reasons[0][0]
        assert home.on_disk() == []


@pytest.mark.parametrize("bad", [["1,a"], ['1,"a,x'], ["1,a,x,y"]])
def test_lines_that_cannot_be_split_count_as_bad(tmp_path: Path, bad: list[str]) -> None:
    home = home_of(tmp_path, layout_of({"most_bad": 0.0}))
    text = "番号,氏名,開始日\n" + "".join(f"{place},a,20220225\n" for place in range(90)) + "\n".join(bad * 4) + "\n"
    receipt = home.take(text.encode())
    assert receipt.state == "refused"


def test_what_was_seen_of_the_values(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    home.take(
        csv_of(
            [
                {**ROW, "no": "1", "kana": "アオキ", "born": "R4.2.25"},
                {**ROW, "no": "2", "name": "\ue000木", "kana": "〓", "born": "令和4年2月頃"},
                {**ROW, "no": "3", "name": "髙木", "born": "不詳", "kind": "?"},
                {**ROW, "no": "4", "born": "平成31年5月1日", "kind": "9"},
            ]
        )
    )
    told = counts(home)
    assert (told.received, told.stored, told.quarantined) == (4, 2, 2)
    assert told.codes_unknown == {"kind": 2}
    assert told.dates == {"born": {"month": 1, "unknown": 1, "overrun": 1}}
    assert told.wildcards == {"name": 1, "kana": 1}
    assert told.blanks["kana"] == 0.5


def test_what_changed_since_the_delivery_before(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    first = [{**ROW, "no": str(place), "kana": ""} for place in range(5)]
    home.take(csv_of(first), day=BEFORE)
    assert (counts(home).added, counts(home).changed, counts(home).gone) == (5, 0, 0)
    home.take(csv_of([{**ROW, "no": "7", "kana": ""}, *first[:3], {**first[3], "kana": "アオキ"}]), day=DAY)
    assert (counts(home).added, counts(home).changed, counts(home).gone) == (1, 1, 1)


def test_what_a_difference_says_changed(tmp_path: Path) -> None:
    home = home_of(tmp_path, layout_of(DIFFERENCE))
    rows = [
        {"処理区分": op, "更新日時": "x", **ROW, "no": no}
        for op, no in (("A", "1"), ("U", "2"), ("U", "3"), ("D", "4"))
    ]
    home.take(csv_of(rows))
    assert (counts(home).added, counts(home).changed, counts(home).gone) == (1, 2, 1)


def test_a_gap_in_the_numbers_of_differences_is_told_until_it_is_filled(tmp_path: Path) -> None:
    home = home_of(tmp_path, layout_of(DIFFERENCE))

    def send(sequence: int, day: date) -> list[str]:
        row = {"処理区分": "U", "更新日時": "x", **ROW, "no": str(sequence)}
        receipt = home.take(csv_of([row]), day=day, manifest={"sequence": sequence})
        assert receipt.state == "stored"
        return [ja for ja, _ in receipt.reasons if "連番" in ja]

    assert send(1, BEFORE) == []
    assert "連番 2, 3 の差分" in send(4, DAY)[0]
    assert home.deliveries()[-1].missing_numbers == {"rows": [2, 3]}
    assert "連番 3 の差分" in send(2, DAY)[0]
    assert send(3, DAY) == []
    assert send(5, LATER) == []


def test_a_school_without_a_row_asks_a_person(tmp_path: Path) -> None:
    """One school's file under the name of all of them, or without one of them."""
    home = home_of(tmp_path, layout_of({"groups": "kind"}))

    def send(kinds: str, day: date) -> list[str]:
        rows = [{**ROW, "no": str(place), "kind": kind} for place, kind in enumerate(kinds.split())]
        receipt = home.take(csv_of(rows), day=day)
        return [receipt.state, *(ja for ja, _ in receipt.reasons if "区分" in ja)]

    assert send("01 01 02 A1", BEFORE) == ["stored"]
    assert send("01 A1 0", DAY) == ["to_confirm", "行: 前回あった区分のうち 1 件(02)の行がありません。"]
    assert send("01 01 02 A1 0", LATER) == ["stored"]
    assert home.deliveries()[-1].tables["rows"].groups == {"01": 2, "02": 1, "A1": 1, "0": 1}


def test_a_row_has_the_day_it_speaks_of_and_the_day_we_learned_it(tmp_path: Path) -> None:
    home = home_of(tmp_path)
    home.take(csv_of([ROW]), day=BEFORE)
    [delivery] = home.deliveries()
    assert datetime.now(TOKYO) - delivery.received_at < timedelta(minutes=5)
    assert home.ask("SELECT _as_of, _known_on FROM small__rows", BEFORE) == [
        {"_as_of": BEFORE, "_known_on": delivery.received_at.date()}
    ]


Sent = tuple[int, int, list[tuple[str, str]]]  # day, number, rows (key, name)
ROWS = st.lists(st.tuples(st.sampled_from("12345"), st.sampled_from("abc")), max_size=4)
SENT = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 4), ROWS), max_size=6, unique_by=lambda sent: (sent[0], sent[1])
)


@given(SENT, st.randoms(use_true_random=False), st.sampled_from(["full", "difference"]))
@settings(max_examples=25, deadline=None)
def test_any_order_of_arrival_says_the_same_of_every_day(
    tmp_path_factory: pytest.TempPathFactory, sent: list[Sent], chance: Any, kind: str
) -> None:
    shuffled = [*sent]
    chance.shuffle(shuffled)
    days = [BEFORE + timedelta(days=7 * place) for place in range(4)]

    def states(order: list[Sent]) -> list[list[tuple[str, str]]]:
        home = home_of(tmp_path_factory.mktemp("order"), layout_of({"kind": kind}))
        for number, (day, sequence, rows) in enumerate(order):
            first = {"処理区分": "U", "更新日時": "x"} if kind == "difference" else {}
            data = csv_of([{**first, **ROW, "no": no, "name": name} for no, name in rows] or [{**first, **ROW}])
            before = [home.state(as_of=other) for other in days[:day]]
            receipt = home.take(
                data, day=days[day], manifest={"sequence": sequence}, name=f"{number}.csv", confirm=True
            )
            assert receipt.state == "stored"
            assert [home.state(as_of=other) for other in days[:day]] == before  # no earlier day changes
        return [[(row["no"], row["name"]) for row in home.state(as_of=day)] for day in days]

    assert states(shuffled) == states(sorted(sent, key=lambda one: one[:2]))


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x1a"), max_size=8)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_row_is_lost_and_any_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str, str, str]]
) -> None:
    items = [item for item in ITEMS if item["field"] in {"no", "name", "kana"}]
    items.append({"field": "note", "label": {"ja": "備考", "en": "Note"}})
    home = home_of(tmp_path_factory.mktemp("text"), layout_of({"items": items, "most_bad": 1.0}))
    rows = [dict(zip(("no", "name", "kana", "note"), row, strict=True)) for row in cells]
    data = csv_of(rows, heading=["番号", "氏名", "フリガナ", "備考"]) if rows else "番号,氏名,フリガナ,備考\n".encode()
    receipt = home.take(data)
    assert receipt.state == "stored", receipt.reasons
    assert receipt.received == receipt.stored + receipt.quarantined + receipt.out_of_scope
    around = " \u3000\r\n\t"
    kept = {(row["no"], row["name"], row["kana"], row["note"]) for row in home.state()}
    for no, name, kana, note in cells:
        written = tuple(cell.strip(around) or None for cell in (no, name, kana, note))
        if written[0] and written[1] and not any(cell.startswith('="') for cell in (no, name, kana, note)):
            assert written in kept
