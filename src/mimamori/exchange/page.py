"""The disclosure for a person: one HTML file that stands alone and prints on A4; every value is escaped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import escape

from mimamori.door import HeldSource, HeldTable
from mimamori.exchange.disclosure import Disclosure

WORDS: dict[str, tuple[str, str]] = {
    "title": ("保有個人情報の開示", "Personal information held on you"),
    "as_of": ("基準日", "As of"),
    "name": ("氏名", "Name"),
    "kana": ("フリガナ", "Name in kana"),
    "birth_date": ("生年月日", "Date of birth"),
    "sex": ("性別", "Sex"),
    "address": ("住所", "Address"),
    "withheld_address": ("記載しない(住所の保護)", "Not printed (the address is protected)"),
    "numbers": ("番号", "Numbers"),
    "owner": ("保有課", "Held by"),
    "purpose": ("利用目的", "Purpose"),
    "basis": ("根拠", "Legal basis"),
    "day": ("日", "Day"),
    "items": ("内容", "Content"),
    "source_day": ("提供の基準日", "Delivered as of"),
    "above": ("この文書に含まない項目(保有課が別に開示する)", "Items not in this document (the holder adds them)"),
    "derived": ("抽出された困難の類型", "Kinds of difficulty extracted"),
    "judgements": ("職員の記録", "Records of staff"),
    "others": (
        "家族など他の人の情報と、通告・相談をした人の情報は含みません。",
        "Information on others, the family and whoever reported or consulted among them, is not included.",
    ),
    "to_check": (
        "【職員へ】渡す前に、担当者が内容を確かめてください。",
        "[Staff] Someone must check this document before it is handed over.",
    ),
}
Word = Callable[[str], str]
STYLE = (
    "body{font-family:'Noto Sans CJK JP','Noto Sans JP',sans-serif;line-height:1.6;max-width:50rem;margin:2rem auto}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #666;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top}dl{display:grid;grid-template-columns:10rem 1fr}dd{margin:0}.check{border:2px solid #900;"
    "padding:.5rem}section{break-inside:avoid-page}"
)


def as_html(found: Disclosure) -> str:
    """The whole page as text (UTF-8)."""
    language = "en" if found.language.startswith("en") else "ja"

    def word(name: str) -> str:
        return WORDS[name][language == "en"]

    held, header = found.held, found.held.header
    address = word("withheld_address") if header.address_withheld else header.address
    person = [
        (word("name"), header.name),
        (word("kana"), header.kana),
        (word("birth_date"), _day(header.birth_date)),
        (word("sex"), header.sex),
        (word("address"), address),
        (word("numbers"), ", ".join((header.case_no, *held.refs))),
        (word("as_of"), _day(held.as_of)),
    ]
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(word("title"))}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(word('title'))}</h1>",
        f'<p class="check">{escape(word("to_check"))}</p>' if found.needs_a_person else "",
        _list(person),
        f"<p>{escape(word('others'))}</p>",
        *(_section(source, word_of=word) for source in held.sources),
    ]
    if found.difficulties:
        parts.append(
            f"<section><h2>{escape(word('derived'))}</h2><p>{escape('、'.join(found.difficulties))}</p></section>"
        )
    if found.judgements:
        rows = "".join(
            f"<tr><td>{_day(one.day)}</td><td>{escape(one.outcome)}</td><td>{escape(one.text)}</td></tr>"
            for one in found.judgements
        )
        parts.append(f"<section><h2>{escape(word('judgements'))}</h2><table>{rows}</table></section>")
    return "\n".join(part for part in parts if part) + "\n</body></html>\n"


def _section(source: HeldSource, *, word_of: Word) -> str:
    facts = [
        (word_of("owner"), source.owner),
        (word_of("purpose"), source.purpose),
        (word_of("basis"), source.legal_basis),
        (word_of("source_day"), _day(source.as_of)),
    ]
    if source.withheld:
        facts.append((word_of("above"), str(source.withheld)))
    tables = "".join(_table(table, word_of=word_of) for table in source.tables)
    return f"<section><h2>{escape(source.label)}</h2>{_list(facts)}{tables}</section>"


def _table(table: HeldTable, *, word_of: Word) -> str:
    rows = "".join(
        "<tr><td>{}</td><td>{}</td></tr>".format(
            _day(row.day),
            "<br>".join(f"{escape(value.label)}: {escape(value.text) or _day(value.day)}" for value in row.values),
        )
        for row in table.rows
    )
    head = f"<tr><th>{escape(word_of('day'))}</th><th>{escape(word_of('items'))}</th></tr>"
    return f"<h3>{escape(table.label)}</h3><table>{head}{rows}</table>"


def _list(facts: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts if text) + "</dl>"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
