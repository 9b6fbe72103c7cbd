"""What a file is held against before it is believed: its manifest, 個人番号, and the deliveries before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from mimamori.intake.delivery import Delivery, TableCounts
from mimamori.intake.extracts import Extract
from mimamori.intake.tabular import Sheet
from mimamori.privacy.personal_number import looks_like_personal_numbers
from mimamori.refusal import Refused

FELL_TO = 2 / 3  # a full extract that falls below this share of the one before asks for confirmation
LEAST_TO_COMPARE = 30  # rows; below it a fall says nothing
LONGEST_GAP = timedelta(days=366)  # no source is delivered less than once a year
Notice = tuple[str, str]  # ja, en


def check_manifest(extract: Extract, data: bytes, digest: str) -> None:
    """The file is the one its manifest speaks of, whole, of its table's kind and of the layout's version."""
    manifest, name = extract.manifest, extract.name
    if manifest is None:
        if not data:
            raise Refused(f"{name}: 空のファイルです。", f"{name}: the file is empty.")
        return
    if manifest.sha256.lower() != digest:
        raise Refused(
            f"{name}: 送り状のハッシュ値と合いません。途中で切れたか、書き換わっています。",
            f"{name}: the hash is not the manifest's: cut off or altered.",
        )
    if manifest.layout_version not in {None, extract.layout.version}:
        raise Refused(
            f"{name}: レイアウトの版が違います(届け出 {extract.layout.version})。",
            f"{name}: the layout's version is not {extract.layout.version}.",
        )
    if manifest.kind not in {None, extract.table.kind}:
        due = ("全件", "full") if extract.table.kind == "full" else ("差分", "a difference")
        raise Refused(
            f"{name}: 提供の種類が違います(この表は{due[0]}です)。",
            f"{name}: another kind of delivery: this table is {due[1]}.",
        )


def check_rows(extract: Extract, sheet: Sheet) -> None:
    """As many rows as the manifest says, and no column of 個人番号, declared or not (the file is kept as received)."""
    name = extract.name
    if extract.manifest and extract.manifest.rows != sheet.received:
        raise Refused(
            f"{name}: 送り状の件数 {extract.manifest.rows} と、読めた件数 {sheet.received} が合いません。",
            f"{name}: the manifest says {extract.manifest.rows} rows, {sheet.received} were read.",
        )
    labels = {item.field: item.label.ja for item in extract.table.items}
    columns = [(labels.get(field, field), values) for field, values in sheet.columns.items()]
    columns += [("届け出のない列", values) for values in sheet.undeclared]
    for label, values in columns:
        if looks_like_personal_numbers(values):
            raise Refused(
                f"{name}: 項目「{label}」が個人番号の形をしています。個人番号は受領できません。",
                f"{name}: the column {label} looks like 個人番号, which are never taken.",
            )


def check_sequence(extract: Extract, earlier: Iterable[Delivery]) -> None:
    """Two differences of one day and one number would have no order: which of them holds?"""
    if extract.manifest is None or extract.manifest.sequence is None or extract.table.kind == "full":
        return
    for delivery in earlier:
        counts = delivery.tables.get(extract.table.name)
        if counts and (delivery.as_of, counts.sequence) == (extract.as_of, extract.manifest.sequence):
            raise Refused(
                f"{extract.name}: 同じ基準日・連番 {counts.sequence} の差分を別の内容で受領済みです。"
                "訂正は次の連番で提供してください。",
                f"{extract.name}: another difference with the number {counts.sequence} was received for that day; "
                "a correction needs the next number.",
            )


def fallen(extract: Extract, counts: TableCounts, earlier: Sequence[Delivery]) -> list[Notice]:
    """A full table that lost more than a third of its rows since the delivery before (of an earlier day or its own)."""
    table = extract.table
    before = [d.tables[table.name] for d in earlier if d.as_of <= extract.as_of and table.name in d.tables]
    if table.kind == "difference" or not before:
        return []
    was, now = before[-1].stored, counts.stored
    if was < LEAST_TO_COMPARE or now >= was * FELL_TO:
        return []
    return [
        (
            f"{table.label.ja}: 前回 {was:,} 件から {now:,} 件に減っています。",
            f"{table.label.en}: {now:,} rows after {was:,}.",
        )
    ]


def far_ahead(as_of: date, everything: Sequence[Delivery]) -> list[Notice]:
    """A day long after every delivery of any source: mistyped, it would make the next night one of that year."""
    newest = max((delivery.as_of for delivery in everything), default=as_of)
    if as_of - newest <= LONGEST_GAP:
        return []
    return [
        (
            f"基準日 {as_of} は、受領済みのどの提供({newest} まで)からも 1 年以上先です。",
            f"The day {as_of} is more than a year after every delivery (the newest is of {newest}).",
        )
    ]


def as_before(extract: Extract, counts: TableCounts, earlier: Iterable[Delivery]) -> list[Notice]:
    """A file that only its name says is of this day, with the very content of another day's: perhaps sent again."""
    if extract.manifest is not None or not counts.received:
        return []
    for delivery in earlier:
        other = delivery.tables.get(extract.table.name)
        if other and other.sha256 == counts.sha256:
            return [
                (
                    f"{extract.name}: {delivery.as_of} の提供と内容がまったく同じです。",
                    f"{extract.name}: its content is that of {delivery.as_of}.",
                )
            ]
    return []


def absent(extract: Extract, sheet: Sheet) -> list[Notice]:
    """Items that the file has no column for: they are unknown, not blank."""
    if not sheet.absent:
        return []
    return [
        (
            f"{extract.name}: 列がない項目があります({'、'.join(sheet.absent)})。",
            f"{extract.name}: there is no column for {', '.join(sheet.absent)}.",
        )
    ]
