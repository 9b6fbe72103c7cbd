"""Sheets of the editor in, conditions or words of what is wrong out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict

from mimamori.refusal import Refused
from mimamori.screening import ConditionSet
from mimamori.screening.conditions import Condition
from mimamori.web import editing
from mimamori.web.editing import Row, Sheet
from mimamori.web.editing_made import WHOLE, made

WORDS = {"ja": "未納が{low}か月以上", "en": "{low} months unpaid or more"}
BASIS = {"ja": "会議の提案", "en": "Proposed by the meeting"}
HELD = ConditionSet.model_validate(
    {
        "difficulty": "poverty",
        "note": {"ja": "給食費だけを見ています。", "en": "Sees lunch fees only."},
        "ages": [6, 15],
        "tiers": [60, 40],
        "domains": [{"id": "fees", "label": {"ja": "支払い", "en": "Payments"}}],
        "conditions": [
            {"id": "gone", "indicator": "whereabouts_unknown", "comparison": "=", "values": [1], "must": True,
             "label": {"ja": "居所が分からない", "en": "Whereabouts unknown"}, "basis": BASIS},
            {"id": "arrears", "indicator": "lunch_arrears_months", "comparison": ">=", "low": 3, "points": 60,
             "domain": "fees", "label": WORDS, "basis": BASIS},
        ],
    }
)  # fmt: skip
SHEET = editing.sheet_of(HELD, 4)


def with_last(sheet: Sheet = SHEET, **typed: Any) -> Sheet:
    """The sheet with its last row typed over."""
    return replace(sheet, rows=(*sheet.rows[:-1], replace(sheet.rows[-1], **typed)))


def last(sheet: Sheet) -> Condition:
    found = made(sheet, to_keep=True)
    assert found.condition_set is not None, found.faults
    return found.condition_set.conditions[-1]


def fault(sheet: Sheet, *, to_keep: bool = True) -> tuple[int, str]:
    """The one thing that is wrong: of which row, and the words."""
    found = made(sheet, to_keep=to_keep)
    assert found.condition_set is None
    ((place, (words,)),) = found.faults.items()
    return place, words


def test_what_is_held_makes_itself_again() -> None:
    assert made(SHEET, to_keep=True).condition_set == HELD


def test_the_columns_of_a_form_make_the_same_sheet() -> None:
    sheet = with_last(ja="", age_from="7")
    told = editing.columns_of(sheet)
    assert editing.read(dict(told.lists()), HELD) == sheet
    sent = QueryDict(told.urlencode())
    assert editing.read(dict(sent.lists()), HELD) == sheet


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"low": "5"}, (">=", 5, None)),
        ({"low": "5", "high": "8"}, ("between", 5, 8)),
        ({"low": "", "high": "8"}, ("<=", None, 8)),
        ({"low": " 1,0 "}, (">=", 10, None)),
        ({"low": "2.5"}, (">=", 2.5, None)),
    ],
)
def test_numbers_become_a_comparison(typed: dict[str, Any], expected: tuple[str, float | None, float | None]) -> None:
    row = last(with_last(**typed))
    assert (row.comparison, row.low, row.high) == expected


def test_listed_numbers_become_values() -> None:
    assert (last(with_last(low="", listed="1、3, 5")).comparison, last(with_last(listed="1、3, 5")).values) == (
        "in",
        (1, 3, 5),
    )
    assert last(with_last(low="", listed="4")).comparison == "="


def test_ticked_choices_become_values_in_the_order_of_the_indicator() -> None:
    row = replace(SHEET.rows[0], values=("1", "0", "7"))
    found = made(replace(SHEET, rows=(row, SHEET.rows[1])), to_keep=True).condition_set
    assert found is not None
    assert (found.conditions[0].comparison, found.conditions[0].values) == ("in", (0, 1))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"low": ""}, "「から」か「まで」に数を入れてください。"),
        ({"low": "三"}, "「三」は数ではありません。"),
        ({"low": "nan"}, "「nan」は数ではありません。"),
        ({"low": "1e9"}, "「1e9」は数ではありません。"),
        ({"low": "9", "high": "8"}, "「から」の数が「まで」の数より大きくなっています。"),
        ({"low": "", "listed": "1、二"}, "数を、読点かコンマで区切って入れてください。"),
        ({"points": "0"}, "点は、0より大きく100までの数で入れてください。"),
        ({"points": "101"}, "点は、0より大きく100までの数で入れてください。"),
        ({"points": ""}, "点は、0より大きく100までの数で入れてください。"),
        ({"place": "in:nowhere"}, "どこに入れるかをえらんでください。"),
        ({"place": ""}, "どこに入れるかをえらんでください。"),
        ({"age_from": "7.5"}, "年齢は、0から18までの整数で入れてください。"),
        ({"age_from": "12", "age_to": "10"}, "年齢は、下から上の順に入れてください。"),
        ({"ja": "長" * 121}, "文は120文字までにしてください。"),
        ({"ja": "{high}か月まで"}, "文の { } には、入れた数の {low}(から)と {high}(まで)だけが書けます。"),
        ({"ja": "{indicator}"}, "文の { } には、入れた数の {low}(から)と {high}(まで)だけが書けます。"),
        ({"basis_ja": " "}, "根拠を書いてください(通知、研究、会議の提案など)。"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_at_the_row(typed: dict[str, Any], words: str) -> None:
    assert fault(with_last(**typed)) == (1, words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"tiers": ("60", "")}, "載せる点数は、0より大きく100までの数で入れてください。"),
        ({"tiers": ("40", "60")}, "載せる点数は、段階1から順に、高いほうから低いほうへ入れてください。"),
        ({"tiers": ("60", "60")}, "載せる点数は、段階1から順に、高いほうから低いほうへ入れてください。"),
        ({"tiers": ()}, "載せる点数は、0より大きく100までの数で入れてください。"),
        ({"ages": ("6", "19")}, "年齢は、0から18までの整数で入れてください。"),
        ({"note": (" ", "")}, "「見えること・見えないこと」を書いてください。"),
        ({"rows": (), "groups": ()}, "条件を1つ以上加えてください。"),
        (
            {"groups": (replace(SHEET.groups[0], domain_weight="0"),)},
            "領域には名前を書き、重みは0より大きく10までの数で入れてください。",
        ),
        (
            {"groups": (replace(SHEET.groups[0], domain_ja=""),)},
            "領域には名前を書き、重みは0より大きく10までの数で入れてください。",
        ),
    ],
)
def test_what_is_wrong_with_the_whole_is_told_of_the_whole(typed: dict[str, Any], words: str) -> None:
    assert fault(replace(SHEET, **typed)) == (WHOLE, words)


def test_two_rows_of_one_id_are_refused_in_words() -> None:
    """The page never sends them; whoever writes the form by hand is answered all the same."""
    place, words = fault(with_last(row_id="gone"))
    assert (place, "gone" in words) == (WHOLE, True)
    assert fault(with_last(row_id="'; DROP TABLE indicators --"))[0] == WHOLE


def test_while_somebody_types_reasons_may_be_missing() -> None:
    found = made(replace(with_last(basis_ja=""), note=("", "")), to_keep=False).condition_set
    assert found is not None
    assert (found.conditions[-1].basis.ja, found.note.ja) == ("—", "—")


def test_english_that_is_missing_is_made_from_the_indicator_and_a_basis_is_the_japanese() -> None:
    row = last(with_last(ja="未納が続く", en="", basis_en=""))
    assert (row.sentence().en, row.basis.en) == ("Lunch fees unpaid: 3 months or more", "会議の提案")


def test_english_that_no_longer_fits_is_made_anew_beside_new_japanese() -> None:
    said = last(with_last(ja="{high}か月までの未納", low="", high="5")).sentence()
    assert (said.ja, said.en) == ("5か月までの未納", "Lunch fees unpaid: 5 months or less")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"low": "5"}, "未納が5か月以上"),
        ({"low": "", "high": "5"}, "給食費の未納が5か月以下"),
        ({"low": "2", "high": "5"}, "給食費の未納が2か月から5か月まで"),
        ({"ja": ""}, "給食費の未納が3か月以上"),
        ({"ja": "とても長い未納"}, "とても長い未納"),
        ({"low": "", "high": "5", "ja": "{high}か月までの未納"}, "5か月までの未納"),
    ],
)
def test_the_sentence_says_what_is_tested(typed: dict[str, Any], sentence: str) -> None:
    assert last(with_last(**typed)).sentence().ja == sentence


def test_a_sentence_with_a_plain_number_is_made_anew_when_the_number_moves() -> None:
    """7日以上 would stand beside a threshold of 9."""
    plain = {"ja": "3か月以上払っていない", "en": "3 months unpaid"}
    words = {"label": HELD.conditions[1].label.model_copy(update=plain)}
    held = HELD.model_copy(update={"conditions": (HELD.conditions[0], HELD.conditions[1].model_copy(update=words))})
    sheet = editing.sheet_of(held, 1)
    assert last(sheet).sentence().ja == "3か月以上払っていない"
    assert last(with_last(sheet, low="4")).sentence().ja == "給食費の未納が4か月以上"


def test_a_row_that_is_moved_to_must_look_gives_no_points() -> None:
    found = made(with_last(place="must"), to_keep=True).condition_set
    assert found is not None
    assert (found.conditions[-1].must, found.conditions[-1].points, found.domains) == (True, 0, ())


def test_a_domain_stays_once_a_condition_stands_in_it() -> None:
    sheet = editing.with_group(SHEET, " 学校 ", "School")
    name = sheet.groups[-1].domain_id
    empty = made(sheet, to_keep=True).condition_set
    assert empty is not None
    assert [one.id for one in empty.domains] == ["fees"]
    used = made(with_last(sheet, place=f"in:{name}"), to_keep=True).condition_set
    assert used is not None
    assert [(one.id, one.label.ja) for one in used.domains] == [(name, "学校")]


def test_a_new_row_begins_with_bounds_that_say_something() -> None:
    sheet = editing.with_row(SHEET, "absence_days_12m", "in:fees")
    assert sheet.rows[-1] == Row("absence_days_12m", "absence_days_12m", low="1", points="30", place="in:fees")
    again = editing.with_row(sheet, "absence_days_12m", "must")
    assert [row.row_id for row in again.rows[-2:]] == ["absence_days_12m", "absence_days_12m_2"]
    choice = editing.with_row(SHEET, "whereabouts_unknown", "must").rows[-1]
    assert (choice.low, choice.values) == ("", ("1",))


def test_every_indicator_can_be_added_and_makes_a_condition() -> None:
    from mimamori.screening.checks import look_through
    from mimamori.screening.indicators import load_indicators

    for indicator in load_indicators():
        sheet = editing.with_row(replace(SHEET, ages=("0", "18")), indicator.id, "must")
        found = made(sheet, to_keep=False).condition_set
        assert found is not None, indicator.id
        new = found.conditions[-1].id
        assert not [one for one in look_through(found) if one.stops and new in one.conditions], indicator.id


@pytest.mark.parametrize(
    ("name", "place"), [("", "must"), ("nothing", "must"), ("absence_days_12m", "in:nowhere"), ("x'; --", "must")]
)
def test_what_is_not_offered_is_not_added(name: str, place: str) -> None:
    with pytest.raises(Refused):
        editing.with_row(SHEET, name, place)


def test_more_rows_than_a_page_holds_are_refused() -> None:
    sheet = SHEET
    for _ in range(editing.MOST_ROWS - len(SHEET.rows)):
        sheet = editing.with_row(sheet, "absence_days_12m", "must")
    with pytest.raises(Refused):
        editing.with_row(sheet, "absence_days_12m", "must")


def test_rows_and_tiers_come_and_go() -> None:
    assert [row.row_id for row in editing.without_row(SHEET, "0").rows] == ["arrears"]
    assert editing.with_tier(SHEET).tiers == ("60", "40", "30")
    assert editing.without_tier(SHEET, "0").tiers == ("40",)
    assert editing.without_tier(replace(SHEET, tiers=("40",)), "0").tiers == ("40",)
    for wrong in ("2", "-1", "", "x"):
        with pytest.raises(Refused):
            editing.without_row(SHEET, wrong)


def test_what_a_finding_proposes_is_one_bound() -> None:
    assert editing.mended(SHEET, "arrears:low:8").rows[1].low == "8"
    assert editing.mended(SHEET, "arrears:high:8").rows[1].high == "8"
    for wrong in ("arrears:points:8", "arrears:low:x", "arrears", ""):
        with pytest.raises(Refused):
            editing.mended(SHEET, wrong)


def test_a_form_whose_columns_do_not_fit_is_out_of_date() -> None:
    told = dict(editing.columns_of(SHEET).lists())
    for wrong in ({"low": ["1", "2", "3"]}, {"value": ["9:1"]}, {"value": ["x"]}):
        with pytest.raises(Refused):
            editing.read(told | wrong, HELD)


def test_must_look_stands_first_then_the_domains_in_their_order() -> None:
    rows = (SHEET.rows[1], SHEET.rows[0])
    assert [row.row_id for row in editing.ordered(replace(SHEET, rows=rows)).rows] == ["gone", "arrears"]
