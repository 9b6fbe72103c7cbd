"""Load and check every indicator; the closed list of indicators that conditions may name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from mimamori.config import home_of
from mimamori.refusal import Refused
from mimamori.screening.indicators.schema import Indicator, IndicatorFile
from mimamori.sources.registry import Registry, declared, load_registry, shipped_registry
from mimamori.sources.schema import Label

ROW_TABLE = re.compile(r"\brow_([a-z0-9_]+?)__([a-z0-9_]+)\b")
WORD = re.compile(r"(?<![\w$])[a-z][a-z0-9_]*\b(?!\()")  # a name, not a function and not what is bound
LITERAL = re.compile(r"'[^']*'")


@dataclass(frozen=True)
class Indicators:
    """All indicators in the order of their files, each with its area of life."""

    areas: tuple[tuple[Label, tuple[Indicator, ...]], ...]

    def __iter__(self) -> Iterator[Indicator]:
        for _, indicators in self.areas:
            yield from indicators

    def __len__(self) -> int:
        return sum(len(indicators) for _, indicators in self.areas)

    def __contains__(self, name: object) -> bool:
        return any(indicator.id == name for indicator in self)

    def get(self, name: str) -> Indicator:
        """The indicator called `name`; raises `Refused` where there is none."""
        for indicator in self:
            if indicator.id == name:
                return indicator
        raise Refused(
            f"指標「{name}」はありません。`mimamori screen list` で一覧を確かめてください。",
            f"There is no indicator {name!r}; `mimamori screen list` lists them.",
        )


def load_indicators() -> Indicators:
    """The indicators of this installation: those of the package and of `$MIMAMORI_HOME/indicators`, where a file of
    the same name stands in the place of the package's. Checked against the layouts; raises `Refused` naming the fault.
    """
    return _indicators(home_of())


def shipped_indicators() -> Indicators:
    """The indicators of the package alone."""
    return _indicators(None)


@cache
def _indicators(home: Path | None) -> Indicators:
    own = home / "indicators" if home else None
    read = declared(files("mimamori.screening.indicators"), own, IndicatorFile)
    indicators = Indicators(tuple((file.area, tuple(_with_purpose(file))) for file in read.values()))
    check(indicators, load_registry() if home else shipped_registry())
    return indicators


def _with_purpose(file: IndicatorFile) -> Iterator[Indicator]:
    for indicator in file.indicator:
        yield indicator if indicator.purpose else indicator.model_copy(update={"purpose": file.purpose})


def check(indicators: Indicators, registry: Registry) -> None:
    """Raises `Refused` naming the first indicator whose name, items or tables do not hold against the layouts.

    Each item that its SQL reads is named, so that nothing is used whose purpose and basis are not told.
    """
    seen: set[str] = set()
    for indicator in indicators:
        if indicator.id in seen:
            raise _wrong(indicator, "同じ名前の指標が2つあります", "the name is used twice")
        seen.add(indicator.id)
        for item in indicator.items:
            if not _exists(registry, item):
                raise _wrong(indicator, f"項目 {item} がレイアウトにありません", f"no layout has the item {item}")
        named = {(item.split(".")[0], item.split(".")[1]) for item in indicator.items}
        for source, table in ROW_TABLE.findall(indicator.sql):
            if (source, table) not in named:
                raise _wrong(
                    indicator,
                    f"SQL が {source}.{table} を読みますが、項目の一覧にありません",
                    f"the SQL reads {source}.{table}, of which no item is named",
                )
        if unnamed := sorted(items_read(indicator.sql, registry) - set(indicator.items)):
            raise _wrong(
                indicator,
                f"SQL が読む項目 {'、'.join(unnamed)} が、項目の一覧にありません",
                f"the SQL reads {', '.join(unnamed)}, which its items do not name",
            )


def items_read(sql: str, registry: Registry) -> set[str]:
    """The items whose names occur in SQL that reads their table: what a purpose and a legal basis must be told for."""
    words = set(WORD.findall(LITERAL.sub("", sql)))
    read = set(ROW_TABLE.findall(sql))
    return {
        f"{layout.name}.{table.name}.{item.field}"
        for layout, table in registry.tables()
        if (layout.name, table.name) in read
        for item in table.loaded_items()
        if item.field in words
    }


def _exists(registry: Registry, item: str) -> bool:
    source, table_name, field = item.split(".")
    for layout, table in registry.tables():
        if (layout.name, table.name) == (source, table_name):
            return any(found.field == field and found.loaded for found in table.items)
    return False


def _wrong(indicator: Indicator, ja: str, en: str) -> Refused:
    return Refused(f"指標 {indicator.id}: {ja}。", f"Indicator {indicator.id}: {en}.")
