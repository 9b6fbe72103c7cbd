"""`mimamori sources`: the source systems and what is loaded from each, as the layouts declare it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mimamori.cli.columns import aligned
from mimamori.cli.entry import config, put_json
from mimamori.cli.options import JSON

if TYPE_CHECKING:
    from mimamori.sources import Item, Layout, Table

NETWORKS = {"core": {"ja": "業務系", "en": "core"}, "school": {"ja": "校務系", "en": "school"}}
TYPES = {
    "text": ("文字", "text"), "number": ("数値", "number"), "integer": ("整数", "integer"), "date": ("日付", "date"),
    "month": ("年月", "month"), "code": ("コード", "code"), "flag": ("有無", "flag"),
}  # fmt: skip
HEADINGS = {
    "ja": ("番号", "システム", "名称", "保有課", "ネットワーク", "項目", "ファイル"),
    "en": ("No.", "system", "name", "owner", "network", "items", "files"),
}
ITEM_HEADINGS = {
    "ja": ("項目", "名前", "型", "必須", "機微度", "備考"),
    "en": ("label", "item", "type", "required", "sensitivity", "notes"),
}


@click.group(invoke_without_command=True)
@JSON
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """連携する業務システムとレイアウトを一覧にします / the source systems and their layouts."""
    from mimamori.sources import load_registry

    if context.invoked_subcommand is not None:
        return
    language = config().language
    layouts = load_registry().layouts
    if as_json:
        put_json([summary(layout, language) for layout in layouts])
        return
    rows = [
        (
            str(layout.number), layout.name, layout.label.text(language), layout.owner.text(language),
            NETWORKS[layout.network][language], str(count_items(layout)), str(len(layout.tables)),
        )
        for layout in layouts
    ]  # fmt: skip
    for line in aligned(HEADINGS[language], rows, right=frozenset({0, 5, 6})):
        click.echo(line)


@command.command()
@click.argument("name")
@JSON
def show(name: str, as_json: bool) -> None:
    """1 つのシステムの全項目・コード・目的・根拠を示します / every item of one system."""
    from mimamori.sources import load_registry

    layout = load_registry().get(name)
    language = config().language
    if as_json:
        put_json(document(layout, language))
        return
    for line in page(layout, language):
        click.echo(line)


def count_items(layout: Layout) -> int:
    return sum(len(table.items) for table in layout.tables)


def summary(layout: Layout, language: str) -> dict[str, Any]:
    """One system in the list of `--json`."""
    return {
        "number": layout.number,
        "name": layout.name,
        "label": layout.label.text(language),
        "owner": layout.owner.text(language),
        "network": layout.network,
        "optional": layout.optional,
        "version": layout.version,
        "items": count_items(layout),
        "files": [layout.file_pattern(table) for table in layout.tables],
    }


def document(layout: Layout, language: str) -> dict[str, Any]:
    """One system with all its tables and items; what an item leaves to its layout is filled in."""
    return summary(layout, language) | {
        "sensitivity": layout.sensitivity,
        "purpose": layout.purpose,
        "legal_basis": layout.legal_basis,
        "decided_on": layout.decided_on,
        "frequency_days": layout.frequency_days,
        "freshness_days": layout.freshness_days,
        "retention_years": layout.retention_years,
        "coverage": layout.coverage.model_dump(),
        "tables": [
            {
                "name": table.name,
                "label": table.label.text(language),
                "kind": table.kind,
                "row_key": table.row_key,
                "format": table.format.model_dump(),
                "items": [
                    item.model_dump(exclude_none=True)
                    | {
                        "label": item.label.text(language),
                        "codes": {
                            code: label.text(language) for code, label in layout.codes.get(item.codes or "", {}).items()
                        },
                        "sensitivity": layout.sensitivity_of(item),
                        "purpose": layout.purpose_of(item),
                        "legal_basis": layout.legal_basis_of(item),
                    }
                    for item in table.items
                ],
            }
            for table in layout.tables
        ],
    }


def page(layout: Layout, language: str) -> list[str]:
    """One system for a person to read: the layout's own particulars, its tables, its code tables."""
    english = language == "en"
    head = (
        ("保有課", "owner", layout.owner.text(language)),
        ("ネットワーク", "network", NETWORKS[layout.network][language]),
        ("目的", "purpose", layout.purpose),
        ("根拠", "legal basis", layout.legal_basis),
        ("決定日", "decided on", layout.decided_on),
        ("機微度", "sensitivity", str(layout.sensitivity)),
        ("提供の間隔(日)", "a delivery every (days)", str(layout.frequency_days)),
        ("鮮度の期限(日)", "fresh for (days)", str(layout.freshness_days)),
        ("保存(年)", "kept (years)", str(layout.retention_years)),
    )
    lines = [f"{layout.number}. {layout.label.text(language)} ({layout.name}, {layout.version})"]
    lines += [f"  {en if english else ja}: {value}" for ja, en, value in head]
    if layout.coverage.note:
        lines.append(f"  {layout.coverage.note.text(language)}")
    for table in layout.tables:
        kind = {"full": ("全件", "full"), "difference": ("差分", "difference")}[table.kind][english]
        file = f"{layout.file_pattern(table)} ({table.format.encoding}, {kind})"
        lines += ["", f"[{table.name}] {table.label.text(language)} — {file}"]
        rows = [_row(layout, table, item, language) for item in table.items]
        lines += aligned(ITEM_HEADINGS[language], rows, right=frozenset({4}))
    for name, codes in layout.codes.items():
        lines += ["", f"{'code table' if english else 'コード表'} {name}"]
        lines += [f"  {code}  {label.text(language)}" for code, label in codes.items()]
    return lines


def _row(layout: Layout, table: Table, item: Item, language: str) -> tuple[str, ...]:
    english = language == "en"
    notes = [
        ("row key" if english else "行の鍵") if item.field in table.row_key else "",
        ("uncertain days kept" if english else "不詳あり") if item.uncertain else "",
        ("identity" if english else "識別") if item.identity else "",
        ("not loaded" if english else "読み込まない") if not item.loaded else "",
        f"{item.unit.text(language)}" if item.unit else "",
        f"{'purpose' if english else '目的'}: {item.purpose}" if item.purpose else "",
        f"{'basis' if english else '根拠'}: {item.legal_basis}" if item.legal_basis else "",
    ]
    return (
        item.label.text(language),
        item.field,
        TYPES[item.type][english] + (f" {item.codes}" if item.codes else ""),
        ("yes" if english else "必須") if item.required else "",
        str(layout.sensitivity_of(item)),
        ", ".join(note for note in notes if note),
    )
