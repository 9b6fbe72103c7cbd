"""The heading of a sheet: below how many title rows it stands, in one row or in two with merged groups above."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from mimamori.intake.headings import fields_of, folded, label_of, needed
from mimamori.sources import Table
from mimamori.sources.item import NEVER_HELD

Grid = list[list[Any]]
Merged = list[tuple[tuple[int, int], tuple[int, int]]]  # ((top, left), (bottom, right)), from 0

WITHIN = 30  # rows from the top in which a heading may stand


@dataclass(frozen=True)
class Heading:
    """`row`: its last row, from 0. Per column the field it tells (None: undeclared) and the word it goes on under:
    the layout's label, else what stands there. `whole`: it names everything required."""

    row: int
    fields: list[str | None]
    words: list[str]
    whole: bool

    @property
    def told(self) -> int:
        return sum(field is not None for field in self.fields)

    def columns(self) -> list[tuple[str, int]]:
        """Each column's word and the how-manieth of that word it is: the same column in sheets of another order."""
        seen: Counter[str] = Counter()
        made = []
        for word in self.words:
            made.append((word, seen[word]))
            seen[word] += 1
        return made


def find(grid: Grid, merged: Merged, table: Table) -> Heading | None:
    """The first row that names all required items; else the row that names most; None in a sheet without a row."""
    nearest: Heading | None = None
    for row in range(min(WITHIN, len(grid))):
        if not any(grid[row]):
            continue
        heading = _read(grid, merged, row, table)
        if not heading.whole:
            if nearest is None or heading.told > nearest.told:
                nearest = heading
            continue
        grouped = any(top <= row <= bottom for (top, _), (bottom, _) in merged)
        if grouped and row + 1 < len(grid):  # all that is required stands above; the groups' own parts below it
            below = _read(grid, merged, row + 1, table)
            if {*heading.fields} <= {*below.fields, None}:
                return below
        return heading
    return nearest


def _read(grid: Grid, merged: Merged, row: int, table: Table) -> Heading:
    """The heading that ends in this row: a cell joined with the group above it where the layout knows the two as
    one, else the cell alone. What a group and its part tell together no lone cell tells again."""
    known = fields_of(table)
    above, own = _above(grid, merged, row), [_word(cell) for cell in grid[row]]
    joined = [group + word for group, word in zip(above, own, strict=True)]
    fields = [known.get(folded(word)) for word in joined]
    together = {field for field, group, word in zip(fields, above, own, strict=True) if field and group and word}
    words = []
    for place, (group, word) in enumerate(zip(above, own, strict=True)):
        never = _never(group) or _never(joined[place])
        alone = known.get(folded(word))
        if fields[place] is None and alone and alone not in together and not never:
            fields[place] = alone
        field = fields[place]
        words.append(label_of(table, field) if field else joined[place] if never else word)
    return Heading(row, fields, words, whole=set(needed(table)) <= set(fields))


def _never(heading: str) -> bool:
    """Whether a column under this heading holds what is never taken; a title that only speaks of it does not."""
    return folded(heading).endswith(NEVER_HELD)


def _above(grid: Grid, merged: Merged, row: int) -> list[str]:
    """The row above, with each merged group's name over every column of the group; what spans them all is a title."""
    width = len(grid[row])
    if row == 0:
        return [""] * width
    names = [_word(cell) for cell in grid[row - 1]]
    filled = {place for place in range(width) if _word(grid[row][place])}
    filled |= {left for (top, left), (bottom, _) in merged if top < row <= bottom}
    for (top, left), (bottom, right) in merged:
        if top <= row - 1 <= bottom and left < width:
            over = range(left, min(right + 1, width))
            title = bottom < row and len(over) > 1 and filled <= {*over}
            for place in over:
                names[place] = "" if title else _word(grid[top][left])
    return names


def _word(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
