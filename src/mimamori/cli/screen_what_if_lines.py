"""What `mimamori screen what-if` tells a person: what is wrong with the set, then its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mimamori.cli.columns import aligned

if TYPE_CHECKING:  # loaded when it runs
    from mimamori.cli.screen_what_if import Answer
    from mimamori.privacy.small_cells import Cell

# The counts of every table, by their JSON name.
COUNTS = {
    "before": ("いま", "in force"),
    "listed": ("この条件", "this set"),
    "added": ("新しく", "added"),
    "removed": ("外れる", "removed"),
    "unchanged": ("同じ", "unchanged"),
}
PLACES = {"free": ("空き", "places"), "waiting": ("待ち", "waiting")}
NO_LIMIT = "∞"


def lines(found: Answer, language: str) -> Iterator[str]:
    """Line by line, in the user's language."""
    from mimamori.screening.checks import KIND_LABELS

    place = 1 if language == "en" else 0
    running, day = found.running.number if found.running else None, found.tried.as_of
    yield (
        (f"{day} のデータで、使用中の第{running}版とくらべました。", f"On the data of {day}, beside version {running}.")
        if running
        else (f"{day} のデータで試しました。使用中の版はありません。", f"On the data of {day}; no version is in force.")
    )[place]
    for one in found.findings:
        yield f"! {KIND_LABELS[one.kind].text(language)}: {one.said.text(language)}"
    for heading, counted in _tables(found, language):
        yield ""
        yield from _aligned(heading, counted, place)
    yield ""
    yield from _conditions(found, language)
    yield ("1〜9人の数と、そこからわかる数は * で示します。", "* is a count from 1 to 9, or one that would tell such.")[
        place
    ]


def _tables(found: Answer, language: str) -> Iterator[tuple[str, list[tuple[str, Mapping[str, Any]]]]]:
    """By ward, by age, by difficulty: the heading of the first column, and its words with their counts."""
    from mimamori.screening.indicators import DIFFICULTIES, DIFFICULTY_LABELS
    from mimamori.sources import load_registry

    english, counts = language == "en", found.tried.counts
    nowhere, whole = ("?", "All") if english else ("?", "全市")
    wards = {ward.code: ward.label.text(language) for ward in load_registry().municipality.wards}
    city = found.counts(counts.whole)
    by_ward: list[tuple[str, Mapping[str, Any]]] = [(wards.get(one["ward"], nowhere), one) for one in found.wards]
    yield "Ward" if english else "区", [*by_ward, (whole, city)]
    yield "Age" if english else "年齢", [(one.group, found.counts(one)) for one in counts.ages]
    yield (
        "Difficulty" if english else "類型",
        [
            (
                DIFFICULTY_LABELS[name].text(language),
                city if name == found.condition_set.difficulty else _of_the_night(found.tried.others.get(name, 0)),
            )
            for name in DIFFICULTIES
        ],
    )


def _of_the_night(listed: Cell) -> dict[str, Cell]:
    """Another difficulty: what the night listed stays."""
    return {"before": listed, "listed": listed, "added": 0, "removed": 0, "unchanged": listed}


def _aligned(heading: str, counted: Sequence[tuple[str, Mapping[str, Any]]], place: int) -> Iterator[str]:
    with_places = any("free" in one for _, one in counted)
    columns = COUNTS | PLACES if with_places else COUNTS
    rows = [(word, *(_shown(name, one) for name in columns)) for word, one in counted]
    yield from aligned(
        (heading, *(words[place] for words in columns.values())), rows, right=frozenset(range(1, len(columns) + 1))
    )


def _shown(name: str, line: Mapping[str, Any]) -> str:
    if name not in line:
        return ""
    if name == "free":
        return NO_LIMIT if line["room"] is None else f"{line['free']}/{line['room']}"
    return _cell(line[name])


def _cell(count: Cell) -> str:
    return "*" if count is None else f"{count:,}"


def _conditions(found: Answer, language: str) -> Iterator[str]:
    """Each condition: of how many children it is met, and of how many it is not known."""
    rows = [
        (_cell(one.met), _cell(one.unknown), found.condition_set.condition(one.condition).sentence().text(language))
        for one in found.tried.counts.clauses
    ]
    yield from aligned(
        ("met", "unknown", "") if language == "en" else ("該当", "不明", ""), rows, right=frozenset({0, 1})
    )
