"""Read condition sets: the first sets of the package, a file an expert wrote, or the JSON that governance kept."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from mimamori.refusal import Refused
from mimamori.screening.conditions.check import check
from mimamori.screening.conditions.faults import told
from mimamori.screening.conditions.schema import ConditionSet
from mimamori.screening.indicators import DIFFICULTIES


@cache
def first_sets() -> tuple[ConditionSet, ...]:
    """The first condition set of each difficulty, as shipped; a start that the city edits."""
    room = files("mimamori.screening.conditions")
    return tuple(read((room / f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml") for name in DIFFICULTIES)


def read(text: str, where: str) -> ConditionSet:
    """A checked condition set from TOML or JSON; raises `Refused` naming `where` and every fault found."""
    found = parsed(text, where)
    try:
        return check(found)
    except Refused as refused:
        raise Refused(f"{where}: {refused.ja}", f"{where}: {refused.en}") from refused


def parsed(text: str, where: str) -> ConditionSet:
    """A condition set as it is written, whether or not anybody could meet it; raises `Refused` as `read` does."""
    try:
        document: Any = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise Refused(f"{where}: 読めません({error})。", f"{where}: cannot be read ({error}).") from error
    try:
        return ConditionSet.model_validate(document)
    except ValidationError as error:
        ja, en = told(error, document)
        raise Refused(f"{where}: 条件に誤りがあります — {ja}", f"{where}: the conditions are wrong — {en}") from error
