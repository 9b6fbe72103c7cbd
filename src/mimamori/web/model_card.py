"""モデルカード・アルゴリズム記録 of a kept model, whatever became of it: one template, as a page of its own and as PDF.

Everything on it is of the kept model and its proof; what people say of it is `screening.models.facts`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from mimamori.access import load_roles
from mimamori.access.models import Account
from mimamori.governance.model_life import MODEL_DONE_LABELS, MODEL_STATE_LABELS, ModelState
from mimamori.governance.model_versions import model_of
from mimamori.governance.models import ModelStep, ModelVersion
from mimamori.screening.indicators import DIFFICULTY_LABELS, load_indicators
from mimamori.screening.models.candidates import POINTS, Name
from mimamori.screening.models.card import Card, card_of
from mimamori.screening.models.drift import CALLED_SCORE, SCORE
from mimamori.screening.models.evaluation import Evaluation
from mimamori.screening.models.facts import facts_of
from mimamori.screening.models.features import columns_of
from mimamori.screening.models.figures import (
    Table,
    at_capacity,
    at_length_of_conditions,
    by_system,
    moved,
    of_all_lengths,
    same,
)
from mimamori.screening.models.group_figures import by_age, by_group
from mimamori.screening.models.inputs import load_inputs
from mimamori.screening.outcomes import load_outcomes
from mimamori.sources import load_registry
from mimamori.sources.item import Label
from mimamori.web.days import long_day
from mimamori.web.pdf import STYLE, pdf_of

JOINER = "\u2060"  # no line breaks where it stands
LOOK = STYLE.with_name("model_card.css")


@dataclass(frozen=True)
class Told:
    """A card in one language. `entries`: heading, paragraphs and tables of each field; `columns`: what the model
    reads; `steps`: the record of its life, by role and not by name, for a card may be published."""

    version: ModelVersion
    name: str
    state: str
    retired: bool
    entries: tuple[tuple[str, tuple[str, ...], tuple[ToldTable, ...]], ...]
    columns: tuple[str, ...]
    steps: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ToldTable:
    """A table in one language; each cell with whether it is a figure."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]


def told_card(version: ModelVersion, language: str) -> Told:
    """The card's content, for a page of one's own. Raises `Refused` where the kept model is not what was kept."""
    evaluation = Evaluation.model_validate(version.evaluation)
    model = model_of(version)
    columns = column_words(model.difficulty)
    systems = {layout.name: layout.label for layout in load_registry()}
    facts = facts_of(evaluation.difficulty, timezone.localtime(version.made_at).date())
    card = card_of(evaluation, model, facts, systems, columns)
    tables = _tables(evaluation, systems, columns)
    state = MODEL_STATE_LABELS[ModelState(version.state)]
    with translation.override(language):
        return Told(
            version=version,
            name=facts.name.text(language),
            state=state[1 if language == "en" else 0],
            retired=version.state in {ModelState.OFF, ModelState.WITHDRAWN},
            entries=_entries(card, tables, language),
            columns=tuple(columns.get(name, same(name)).text(language) for name in model.names),
            steps=tuple(_step(step, language) for step in version.steps.select_related("by").order_by("pk")),
        )


def card_html(version: ModelVersion, language: str) -> str:
    """A whole document with its look inside, which fetches nothing. Raises as `told_card`."""
    look = LOOK.read_text(encoding="utf-8")
    return _document(version, language).replace("</head>", f"<style>{look}</style></head>", 1)


def card_pdf(version: ModelVersion, language: str) -> bytes:
    """The same on paper. Raises as `told_card`, and `Refused` where the machine cannot print."""
    return pdf_of(_document(version, language))


def _document(version: ModelVersion, language: str) -> str:
    told = told_card(version, language)
    difficulty = DIFFICULTY_LABELS[version.difficulty]  # type: ignore[index]  # the database holds no other
    city = load_registry().municipality.label
    with translation.override(language):
        context: dict[str, Any] = {
            "told": told,
            "version": version,
            "language": language,
            "city": city.text(language),
            "difficulty": difficulty.text(language),
            "made": long_day(version.made_at),
        }
        return render_to_string("print/model_card.html", context)


def _tables(
    evaluation: Evaluation, systems: Mapping[str, Label], columns: Mapping[str, Label]
) -> dict[str, tuple[Table, ...]]:
    """By the card's field."""
    candidate = evaluation.choice.candidate
    shown: tuple[Name, ...] = (POINTS, candidate)
    wards = {ward.code: ward.label for ward in load_registry().municipality.wards}
    return {
        "data": (by_system(evaluation.worths, systems),) if evaluation.worths else (),
        "alternatives": (at_length_of_conditions(evaluation),),
        "performance": (
            at_capacity(evaluation, shown),
            of_all_lengths(evaluation, shown),
            by_age(evaluation, candidate),
        ),
        "fairness": tuple(by_group(audit, name, wards) for name, audit in evaluation.fairness.items()),
        "limits": (moved(evaluation.drift, evaluation.drift_days, columns),),
    }


def _entries(
    card: Card, tables: Mapping[str, tuple[Table, ...]], language: str
) -> tuple[tuple[str, tuple[str, ...], tuple[ToldTable, ...]], ...]:
    return tuple(
        (
            entry.heading.text(language),
            tuple(text.text(language) for text in entry.text),
            tuple(_told(table, language) for table in tables.get(entry.key, ())),
        )
        for entry in card.entries
    )


def _told(table: Table, language: str) -> ToldTable:
    return ToldTable(
        table.caption.text(language),
        tuple(cell.text(language) for cell in table.head),
        tuple(
            tuple((_whole(cell.text(language)), place >= table.words) for place, cell in enumerate(row))
            for row in table.rows
        ),
    )


def _whole(text: str) -> str:
    """An interval stays on one line of a narrow cell."""
    return re.sub("([–−〜])", f"{JOINER}\\1{JOINER}", text)


def column_words(difficulty: str) -> dict[str, Label]:
    """What the columns of a difficulty's models are called by the indicators of today, by their names; an indicator
    that is gone has no words."""
    outcome = next(one for one in load_outcomes().values() if one.difficulty == difficulty)
    columns = columns_of(outcome.difficulty, load_indicators(), outcome, load_inputs())
    return {column.feature.name: column.feature.label for column in columns} | {
        "age_band": Label(ja="年齢区分", en="Age band"),
        SCORE: CALLED_SCORE,
    }


def _step(step: ModelStep, language: str) -> tuple[str, str, str]:
    """Its day, what was done, and by which role; the reason is for the record inside the office."""
    place = 1 if language == "en" else 0
    return long_day(step.at), MODEL_DONE_LABELS[step.act][place], _role(step.by, language)


def _role(account: Account | None, language: str) -> str:
    if account is None:
        return Label(ja="システム", en="the system").text(language)
    role = load_roles().roles.get(account.role)
    return role.label.text(language) if role else account.role
