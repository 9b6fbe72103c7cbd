"""What a layout may not say: every fault is refused and named."""

import tomllib
from collections.abc import Callable
from typing import Any

import pytest

from mimamori.refusal import Refused
from mimamori.sources.registry import load_registry, parse, registry_of
from mimamori.sources.schema import Item, Label, Layout, Table

SMALL = """
name = "library"
number = 99
label = { ja = "図書館", en = "Library" }
short_label = { ja = "図書館", en = "Library" }
owner = { ja = "図書館課", en = "Library Division" }
network = "core"
version = "1.0"
frequency_days = 31
freshness_days = 45
retention_years = 5
sensitivity = 1
purpose = "利用の把握"
legal_basis = "図書館法第3条"
decided_on = "2026-04-01"

[coverage]
who = "residents"

[codes.kind]
1 = { ja = "本", en = "Book" }
2 = { ja = "雑誌", en = "Magazine" }

[[tables]]
name = "loans"
label = { ja = "貸出", en = "Loans" }
row_key = ["loan_no"]
persons = [{ role = "subject", key = "addressee_no", key_kind = "addressee_no", birth_date = "birth_date" }]
active = { start = "lent_on" }
items = [
  { field = "loan_no", label = { ja = "貸出番号", en = "Loan" }, required = true },
  { field = "addressee_no", label = { ja = "宛名番号", en = "Addressee number" }, required = true },
  { field = "birth_date", label = { ja = "生年月日", en = "Date of birth" }, type = "date", uncertain = true },
  { field = "kind", label = { ja = "種類", en = "Kind" }, type = "code", codes = "kind" },
  { field = "lent_on", label = { ja = "貸出日", en = "Lent on" }, type = "date" },
]
"""
Change = Callable[[dict[str, Any], dict[str, Any], list[dict[str, Any]]], object]


def read(change: Change) -> Layout:
    """The small layout, changed: `change(layout, table, items)`."""
    document = tomllib.loads(SMALL)
    table = document["tables"][0]
    change(document, table, table["items"])
    return Layout.model_validate(document)


def test_the_small_layout_is_sound() -> None:
    layout = read(lambda layout, table, items: None)
    loans = layout.table("loans")
    assert loans.item("birth_date").columns() == ("birth_date", "birth_date_raw", "birth_date_status")
    assert loans.persons[0].named() == ("addressee_no", "birth_date")
    assert layout.file_pattern(loans) == "library.loans.<YYYYMMDD>.csv"
    assert layout.purpose_of(loans.item("kind")) == "利用の把握"


FAULTS: dict[str, tuple[Change, str]] = {
    "an unknown key of the layout": (lambda layout, table, items: layout.update(colour="red"), "colour"),
    "an unknown key of a table": (lambda layout, table, items: table.update(rows=3), "rows"),
    "an unknown key of an item": (lambda layout, table, items: items[0].update(lenght=3), "lenght"),
    "a code table that is not there": (
        lambda layout, table, items: items[3].update(codes="sort"),
        "no code table sort",
    ),
    "a code item without codes": (lambda layout, table, items: items[3].pop("codes"), "name a code table"),
    "codes on a text": (lambda layout, table, items: items[0].update(codes="kind"), "name a code table"),
    "a code table nobody uses": (
        lambda layout, table, items: layout["codes"].update(sort={"1": {"ja": "甲", "en": "A"}}),
        "no item uses: sort",
    ),
    "an empty code table": (lambda layout, table, items: layout["codes"].update(kind={}), "at least 1"),
    "a code without an English label": (
        lambda layout, table, items: layout["codes"]["kind"].update({"3": {"ja": "他", "en": " "}}),
        "at least 1 character",
    ),
    "a field twice": (lambda layout, table, items: items[4].update(field="loan_no"), "declared twice: loan_no"),
    "a field that an uncertain date makes": (
        lambda layout, table, items: items[0].update(field="birth_date_raw"),
        "declared twice: birth_date_raw",
    ),
    "a heading twice": (lambda layout, table, items: items[0].update(aliases=["貸出日"]), "declared twice: 貸出日"),
    "a role twice": (lambda layout, table, items: table["persons"].append(table["persons"][0]), "twice: subject"),
    "a table twice": (lambda layout, table, items: layout["tables"].append(table), "declared twice: loans"),
    "a row key that is no item": (lambda layout, table, items: table.update(row_key=["no"]), "is loaded: no"),
    "no row key": (lambda layout, table, items: table.update(row_key=[]), "at least 1"),
    "a person without an item": (
        lambda layout, table, items: table["persons"][0].update(kana="kana"),
        "is loaded: kana",
    ),
    "a key that is not loaded": (lambda layout, table, items: items[1].update(loaded=False), "is loaded: addressee_no"),
    "a day that is no date": (lambda layout, table, items: table.update(day="kind"), "not a date: kind"),
    "a use that starts at no date": (
        lambda layout, table, items: table["active"].update(start="loan_no"),
        "not a date",
    ),
    "a use told by no code": (
        lambda layout, table, items: table["active"].update(only={"loan_no": ["1"]}),
        "not a code",
    ),
    "a use told by a strange code": (
        lambda layout, table, items: table["active"].update(only={"kind": ["9"]}),
        "code: 9",
    ),
    "a word for the timeline that is no code": (
        lambda layout, table, items: table.update(says=["loan_no"]),
        "not a code",
    ),
    "an uncertain text": (lambda layout, table, items: items[0].update(uncertain=True), "only a date"),
    "a name the system keeps": (lambda layout, table, items: items[4].update(field="case_no"), "kept for the system"),
    "a role's name the system keeps": (
        lambda layout, table, items: items[4].update(field="child_case_no"),
        "kept for the system",
    ),
    "a name that is no identifier": (lambda layout, table, items: items[0].update(field="Loan-No"), "pattern"),
    "the personal number": (
        lambda layout, table, items: items[3].update(label={"ja": "個人番号", "en": "Number"}, aliases=[]),
        "never holds",
    ),
    "the personal number under an alias": (
        lambda layout, table, items: items[3].update(aliases=["世帯主マイナンバー"]),
        "never holds",
    ),
    "a fixed-width file without widths": (
        lambda layout, table, items: table.update(format={"kind": "fixed", "header": False}),
        "needs a width",
    ),
    "a fixed-width file with a heading": (
        lambda layout, table, items: table.update(format={"kind": "fixed"}),
        "no heading",
    ),
    "an XLSX file with an encoding": (lambda layout, table, items: table.update(format={"kind": "xlsx"}), "XLSX"),
    "a key that formats no longer have": (
        lambda layout, table, items: table.update(format={"title_rows": 2}),
        "title_rows",
    ),
    "a day that does not exist": (lambda layout, table, items: layout.update(decided_on="2026-02-30"), "day"),
    "a warning before the next delivery": (
        lambda layout, table, items: layout.update(freshness_days=7),
        "before the next delivery",
    ),
    "ages the wrong way round": (lambda layout, table, items: layout["coverage"].update(ages=[6, 0]), "must not pass"),
    "a sensitivity outside 1 to 4": (lambda layout, table, items: layout.update(sensitivity=5), "less than or equal"),
    "no legal basis": (lambda layout, table, items: layout.update(legal_basis=""), "at least 1 character"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(fault: str) -> None:
    change, said = FAULTS[fault]
    with pytest.raises(ValueError, match=said):
        read(change)


def test_a_fault_in_a_file_is_refused_with_its_name_in_both_languages() -> None:
    with pytest.raises(Refused) as refused:
        parse(SMALL.replace('network = "core"', 'network = "open"'), Layout, "library.toml")
    assert "library.toml" in refused.value.ja
    assert "network" in refused.value.en


def test_a_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(Refused, match=r"library\.toml: not valid TOML"):
        parse("name = ", Layout, "library.toml")


def test_a_file_is_named_after_its_system_and_numbers_are_used_once() -> None:
    municipality = load_registry().municipality
    library = parse(SMALL, Layout, "library.toml")
    museum = parse(SMALL.replace('"library"', '"museum"'), Layout, "museum.toml")
    with pytest.raises(Refused, match=r"books\.toml"):
        registry_of({"books.toml": library}, municipality)
    with pytest.raises(Refused, match="the same number, 99"):
        registry_of({"library.toml": library, "museum.toml": museum}, municipality)


def test_what_is_not_declared_is_not_found() -> None:
    layout = parse(SMALL, Layout, "library.toml")
    with pytest.raises(KeyError):
        layout.table("books")
    with pytest.raises(KeyError):
        layout.table("loans").item("title")
    with pytest.raises(Refused) as refused:
        load_registry().get("library")
    assert "library" in refused.value.ja


def test_the_declarations_cannot_be_changed_once_read() -> None:
    item = Item(field="note", label=Label(ja="備考", en="Note"))
    with pytest.raises(ValueError, match="frozen"):
        item.loaded = False  # type: ignore[misc]
    assert isinstance(load_registry().layouts[0].tables[0], Table)
