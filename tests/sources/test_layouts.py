"""The shipped layouts are complete: what an officer signs is there, for every system, table, item and code."""

import re

import pytest

from mimamori.sources import Item, Layout, Table, load_registry

REGISTRY = load_registry()
NAMES = (
    "resident_register", "maternal_child_health", "public_assistance", "childcare", "child_allowance",
    "medical_subsidy", "child_guidance", "disability_welfare", "single_parent_loans", "pupil_register",
    "school_affairs", "school_expense_aid", "school_lunch_fees", "school_collections", "family_register",
    "dv_consultation", "school_age_register",
)  # fmt: skip
TABLES = [pytest.param(layout, table, id=f"{layout.name}.{table.name}") for layout, table in REGISTRY.tables()]
LAYOUTS = [pytest.param(layout, id=layout.name) for layout in REGISTRY]
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿々]")
# What Japanese writes in Latin letters too: terms, grades, bands of eyesight.
IN_LATIN_LETTERS = re.compile(r"EPDS|BCG|MR|HPV|Hib|[A-D] \([0-9.–+]+\)")
# Parts of a row key that may be blank: ex officio decisions have no application; a change is of one kind or the other.
BLANK_IN_KEY = {"school_expense_aid.applied_on", "school_age_register.exemption", "school_age_register.reminder"}


def items(layout: Layout) -> list[tuple[Table, Item]]:
    return [(table, item) for table in layout.tables for item in table.items]


def test_the_fourteen_systems_and_the_three_optional_ones_are_there_in_order() -> None:
    assert tuple(layout.name for layout in REGISTRY) == NAMES
    assert [layout.number for layout in REGISTRY] == list(range(1, 18))
    assert [layout.name for layout in REGISTRY if layout.optional] == list(NAMES[14:])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_labels_are_in_both_languages(layout: Layout) -> None:
    labels = [layout.label, layout.short_label, layout.owner, *(table.label for table in layout.tables)]
    labels += [item.label for _, item in items(layout)]
    labels += [label for codes in layout.codes.values() for label in codes.values()]
    for label in labels:
        assert not JAPANESE.search(label.en), label
        assert JAPANESE.search(label.ja) or IN_LATIN_LETTERS.fullmatch(label.ja), label


@pytest.mark.parametrize("layout", LAYOUTS)
def test_purpose_basis_and_owner_are_stated(layout: Layout) -> None:
    assert re.search(r"法|条例|要綱|要領", layout.legal_basis)
    assert re.search(r"第\d+条", layout.legal_basis) or "条例" in layout.legal_basis
    assert len(layout.purpose) >= 10
    assert REGISTRY.get(layout.name).owner.ja.endswith(("課", "課(就学事務)", "センター"))


@pytest.mark.parametrize(("layout", "table"), TABLES)
def test_a_rows_key_is_always_filled(layout: Layout, table: Table) -> None:
    for field in table.row_key:
        assert table.item(field).required != (f"{layout.name}.{field}" in BLANK_IN_KEY), field
    assert table.item(table.row_key[0]).required


@pytest.mark.parametrize(("layout", "table"), TABLES)
def test_who_a_row_speaks_of_is_told_by_marked_items(layout: Layout, table: Table) -> None:
    for person in table.persons:
        for field in (person.key, *(other.key for other in person.also)):
            assert table.item(field).identity, f"{field} must stay out of the analysis zone"
        for what, field in person.particulars():
            item = table.item(field)
            assert item.identity or what == "sex", field
            if what == "birth_date":
                assert (item.type, item.uncertain) == ("date", True), field
    assert table.item(table.persons[0].key).required or (layout.name, table.name) == (
        "maternal_child_health",
        "pregnancy",
    ), "only before its birth may a child be without a number"


@pytest.mark.parametrize(("layout", "table"), TABLES)
def test_names_and_addresses_are_marked(layout: Layout, table: Table) -> None:
    for item in table.items:
        if re.search(r"氏名|フリガナ$|住所$|宛名番号|通称$|旧氏$|方書", item.label.ja) and item.type == "text":
            assert item.identity, f"{layout.name}.{table.name}.{item.field}"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_number_that_may_not_be_held(layout: Layout) -> None:
    for _, item in items(layout):
        for heading in item.headings():
            assert not re.search(r"個人番号|マイナンバー|住民票コード|在留カード|本籍|筆頭者", heading), heading
        assert not re.search(r"my_?number|personal_number|kojin", item.field)


@pytest.mark.parametrize("name", ["child_guidance", "dv_consultation"])
def test_consultations_are_the_most_sensitive(name: str) -> None:
    layout = REGISTRY.get(name)
    assert {layout.sensitivity_of(item) for _, item in items(layout)} == {4}


def test_money_health_and_protection_are_sensitive() -> None:
    for name in ("maternal_child_health", "public_assistance", "disability_welfare"):
        assert REGISTRY.get(name).sensitivity >= 3
    residents = REGISTRY.get("resident_register").table("residents")
    for item in residents.items:
        if "支援措置" in item.label.ja or "加害者" in item.label.ja:
            assert (item.sensitivity or 0) >= 3, item.field


def test_what_is_off_by_default() -> None:
    off = {f"{layout.name}.{item.field}" for layout in REGISTRY for _, item in items(layout) if not item.loaded}
    assert {"resident_register.nationality", "maternal_child_health.observed_text"} <= off
    assert {name for name in off if name.startswith("pupil_register.")}, (
        "the pupil register's own aid and assistance flags"
    )


def test_the_register_knows_the_citys_wards() -> None:
    wards = {ward.code: ward.label for ward in REGISTRY.municipality.wards}
    assert REGISTRY.get("resident_register").codes["ward"] == wards
    assert REGISTRY.municipality.ward_label("40133") is not None
    assert REGISTRY.municipality.ward_label(None) is None


def test_protection_codes_count_as_the_linkage_reads_them() -> None:
    assert set(REGISTRY.get("resident_register").codes["protection"]) == {"0", "1", "2", "3"}


def test_the_files_are_as_varied_as_the_offices() -> None:
    formats = {(table.format.kind, table.format.encoding) for _, table in REGISTRY.tables()}
    assert {kind for kind, _ in formats} == {"csv", "tsv", "xlsx", "fixed"}
    assert {encoding for _, encoding in formats} == {"cp932", "utf-8", "utf-8-sig", "utf-16", "none"}
    assert {table.kind for _, table in REGISTRY.tables()} == {"full", "difference"}


def test_codes_of_one_meaning_are_the_same_everywhere() -> None:
    for layout in REGISTRY:
        if sex := layout.codes.get("sex"):
            assert (sex["1"].ja, sex["2"].ja) == ("男", "女"), layout.name
