"""Condition sets in files that an expert wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mimamori.refusal import Refused

if TYPE_CHECKING:  # loaded when it runs
    from mimamori.screening import ConditionSet


def set_of(file: Path) -> ConditionSet:
    """The checked condition set of a file of TOML or JSON; raises `Refused` where it is none."""
    from mimamori.screening.conditions.load import read

    return read(text_of(file), file.name)


def text_of(file: Path) -> str:
    """The text of a file; raises `Refused` where there is none, or it is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{file.name}: UTF-8 で保存してください。", f"{file.name}: save it as UTF-8.") from None
    except OSError:
        raise Refused(f"{file.name}: 読めるファイルがありません。", f"{file.name}: no file to read.") from None
