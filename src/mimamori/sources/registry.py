"""Load and check every layout; the one place that knows which source systems there are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from mimamori.config import home_of
from mimamori.refusal import Refused
from mimamori.sources.schema import Declared, Label, Layout, Table

Model = TypeVar("Model", bound=Declared)


class Ward(Declared):
    code: str  # 5 digits of the municipality code
    label: Label


class Municipality(Declared):
    """The city that runs this installation (`municipality.toml`)."""

    code: str  # 6 digits with the check digit
    label: Label
    wards: tuple[Ward, ...]

    def ward_label(self, code: str | None) -> Label | None:
        return next((ward.label for ward in self.wards if ward.code == code), None)


@dataclass(frozen=True)
class Registry:
    """All layouts, in the order of the list of systems."""

    layouts: tuple[Layout, ...]
    municipality: Municipality

    def __iter__(self) -> Iterator[Layout]:
        return iter(self.layouts)

    def get(self, name: str) -> Layout:
        """The layout called `name`; raises `Refused` where there is none."""
        for layout in self.layouts:
            if layout.name == name:
                return layout
        raise Refused(
            f"システム「{name}」のレイアウトはありません。`mimamori sources` で一覧を確かめてください。",
            f"There is no source system {name!r}; `mimamori sources` lists them.",
        )

    def tables(self) -> Iterator[tuple[Layout, Table]]:
        for layout in self.layouts:
            for table in layout.tables:
                yield layout, table


def load_registry(home: Path | None = None) -> Registry:
    """The layouts of the installation in `home` (by default `$MIMAMORI_HOME`): those of the package and of its folder
    `layouts`, where a file of the same name stands in the place of the package's; raises `Refused` naming the file and
    the fault."""
    return _registry(home or home_of())


def shipped_registry() -> Registry:
    """The layouts and the municipality of the package alone."""
    return _registry(None)


@cache
def _registry(home: Path | None) -> Registry:
    room = files("mimamori.sources")
    read = declared(room / "layouts", home and home / "layouts", Layout)
    return registry_of(read, read_declaration(room / "municipality.toml", Municipality))


def declared(shipped: Traversable, own: Path | None, model: type[Model]) -> dict[str, Model]:
    """The declarations of the package and of the installation's own folder, by file name, in the order of the names;
    the installation's own come last, but for those that stand in the place of the package's."""
    found: dict[str, Traversable] = {path.name: path for path in sorted(shipped.iterdir(), key=lambda path: path.name)}
    if own is not None and own.is_dir():
        found |= {path.name: path for path in sorted(own.iterdir())}
    return {name: read_declaration(path, model) for name, path in found.items() if name.endswith(".toml")}


def registry_of(read: Mapping[str, Layout], municipality: Municipality) -> Registry:
    """The registry of these layouts, by file name; raises `Refused` for a number used twice or a wrong file name."""
    layouts = sorted(read.values(), key=lambda layout: layout.number)
    for file, layout in read.items():
        if file != f"{layout.name}.toml":
            raise Refused(
                f"{file}: ファイル名とシステム名 {layout.name} が合いません。",
                f"{file}: the file is not named after its system, {layout.name}.",
            )
    for one, other in pairwise(layouts):
        if one.number == other.number:
            raise Refused(
                f"{one.name} と {other.name} の番号 {one.number} が重なっています。",
                f"{one.name} and {other.name} have the same number, {one.number}.",
            )
    return Registry(tuple(layouts), municipality)


def read_declaration(path: Traversable, model: type[Model]) -> Model:
    """Read one declaration from a TOML file; raises `Refused` naming the file and what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Refused(
            f"{path.name}: 読めません。UTF-8 で保存し、権限を確かめてください。",
            f"{path.name}: cannot be read: save it as UTF-8, and look at its permissions.",
        ) from None
    return parse(text, model, path.name)


def parse(text: str, model: type[Model], where: str) -> Model:
    """Read one declaration from TOML; raises `Refused` naming `where` and every fault found."""
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{where}: TOML として読めません({error})。", f"{where}: not valid TOML ({error}).") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()
        )
        raise Refused(
            f"{where}: 宣言に誤りがあります — {faults}", f"{where}: the declaration is wrong — {faults}"
        ) from error
