"""`docs/sources.md`: every source system with what is held of it and why, as its layout declares it."""

from __future__ import annotations

from collections.abc import Iterator

from tools.manual.markdown import NOTE, anchor, both, code, page, table

from mimamori.sources import Item, Layout, Table, shipped_registry

NETWORKS = {"core": "業務系 core", "school": "校務系 school"}
KINDS = {"full": "全件 full", "difference": "差分 difference"}
COVERED = {
    "all": "すべての児童 all children",
    "residents": "住民登録のある児童 children in the residents' register",
    "city_pupils": "市立学校の児童生徒 pupils of the city's own schools",
}
KEYS = {
    "addressee_no": "宛名番号 addressee number",
    "pupil_no": "児童生徒番号 pupil number",
    "own_no": "系統の番号 own number",
}
TYPES = {
    "text": "文字 text", "number": "数値 number", "integer": "整数 integer", "date": "日付 date",
    "month": "年月 month", "code": "コード code", "flag": "有無 flag",
}  # fmt: skip
INTRODUCTION = """\
# 連携する業務システム / Source systems

各システムから受け取る項目のすべてです。ここにない列は読み込みません。個人番号・住民票コードなどの項目は置けません。
目的と根拠は、決定された日本語の文のまま示します。
Everything that is taken from each system; a column that is not here is not loaded.
There can be none for the 個人番号. Purpose and legal basis stand in the Japanese that was decided.

| 欄 Column | 意味 | Meaning |
| --- | --- | --- |
| 必須 Req. | ● 空ならその行を隔離する | ● where blank, the row goes into quarantine |
| 機微度 Sens. | 1–4。職員は役割の段階までの項目を見る | 1–4; a role sees items up to its own |
| カルテ Karte | ● 示す・見出し 見出しにだけ・– 示さない | ● shown, header: in the header only, – not shown |
| 鮮度 Fresh | この日数を過ぎるとカルテに「古い」と出る | after so many days the karte says that it is stale |
| 保存 Kept | 利用の終わりか、18歳の年度末の遅いほうから | from the end of use or the school year's end at 18 |
"""
ITEM_HEADINGS = ("項目", "Item", "名前 field", "型 type", "必須 Req.", "機微度 Sens.", "カルテ Karte", "備考 notes")


def sources_page() -> str:
    layouts = shipped_registry().layouts
    return page([NOTE.format(room="src/mimamori/sources/layouts"), *_overview(layouts), *_systems(layouts)])


def _overview(layouts: tuple[Layout, ...]) -> Iterator[str]:
    yield from INTRODUCTION.splitlines()
    yield ""
    headings = (
        "システム System", "保有課 Owner", "網 Network", "表 Tables", "項目 Items", "鮮度 Fresh", "保存 Kept",
        "機微度 Sens.",
    )  # fmt: skip
    rows = [
        (
            f"[{_heading(layout)}](#{anchor(_heading(layout))})" + ("\n任意 optional" if layout.optional else ""),
            both(layout.owner, "\n"),
            NETWORKS[layout.network],
            str(len(layout.tables)),
            str(sum(len(one.items) for one in layout.tables)),
            f"{layout.freshness_days} 日 days",
            f"{layout.retention_years} 年 years",
            str(layout.sensitivity),
        )
        for layout in layouts
    ]
    yield from table(headings, rows)


def _heading(layout: Layout) -> str:
    return f"{layout.number}. {both(layout.label)}"


def _systems(layouts: tuple[Layout, ...]) -> Iterator[str]:
    for layout in layouts:
        yield from ("", f"## {_heading(layout)}", "")
        yield from _particulars(layout)
        for one in layout.tables:
            yield from _table(layout, one)
        yield from _own_purposes(layout)
        yield from _code_tables(layout)


def _particulars(layout: Layout) -> Iterator[str]:
    optional = "・任意 optional" if layout.optional else ""
    youngest, oldest = layout.coverage.ages
    covered = f"{COVERED[layout.coverage.who]}、{youngest}–{oldest} 歳 years"
    if layout.coverage.note:
        covered += f"\n{both(layout.coverage.note, chr(10))}"
    rows = [
        ("名前 Name", f"{code(layout.name)} {layout.version}{optional}"),
        ("保有課 Owner", both(layout.owner)),
        ("網 Network", NETWORKS[layout.network]),
        ("提供の間隔 Delivered every", f"{layout.frequency_days} 日 days"),
        ("鮮度 Fresh for", f"{layout.freshness_days} 日 days"),
        ("保存 Kept", f"{layout.retention_years} 年 years"),
        ("機微度 Sensitivity", str(layout.sensitivity)),
        ("対象の児童 Covers", covered),
        ("目的 Purpose", layout.purpose),
        ("根拠 Legal basis", layout.legal_basis),
        ("決定日 Decided on", layout.decided_on),
    ]
    if layout.era_digits:
        digits = "、".join(f"{digit} = {era}" for digit, era in layout.era_digits.items())
        rows.append(("年号の数字 Era digits", digits))
    yield from table(("", ""), rows)


def _table(layout: Layout, one: Table) -> Iterator[str]:
    yield from ("", f"### {both(one.label)} {code(one.name)}", "")
    encoding = "" if one.format.encoding == "none" else f" ({one.format.encoding})"
    yield f"- {KINDS[one.kind]} {code(layout.file_pattern(one))}{encoding}"
    for person in one.persons:
        keys = [f"{code(person.key)} {KEYS[person.key_kind]}"]
        keys += [f"{code(other.key)} {KEYS[other.kind]}" for other in person.also]
        yield f"- 人 person {code(person.role)}: {'、'.join(keys)}"
    yield ""
    yield from table(ITEM_HEADINGS, [_item(layout, one, item) for item in one.items])


def _item(layout: Layout, one: Table, item: Item) -> tuple[str, ...]:
    notes = [
        "鍵 key" if item.field in one.row_key else "",
        "不詳あり uncertain" if item.uncertain else "",
        f"{code(item.about)} について about" if item.about else "",
        "読み込まない not loaded" if not item.loaded else "",
        f"列名 also {'、'.join(item.aliases)}" if item.aliases else "",
        f"{item.width} バイト bytes" if item.width else "",
        f"見る役割 roles: {'、'.join(item.seen_by)}" if item.seen_by else "",
        "目的・根拠は下 see below" if _has_own_purpose(item) else "",
    ]
    kind = TYPES[item.type] + (f" {code(item.codes)}" if item.codes else "")
    if item.unit:
        kind += f" ({both(item.unit)})"
    return (
        item.label.ja,
        item.label.en,
        code(item.field),
        kind,
        "●" if item.required else "",
        str(layout.sensitivity_of(item)),
        _on_karte(one, item),
        "、".join(note for note in notes if note),
    )


def _on_karte(one: Table, item: Item) -> str:
    keys = {person.key for person in one.persons} | {other.key for person in one.persons for other in person.also}
    if not (item.loaded and item.on_karte):
        return "–"
    return "見出し header" if item.identity or item.field in keys else "●"


def _has_own_purpose(item: Item) -> bool:
    return bool(item.purpose or item.legal_basis)


def _own_purposes(layout: Layout) -> Iterator[str]:
    """Items that are held for another purpose or on another basis than their layout, those of one kind together."""
    alike: dict[tuple[str, str], list[str]] = {}
    for one in layout.tables:
        for item in filter(_has_own_purpose, one.items):
            why = (layout.purpose_of(item), layout.legal_basis_of(item))
            alike.setdefault(why, []).append(code(f"{one.name}.{item.field}"))
    if alike:
        yield from ("", "**項目ごとの目的と根拠 Purpose and basis of single items**", "")
        rows = [("\n".join(fields), purpose, basis) for (purpose, basis), fields in alike.items()]
        yield from table(("項目 Item", "目的 Purpose", "根拠 Legal basis"), rows)


def _code_tables(layout: Layout) -> Iterator[str]:
    if layout.codes:
        yield from ("", "**コード表 Code tables**", "")
        rows = [
            (code(name), "、".join(f"{number} {both(label)}" for number, label in labels.items()))
            for name, labels in layout.codes.items()
        ]
        yield from table(("コード表 Table", "コードと意味 Codes and meanings"), rows)
