"""The personas of an installation: those of the package, and the city's own beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from mimamori.config import home_of
from mimamori.personas.schema import Persona, PersonaFile
from mimamori.refusal import Refused
from mimamori.screening.indicators import Indicators, load_indicators, shipped_indicators
from mimamori.sources.item import Label
from mimamori.sources.registry import Registry, declared, load_registry, shipped_registry


@dataclass(frozen=True)
class Personas:
    """All personas in the order of their files, each with what its file is about."""

    groups: tuple[tuple[Label, tuple[Persona, ...]], ...]

    def all(self) -> tuple[Persona, ...]:
        return tuple(persona for _, personas in self.groups for persona in personas)


def load_personas() -> Personas:
    """The personas of the package and of `$MIMAMORI_HOME/personas`, where a file of the same name stands in the place
    of the package's; raises `Refused` naming the file and the fault."""
    return _personas(home_of())


def shipped_personas() -> Personas:
    """The personas of the package alone."""
    return _personas(None)


@cache
def _personas(home: Path | None) -> Personas:
    read = declared(files("mimamori.personas"), home / "personas" if home else None, PersonaFile)
    found = Personas(tuple((file.about, file.persona) for file in read.values()))
    registry = load_registry() if home else shipped_registry()
    check(found, registry, load_indicators() if home else shipped_indicators())
    return found


def check(personas: Personas, registry: Registry, indicators: Indicators) -> None:
    """Raises `Refused` naming the first persona that is named twice, or of what no layout and no indicator has."""
    tables = {f"{layout.name}.{table.name}": table for layout, table in registry.tables()}
    seen: set[str] = set()
    for persona in personas.all():
        if persona.id in seen:
            raise _wrong(persona, "同じ名前のペルソナが2つあります", "the name is used twice")
        seen.add(persona.id)
        for name in (*persona.rows, *(name for names in persona.without.values() for name in names)):
            if name not in tables:
                raise _wrong(persona, f"表 {name} がレイアウトにありません", f"no layout has the table {name}")
        for name, rows in persona.rows.items():
            fields = {item.field for item in tables[name].items} | {"who", "by"}
            if strange := sorted({field for row in rows for field in row} - fields):
                said = ", ".join(strange)
                raise _wrong(persona, f"表 {name} に項目 {said} がありません", f"{name} has no {said}")
        for name in {name for named in persona.indicators.values() for name in named}:
            if name not in indicators:
                raise _wrong(persona, f"指標 {name} はありません", f"there is no indicator {name}")


def _wrong(persona: Persona, ja: str, en: str) -> Refused:
    return Refused(f"ペルソナ {persona.id}: {ja}。", f"Persona {persona.id}: {en}.")
