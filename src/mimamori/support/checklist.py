"""The structured part of an assessment: `checklist.toml`, read into frozen models."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from mimamori.refusal import Refused

ANSWERS = ("yes", "worry", "unknown")


class Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class QuestionLabel(Declared):
    ja: str
    en: str


class Question(Declared):
    """One question; asked for the difficulties named, or always."""

    id: str
    label: QuestionLabel
    difficulties: tuple[str, ...] = ()

    def text(self, language: str) -> str:
        return self.label.en if language.startswith("en") else self.label.ja


class Checklist(Declared):
    questions: tuple[Question, ...]


@cache
def load_checklist() -> Checklist:
    return Checklist.model_validate(tomllib.loads((files("mimamori.support") / "checklist.toml").read_text("utf-8")))


def questions_for(difficulties: Iterable[str]) -> list[Question]:
    """The questions to ask about a child with these difficulties, in the file's order."""
    asked = set(difficulties)
    return [q for q in load_checklist().questions if not q.difficulties or asked & set(q.difficulties)]


def check_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers, blank ones dropped; raises `Refused` for a question or an answer that is not on the list."""
    known = {question.id for question in load_checklist().questions}
    given = {question: answer for question, answer in answers.items() if answer}
    if not set(given) <= known or not set(given.values()) <= set(ANSWERS):
        raise Refused("チェックリストの回答が正しくありません。", "An answer of the checklist is not on the list.")
    return given
