"""Markdown as the manual's pages need it: tables, labels in both languages, the anchors of headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mimamori.sources import Label

NOTE = "<!-- Written by `make manual` from the declarations in `{room}`: change them, not this page. -->"


def both(label: Label, between: str = " ") -> str:
    """A label in Japanese and English; once where they are the same."""
    return label.ja if label.ja == label.en else f"{label.ja}{between}{label.en}"


def code(text: str) -> str:
    return f"`{text}`"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; an upright bar inside a cell is escaped, a line break becomes `<br>`."""
    lines = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines]


def anchor(heading: str) -> str:
    """The anchor that Git forges give a heading: lower case, no punctuation, a hyphen for each blank."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def page(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
