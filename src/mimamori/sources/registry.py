"""Load and check every layout; the one place that knows which source systems there are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import TypeVar

from pydantic import ValidationError

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


@cache
def load_registry() -> Registry:
    """The layouts and the municipality shipped with the package; raises `Refused` naming the file and the fault."""
    room = files("mimamori.sources")
    read = {path.name: _read(path, Layout) for path in (room / "layouts").iterdir() if path.name.endswith(".toml")}
    return registry_of(read, _read(room / "municipality.toml", Municipality))


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


def _read(path: Traversable, model: type[Model]) -> Model:
    return parse(path.read_text(encoding="utf-8"), model, path.name)


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
