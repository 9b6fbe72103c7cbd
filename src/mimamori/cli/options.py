"""What several commands are asked for in the same words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from mimamori.refusal import Refused

JSON = click.option("--json", "as_json", is_flag=True, help="結果を JSON で標準出力へ / one JSON document")


def day(context: click.Context, option: click.Parameter, text: str | None) -> date | None:
    """The callback of an option that names a day."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        name = option.opts[0]
        raise Refused(
            f"{name} の日付は 2026-10-31 の形で指定してください。", f"Give the day of {name} as 2026-10-31."
        ) from None


def days(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> list[date]:
    """The callback of an option that names a day and may be given again."""
    return [one for text in texts if (one := day(context, option, text))]


def check_new(path: Path) -> None:
    """Raise `Refused` where no new file can be written: asked before anything is made for it."""
    if path.exists() or not path.parent.is_dir():
        raise Refused(
            f"{path.name}: 書けません。すでにあるか、フォルダーがありません。",
            f"{path.name} exists already, or its folder does not.",
        )
