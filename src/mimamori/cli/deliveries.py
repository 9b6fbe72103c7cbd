"""`mimamori deliveries`: what was received, and the quality of one delivery against the months before it.

The document of one delivery (`--json` with SOURCE and ID), shares 0–1, oldest day first:
`{source, label, delivery, as_of, received_at, reasons, tables: [{table, label, file, kind, sequence, received, stored,
quarantined, out_of_scope, added, changed, gone, undeclared, missing_numbers, keys: {role: {rows, unmatched}}, days,
items: [{item, label, filled: [share or null by day], usual, fell, codes_unknown, dates: {status: rows}, wildcards}]}],
quarantine: [{file, sheet, line, item: {ja, en}, reason: {ja, en}}]}`. Without ID: a list of
`{source, label, delivery, as_of, received_at, received, stored, quarantined, out_of_scope, fallen_items}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from mimamori.cli.columns import aligned
from mimamori.cli.entry import config, put_json, say
from mimamori.cli.options import JSON

if TYPE_CHECKING:
    from mimamori.intake import Delivery
    from mimamori.sources import Registry

QUARANTINE_TOLD = 20  # lines on the screen; the document has all


@click.command()
@click.argument("source", required=False)
@click.argument("delivery_id", metavar="[ID]", required=False)
@JSON
def command(source: str | None, delivery_id: str | None, as_json: bool) -> int:
    """受領した提供の一覧と、1 回ごとの品質 / what was received, and how good it is.

    1 回の提供では、件数、追加・変更・消滅、項目ごとの記入率と最近の月との差、未知のコード、外字などを示します。
    記入率が大きく下がった項目があれば終了コード 1 です。
    """
    from mimamori.intake import deliveries
    from mimamori.sources import load_registry

    settings, registry = config(), load_registry()
    everything = deliveries(settings)
    if source:
        registry.get(source)
    if source and delivery_id:
        return _one(everything, registry, source, delivery_id, as_json=as_json)
    chosen = [delivery for delivery in everything if source in {None, delivery.source}]
    listed = [_line(delivery, everything, registry) for delivery in chosen]
    if as_json:
        put_json(listed)
        return 0
    if listed:
        _tell_list(listed)
    else:
        say("受領した提供はありません。", "No delivery has been received.")
    return 0


def _line(delivery: Delivery, everything: Sequence[Delivery], registry: Registry) -> dict[str, Any]:
    from mimamori.intake.quality import fallen

    return {
        "source": delivery.source,
        "label": registry.get(delivery.source).label.model_dump(),
        "delivery": delivery.id,
        "as_of": delivery.as_of.isoformat(),
        "received_at": delivery.received_at.isoformat(),
        **delivery.totals,
        "fallen_items": fallen(delivery, everything),
    }


def _one(everything: Sequence[Delivery], registry: Registry, source: str, delivery_id: str, *, as_json: bool) -> int:
    from mimamori.intake import find, quarantine
    from mimamori.intake.quality import english_labels, report
    from mimamori.intake.records import place_of
    from mimamori.privacy.keys import KeyRing

    settings = config()
    told = report(find(everything, source, delivery_id), everything, registry.get(source))
    held, labels = [], english_labels(registry.get(source))
    for row in quarantine(settings, KeyRing(settings.keys), source, delivery_id):
        sheet, line = place_of(row.line)
        item = {"ja": row.item, "en": labels.get(row.item, row.item)}
        reason = {"ja": row.reason_ja, "en": row.reason_en}
        held.append({"file": row.file, "sheet": sheet, "line": line, "item": item, "reason": reason})
    if as_json:
        put_json({**told, "quarantine": held})
    else:
        _tell(told, held)
    return 1 if any(item["fell"] for table in told["tables"] for item in table["items"]) else 0


def _english() -> bool:
    return config().language == "en"


def _tell_list(listed: list[dict[str, Any]]) -> None:
    english = _english()
    heading = ["システム", "提供", "受領", "保存", "隔離", "対象外", "記入率の低下"]
    if english:
        heading = ["source", "delivery", "received", "stored", "quarantined", "out of scope", "fallen items"]
    numbers = ("received", "stored", "quarantined", "out_of_scope", "fallen_items")
    rows = [[one["source"], one["delivery"], *(f"{one[name]:,}" for name in numbers)] for one in listed]
    for line in aligned(heading, rows, frozenset(range(2, 7))):
        click.echo(line)


FIGURES = (
    ("received", "受領", "received"),
    ("stored", "保存", "stored"),
    ("quarantined", "隔離", "quarantined"),
    ("out_of_scope", "対象外", "out of scope"),
    ("added", "追加", "added"),
    ("changed", "変更", "changed"),
    ("gone", "消滅", "gone"),
)


def _tell(told: dict[str, Any], held: list[dict[str, Any]]) -> None:
    english = _english()
    language = "en" if english else "ja"
    click.echo(f"{told['label'][language]}  {told['delivery']}")
    for reason in told["reasons"]:
        click.echo(f"  {reason}")
    for table in told["tables"]:
        click.echo(f"\n{table['label'][language]}  {table['file']}")
        click.echo("  ".join(f"{en if english else ja} {table[name]:,}" for name, ja, en in FIGURES))
        if table["missing_numbers"]:
            numbers = ", ".join(map(str, table["missing_numbers"]))
            click.echo(f"{'missing numbers' if english else '連番の欠け'}: {numbers}")
        for role, keys in table["keys"].items():
            words = "keys that no register knows" if english else "住民・児童生徒と照合できない番号"
            click.echo(f"{words} ({role}): {keys['unmatched']:,} / {keys['rows']:,}")
        click.echo()
        heading = ["項目", "記入率", "ふだん", "", "未知のコード", "外字", "日付"]
        if english:
            heading = ["item", "filled", "usual", "", "unknown codes", "wildcards", "dates"]
        rows = [_item(item, language) for item in table["items"]]
        for line in aligned(heading, rows, frozenset({1, 2, 4, 5})):
            click.echo(line)
    if held:
        click.echo("\nQuarantined rows" if english else "\n隔離した行")
    for row in held[:QUARANTINE_TOLD]:
        click.echo(f"  {row['file']}  {_place(row, english)}  {row['item'][language]}  {row['reason'][language]}")
    if len(held) > QUARANTINE_TOLD:
        more = len(held) - QUARANTINE_TOLD
        click.echo(f"  and {more:,} more (--json has all)" if english else f"  ほかに {more:,} 行(--json で全部)")


def _place(row: dict[str, Any], english: bool) -> str:
    if english:
        return (f"sheet {row['sheet']} " if row["sheet"] else "") + f"line {row['line']:,}"
    return (f"シート{row['sheet']} " if row["sheet"] else "") + f"{row['line']:,}行目"


def _item(item: dict[str, Any], language: str) -> list[str]:
    """One item: filled now, what is usual, whether it fell, and what else was seen in it."""
    usual = "—" if item["usual"] is None else f"{item['usual']:.1%}"
    fell = ("! fell" if language == "en" else "! 低下") if item["fell"] else ""
    dates = " ".join(f"{status} {rows:,}" for status, rows in item["dates"].items())
    codes, wildcards = (f"{item[name]:,}" if item[name] else "" for name in ("codes_unknown", "wildcards"))
    return [item["label"][language], f"{item['filled'][-1]:.1%}", usual, fell, codes, wildcards, dates]
