"""Read what models may read and check it against the indicators and the layouts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from mimamori.config import home_of
from mimamori.refusal import Refused
from mimamori.screening.indicators.load import Indicators, load_indicators, shipped_indicators
from mimamori.screening.models.inputs.schema import Inputs
from mimamori.sources.registry import Registry, declared, load_registry, shipped_registry


def load_inputs() -> Inputs:
    """That of the package, or `$MIMAMORI_HOME/inputs/inputs.toml` in its place. Raises `Refused` naming what does not
    exist."""
    return _inputs(home_of())


def shipped_inputs() -> Inputs:
    """That of the package alone."""
    return _inputs(None)


@cache
def _inputs(home: Path | None) -> Inputs:
    read = declared(files("mimamori.screening.models.inputs"), home / "inputs" if home else None, Inputs)
    if set(read) != {"inputs.toml"}:
        raise Refused(
            "モデルに入れる指標(inputs)は、inputs.toml ひとつにしてください。",
            "What models read (inputs) is one file, inputs.toml.",
        )
    inputs = read["inputs.toml"]
    check(
        inputs,
        load_indicators() if home else shipped_indicators(),
        load_registry() if home else shipped_registry(),
    )
    return inputs


def check(inputs: Inputs, indicators: Indicators, registry: Registry) -> None:
    """Raises `Refused` naming the first indicator, source or table that does not exist."""
    sources = {layout.name for layout in registry}
    tables = {f"{layout.name}.{table.name}" for layout, table in registry.tables()}
    named = [name for one in inputs.left_out for name in one.indicators]
    named += [name for one in inputs.expires for name in one.indicators]
    named += [name for one in inputs.standing for name in one.indicators]
    whole = [*(one.source for one in inputs.whole_source), *(name for one in inputs.left_out for name in one.sources)]
    told = [table for one in inputs.same_facts for table in one.tables]
    missing = [
        *(name for name in named if name not in indicators),
        *(name for name in whole if name not in sources),
        *(name for name in told if name not in tables),
    ]
    if missing:
        raise Refused(
            f"inputs.toml: {missing[0]} という指標・システム・表はありません。",
            f"inputs.toml: there is no indicator, source or table {missing[0]}.",
        )
