"""`mimamori sources`: the layouts, as a table, as JSON, and one in full."""

from __future__ import annotations

import unicodedata

import click

from mimamori.cli.entry import config, put_json


def _padded(text: str, width: int) -> str:
    """Pad to a width on the screen, where a kanji takes two columns."""
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(1, width - taken)


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="JSON で標準出力へ / one JSON document")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """システムのレイアウトの一覧 / the source systems' layouts."""
    if context.invoked_subcommand:
        return
    from mimamori.sources import load_registry

    registry, language = load_registry(), config().language
    if as_json:
        put_json(
            [
                {
                    "name": layout.name,
                    "label": layout.label.text(language),
                    "owner": layout.owner.text(language),
                    "network": layout.network,
                    "items": sum(len(table.items) for table in layout.tables),
                    "files": [f"{layout.name}.{table.name}" for table in layout.tables],
                }
                for layout in registry
            ]
        )
        return
    for layout in registry:
        items = sum(len(table.items) for table in layout.tables)
        name, owner = _padded(layout.name, 26), _padded(layout.owner.text(language), 32)
        label = _padded(layout.label.text(language), 40)
        click.echo(f"{layout.number:>2}  {name}{label}{owner}{layout.network:<8}{items:>4}{len(layout.tables):>4}")


@command.command()
@click.argument("name")
def show(name: str) -> None:
    """一つのレイアウトのすべての項目 / one layout with every item."""
    from mimamori.sources import load_registry

    layout, language = load_registry().get(name), config().language
    click.echo(f"{layout.label.text(language)} ({layout.name} {layout.version})  {layout.owner.text(language)}")
    click.echo(f"{layout.purpose} / {layout.legal_basis} ({layout.decided_on})")
    for table in layout.tables:
        click.echo(f"\n{table.label.text(language)} ({table.name}, {table.kind}, {table.format.kind})")
        for item in table.items:
            sensitivity = layout.sensitivity_of(item)
            marks = f"{item.type:<9}{sensitivity}  {item.codes or ''}{'' if item.loaded else '  (off)'}"
            click.echo(f"  {_padded(item.label.text(language), 40)}{_padded(item.field, 28)}{marks}")
