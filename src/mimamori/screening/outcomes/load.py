"""Read the later events of each difficulty and check them against the layouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from mimamori.config import home_of
from mimamori.karte.rows import shown_items
from mimamori.refusal import Refused
from mimamori.screening.indicators import DIFFICULTIES, Difficulty
from mimamori.screening.outcomes.schema import Outcome
from mimamori.sources import Registry
from mimamori.sources.registry import declared, load_registry, shipped_registry

FLAGS = ("true", "false")


def load_outcomes() -> Mapping[Difficulty, Outcome]:
    """By difficulty, those of the package and of `$MIMAMORI_HOME/outcomes`, where a file of the same name stands in the
    place of the package's. Raises `Refused` naming what does not hold against the layouts."""
    return _outcomes(home_of())


def shipped_outcomes() -> Mapping[Difficulty, Outcome]:
    """Those of the package alone."""
    return _outcomes(None)


@cache
def _outcomes(home: Path | None) -> Mapping[Difficulty, Outcome]:
    read = declared(files("mimamori.screening.outcomes"), home / "outcomes" if home else None, Outcome)
    found = {outcome.difficulty: outcome for outcome in read.values()}
    if set(found) != set(DIFFICULTIES) or len(read) != len(DIFFICULTIES):
        raise Refused(
            "あとの出来事(outcomes)は、類型ごとに1つのファイルにしてください。",
            "Later events (outcomes) are one file for each difficulty.",
        )
    check(found.values(), load_registry() if home else shipped_registry())
    return {difficulty: found[difficulty] for difficulty in DIFFICULTIES}


def check(outcomes: Iterable[Outcome], registry: Registry) -> None:
    """Raises `Refused` naming the first event whose table, items or codes no layout has."""
    known = {f"{layout.name}.{table.name}": (layout, table) for layout, table in registry.tables()}
    for outcome in outcomes:
        for event in outcome.events:
            if event.table not in known:
                raise _wrong(outcome, event.table)
            layout, table = known[event.table]
            items = {item.field: item for item in shown_items(table)}
            for column in event.columns:
                if column not in items:
                    raise _wrong(outcome, f"{event.table}.{column}")
            for days in (event.day, event.until):
                if days and items[days].type not in {"date", "month"}:
                    raise _wrong(outcome, f"{event.table}.{days}")
            for column, values in event.only.items():
                item = items[column]
                possible = FLAGS if item.type == "flag" else layout.codes[item.codes] if item.codes else ()
                if not set(values) <= set(possible):
                    raise _wrong(outcome, f"{event.table}.{column} = {', '.join(values)}")
            for column in event.at_least:
                if items[column].type not in {"integer", "number"}:
                    raise _wrong(outcome, f"{event.table}.{column}")


def _wrong(outcome: Outcome, what: str) -> Refused:
    return Refused(
        f"あとの出来事 {outcome.difficulty}.toml: {what} はレイアウトにないか、使えません。",
        f"Later events {outcome.difficulty}.toml: no layout has {what}, or it cannot be used so.",
    )
