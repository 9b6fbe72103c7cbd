"""`roles.toml`, read into frozen models; an unknown key, permission or purpose is an error."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mimamori.access.permissions import Permission
from mimamori.refusal import Refused


class Scope(StrEnum):
    """Which children a role may meet at all."""

    WARD = "ward"
    CENTRE = "centre"
    CITY = "city"
    NONE = "none"


class Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Declared):
    ja: str
    en: str

    def text(self, language: str) -> str:
        return self.en if language.startswith("en") else self.ja


class Purpose(Declared):
    """Why a karte is opened; recorded with every reading."""

    label: Label


class Role(Declared):
    """One role: whom it may meet, how sensitive the items shown may be, and what it may do."""

    label: Label
    scope: Scope
    max_sensitivity: Annotated[int, Field(ge=1, le=4)]
    purposes: tuple[str, ...]
    default_purpose: str | None = None
    permissions: frozenset[Permission]

    @model_validator(mode="after")
    def _no_child_without_scope(self) -> Self:
        meets = {Permission.OPEN_KARTE, Permission.SEARCH_CHILD, Permission.SEE_WORKLIST} & self.permissions
        if self.scope is Scope.NONE and meets:
            raise ValueError("a role without a scope cannot meet a child")
        if self.default_purpose and self.default_purpose not in self.purposes:
            raise ValueError("the default purpose is not among the purposes")
        if Permission.OPEN_KARTE in self.permissions and not self.purposes:
            raise ValueError("a role that opens a karte needs purposes")
        if {Permission.WRITE_CONDITIONS, Permission.APPROVE_CONDITIONS} <= self.permissions:
            raise ValueError("who writes conditions may not approve them")
        return self


class Roles(Declared):
    """The signed file."""

    signed_by: str
    signed_on: str
    roles: dict[str, Role]
    purposes: dict[str, Purpose]

    @model_validator(mode="after")
    def _purposes_exist(self) -> Self:
        used = {purpose for role in self.roles.values() for purpose in role.purposes}
        if used != set(self.purposes):
            raise ValueError(f"purposes declared and used differ: {sorted(used ^ set(self.purposes))}")
        return self


@cache
def load_roles() -> Roles:
    """The roles shipped with the package; raises `Refused` naming the faults."""
    return parse_roles((files("mimamori.access") / "roles.toml").read_text(encoding="utf-8"))


def parse_roles(text: str) -> Roles:
    """Read roles from TOML; raises `Refused` naming every fault."""
    try:
        return Roles.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise Refused(f"roles.toml: 宣言に誤りがあります — {error}", f"roles.toml is wrong — {error}") from error
