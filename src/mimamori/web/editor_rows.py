"""The editor's rows as its template reads them: sentence, fields, sliders, what was found and counted of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from mimamori.screening.checks import KIND_LABELS, Finding
from mimamori.screening.checks.values import is_whole
from mimamori.screening.conditions import plain
from mimamori.screening.conditions.schema import PLACE, Words
from mimamori.screening.indicators import Indicator, load_indicators
from mimamori.screening.what_if import Clause
from mimamori.sources import load_registry
from mimamori.web.editing import IN_DOMAIN, MUST, Row, Sheet, domain_of, number, parsed
from mimamori.web.editing_made import WHOLE, Made
from mimamori.web.frame import language

STEPS = 200  # stops of a slider, about


def shown_rows(
    sheet: Sheet, read: Made, findings: tuple[Finding, ...], clauses: Mapping[str, Clause], *, focus: str = ""
) -> list[dict[str, Any]]:
    """Every row in the order of the sheet. `focus`: the row to go on at."""
    sources = {layout.name: layout.short_label for layout in load_registry()}
    places = place_choices(sheet)
    found = []
    for place, row in enumerate(sheet.rows):
        indicator = load_indicators().get(row.indicator)
        found.append(
            {
                "n": place,
                "row": row,
                "focus": row.row_id == focus,
                "label": indicator.label,
                "source": sources.get(indicator.source),
                "unit": indicator.unit,
                "kind": _kind(row, indicator),
                "choices": [(value, word, value in row.values) for value, word in indicator.values.items()],
                "low": slider(row.low, indicator, sheet, upwards=True),
                "high": slider(row.high, indicator, sheet, upwards=False),
                "places": [(value, word, value == row.place) for value, word in places],
                "sentence": sentence(row, read.words[place]),
                "faults": read.faults.get(place, ()),
                "findings": [shown_finding(one) for one in findings if one.conditions[:1] == (row.row_id,)],
                "clause": clauses.get(row.row_id),
            }
        )
    return found


def shown_groups(sheet: Sheet, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Must-look first, then the domains, each with its rows; a row whose place is lost stands with the must-look."""
    names = {group.domain_id for group in sheet.groups}
    lost = [one for one in rows if domain_of(one["row"]) not in names]
    return [
        {"group": None, "rows": lost},
        *(
            {"group": group, "rows": [one for one in rows if domain_of(one["row"]) == group.domain_id]}
            for group in sheet.groups
        ),
    ]


def place_choices(sheet: Sheet) -> list[tuple[str, str]]:
    """Where a row may stand."""
    domains = [(IN_DOMAIN + group.domain_id, group.domain_ja or group.domain_id) for group in sheet.groups]
    return [(MUST, gettext("必ず見る")), *domains]


def indicator_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """The closed list of indicators by area of life."""
    return [
        (area.text(language()), [(one.id, one.label.text(language())) for one in indicators])
        for area, indicators in load_indicators().areas
    ]


def slider(text: str, indicator: Indicator, sheet: Sheet, *, upwards: bool) -> dict[str, str]:
    """The slider of a threshold: as far as the indicator's values go, or as the thresholds in use need. Without a
    threshold it stands where none is needed: at the lowest value for one from which on it counts `upwards`."""
    value = parsed(text)
    near = [
        found
        for row in sheet.rows
        if row.indicator == indicator.id
        for found in (parsed(row.low), parsed(row.high))
        if found is not None
    ]
    most = indicator.most if indicator.most is not None else max(2 * max(near, default=5), 10)
    span = most - indicator.least
    step = _step(span) if is_whole(indicator) else span / STEPS
    rests = indicator.least if upwards else most
    at = rests if value is None else min(max(value, indicator.least), most)
    return {
        "min": number(indicator.least),
        "max": number(most),
        "step": number(step),
        "value": number(at),
        "rests": number(rests),
    }


def _step(span: float) -> float:
    """1, 2, 5, 10, 20 … so that a slider has few enough stops to hit."""
    step = 1.0
    for factor in (2, 2.5, 2) * 6:
        if span / step <= STEPS:
            break
        step *= factor
    return step


def sentence(row: Row, words: Words) -> str:
    """A row's sentence with the thresholds that are typed; one that is missing is told as such."""
    bounds = {"low": row.low, "high": row.high}

    def put(found: Any) -> str:
        value = parsed(bounds.get(found[1], ""))
        return "…" if value is None else plain(value)

    return PLACE.sub(put, words.en if language() == "en" else words.ja)


def shown_finding(one: Finding) -> dict[str, Any]:
    """A finding in the reader's words, with the act that mends it."""
    repair = one.repair
    act = f"mend:{repair.condition}:{repair.bound}:{number(repair.value)}" if repair else ""
    return {
        "kind": KIND_LABELS[one.kind].text(language()),
        "said": one.said.text(language()),
        "stops": one.stops,
        "act": act,
        "act_word": repair.said.text(language()) if repair else "",
    }


def of_the_whole(read: Made, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """What was found of no single row."""
    return {
        "faults": read.faults.get(WHOLE, ()),
        "findings": [shown_finding(one) for one in findings if not one.conditions],
    }


def _kind(row: Row, indicator: Indicator) -> str:
    if indicator.choices:
        return "choice"
    return "listed" if row.listed else "bounds"
