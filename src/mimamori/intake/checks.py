"""What a file is held against before it is believed: its manifest, 個人番号, registers, earlier deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pyarrow.compute as pc

from mimamori.intake.delivery import Delivery, Notice, TableCounts
from mimamori.intake.extracts import Arrival
from mimamori.intake.tabular import Content, Rows
from mimamori.privacy.personal_number import looks_like_personal_numbers, written_numbers
from mimamori.refusal import Refused
from mimamori.sources import Table

FELL_TO = 2 / 3  # a full extract that falls below this share of the one before asks for confirmation
LEAST_TO_COMPARE = 30  # rows; below it a fall says nothing
FEW_BAD = 3  # bad rows that no file is refused for, unless they are more than half of it
LONGEST_GAP = timedelta(days=366)  # no source is delivered less than once a year


def check_manifest(arrival: Arrival) -> None:
    """The file is the one its manifest speaks of, whole, of its table's kind and of the layout's version."""
    manifest, name, looked = arrival.manifest, arrival.name, arrival.looked
    if manifest is None:
        if not looked.size:
            raise Refused(f"{name}: 空のファイルです。", f"{name}: the file is empty.")
        return
    if manifest.sha256.lower() != looked.sha256:
        raise Refused(
            f"{name}: 送り状のハッシュ値と合いません。途中で切れたか、書き換わっています。",
            f"{name}: the hash is not the manifest's: cut off or altered.",
        )
    if manifest.layout_version not in {None, arrival.layout.version}:
        raise Refused(
            f"{name}: レイアウトの版が違います(届け出 {arrival.layout.version})。",
            f"{name}: the layout's version is not {arrival.layout.version}.",
        )
    if manifest.kind not in {None, arrival.table.kind}:
        due = ("全件", "full") if arrival.table.kind == "full" else ("差分", "a difference")
        raise Refused(
            f"{name}: 提供の種類が違います(この表は{due[0]}です)。",
            f"{name}: another kind of delivery: this table is {due[1]}.",
        )


def check_rows(told: int | None, received: int, name: str) -> None:
    """As many rows as the manifest says."""
    if told is not None and told != received:
        raise Refused(
            f"{name}: 送り状の件数 {told} と、読めた件数 {received} が合いません。",
            f"{name}: the manifest says {told} rows, {received} were read.",
        )


def check_bad(bad: int, received: int, table: Table, name: str) -> None:
    """Not more bad rows than the table's layout allows; a few in a short file say nothing yet."""
    if bad <= max(table.most_bad * received, min(FEW_BAD, received / 2)):
        return
    raise Refused(
        f"{name}: {received:,} 行のうち {bad:,} 行に誤りがあります(この表の限度は {table.most_bad:.1%})。"
        "レイアウトの版と中身を確かめて、もう一度提供してください。",
        f"{name}: {bad:,} of {received:,} rows are bad; this table allows {table.most_bad:.1%}.",
    )


def check_keys(keys: int, unmatched: int, table: Table, name: str) -> None:
    """Enough of the numbers are numbers that the registers know: else it is another city's file, or another column."""
    if keys < LEAST_TO_COMPARE or keys - unmatched >= table.least_known * keys:
        return
    raise Refused(
        f"{name}: 番号 {keys:,} 件のうち {unmatched:,} 件が台帳にありません。"
        "別の市区町村や別の列のファイルではありませんか。",
        f"{name}: {unmatched:,} of {keys:,} numbers are in no register: is it another city's file, or another column?",
    )


class PersonalNumbers:
    """Looks at every column that may hold 個人番号, declared or not (the file is kept as received)."""

    MOST = 20_000  # distinct numbers of a column that are looked at: more say no more
    _LONG = r"^[\d\s０-９][^一-鿿ぁ-ヿA-Za-z]{10,}$"  # what may be twelve digits; looked at closely one by one

    def __init__(self, table: Table, name: str) -> None:
        self._labels = {item.field: item.label.ja for item in table.items}
        self._apart = {item.field for item in table.items if item.type in {"code", "date", "month", "flag"}}
        self._name = name
        self._seen: dict[str, set[str]] = {}

    def see(self, rows: Rows) -> None:
        columns = [(field, cells) for field, cells in rows.columns.items() if field not in self._apart]
        for label, cells in [*columns, *(("届け出のない列", cells) for cells in rows.undeclared)]:
            seen = self._seen.setdefault(label, set())
            if len(seen) >= self.MOST:
                continue
            long = cells.filter(pc.match_substring_regex(cells, self._LONG))
            seen.update(written_numbers(pc.unique(long).to_pylist()))

    def check(self) -> None:
        for field, seen in self._seen.items():
            if looks_like_personal_numbers(seen):
                label = self._labels.get(field, field)
                raise Refused(
                    f"{self._name}: 項目「{label}」が個人番号の形をしています。個人番号は受領できません。",
                    f"{self._name}: the column {label} looks like 個人番号, which are never taken.",
                )


def gaps(arrival: Arrival, earlier: Iterable[Delivery]) -> list[int]:
    """Numbers below the newest that no file of this table has had: deliveries that are still to come."""
    had = {arrival.number} if arrival.number else set()
    had |= {d.tables[arrival.table.name].sequence for d in earlier if arrival.table.name in d.tables}
    numbers = {number for number in had if number}
    return sorted(set(range(min(numbers, default=0), max(numbers, default=0))) - numbers)


def incomplete(arrival: Arrival, missing: Sequence[int]) -> list[Notice]:
    """A difference means nothing whole while one before it is missing."""
    if arrival.table.kind == "full" or not missing:
        return []
    listed = ", ".join(map(str, missing[:10]))
    return [
        (
            f"{arrival.table.label.ja}: 連番 {listed} の差分が届いていません。届くまで、その分は欠けたままです。",
            f"{arrival.table.label.en}: the differences numbered {listed} have not come yet; what they say is missing.",
        )
    ]


def check_sequence(arrival: Arrival, earlier: Iterable[Delivery]) -> None:
    """Two differences of one day and one number would have no order: which of them holds?"""
    if arrival.manifest is None or arrival.manifest.sequence is None or arrival.table.kind == "full":
        return
    for delivery in earlier:
        counts = delivery.tables.get(arrival.table.name)
        if counts and (delivery.as_of, counts.sequence) == (arrival.as_of, arrival.manifest.sequence):
            raise Refused(
                f"{arrival.name}: 同じ基準日・連番 {counts.sequence} の差分を別の内容で受領済みです。"
                "訂正は次の連番で提供してください。",
                f"{arrival.name}: another difference with the number {counts.sequence} was received for that day; "
                "a correction needs the next number.",
            )


def fallen(arrival: Arrival, counts: TableCounts, earlier: Sequence[Delivery]) -> list[Notice]:
    """A full table that lost more than a third of its rows since the delivery before (of an earlier day or its own)."""
    table, before = arrival.table, _before(arrival, earlier)
    if table.kind == "difference" or before is None:
        return []
    was, now = (one.stored + one.out_of_scope for one in (before, counts))
    if was < LEAST_TO_COMPARE or now >= was * FELL_TO:
        return []
    return [
        (
            f"{table.label.ja}: 前回 {was:,} 件から {now:,} 件に減っています。",
            f"{table.label.en}: {now:,} rows after {was:,}.",
        )
    ]


def vanished(arrival: Arrival, counts: TableCounts, earlier: Sequence[Delivery]) -> list[Notice]:
    """Schools or offices that had rows in the delivery before and have none now."""
    table, before = arrival.table, _before(arrival, earlier)
    if table.groups is None or before is None or not counts.received:
        return []
    gone = sorted(set(before.groups) - set(counts.groups) - {""})
    if not gone:
        return []
    item, listed = table.item(table.groups), ", ".join(gone[:5]) + (" …" if len(gone) > 5 else "")
    return [
        (
            f"{table.label.ja}: 前回あった{item.label.ja}のうち {len(gone)} 件({listed})の行がありません。",
            f"{table.label.en}: no rows of {len(gone)} of those that were there before by {item.label.en} ({listed}).",
        )
    ]


def _before(arrival: Arrival, earlier: Sequence[Delivery]) -> TableCounts | None:
    """The counts of the table in the delivery before; `earlier`: those of its source, by day."""
    name = arrival.table.name
    counts = [d.tables[name] for d in earlier if d.as_of <= arrival.as_of and name in d.tables]
    return counts[-1] if counts else None


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


def as_before(arrival: Arrival, counts: TableCounts, earlier: Iterable[Delivery]) -> list[Notice]:
    """A file that only its name says is of this day, with the very content of another day's: perhaps sent again."""
    if arrival.manifest is not None or not counts.received:
        return []
    for delivery in earlier:
        other = delivery.tables.get(arrival.table.name)
        if other and other.sha256 == counts.sha256:
            return [
                (
                    f"{arrival.name}: {delivery.as_of} の提供と内容がまったく同じです。",
                    f"{arrival.name}: its content is that of {delivery.as_of}.",
                )
            ]
    return []


def absent(arrival: Arrival, content: Content) -> list[Notice]:
    """Items that the file has no column for: they are unknown, not blank."""
    if not content.absent:
        return []
    return [
        (
            f"{arrival.name}: 列がない項目があります({'、'.join(content.absent)})。",
            f"{arrival.name}: there is no column for {', '.join(content.absent)}.",
        )
    ]
