"""Condition sets before the personas: the screening's own code over the night of their town."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mimamori import engine, screening
from mimamori.engine import Connection, rows_of
from mimamori.personas.report import Found, Outcome, Report
from mimamori.personas.schema import AS_OF, Persona, who_label
from mimamori.personas.town import Town, town
from mimamori.screening import ConditionSet, load_indicators
from mimamori.screening.extraction import Bound, evaluated, stale_sources
from mimamori.screening.indicators import WHY_LABELS
from mimamori.sources.item import Label

Row = Mapping[str, Any]


def judge(sets: Sequence[ConditionSet], where: Town | None = None) -> Report:
    """Run condition sets over the night of the personas (None: of this installation) by the screening's own code.

    The first call of a process takes the seconds of that night, each further one a moment. Raises `Refused` where a
    set names what does not exist, or a persona's file would not be received.
    """
    found = where or town()
    con = _connected(found)
    outcomes = tuple(outcome for condition_set in sets for outcome in _judged(con, found, condition_set))
    values = {row["case_no"]: row for row in rows_of(con, "SELECT * FROM indicators")}
    told = {persona.id: tuple(_arrived(values, found, persona)) for persona in found.personas.all()}
    return Report(found.personas.all(), outcomes, {persona: said for persona, said in told.items() if said})


def _connected(found: Town) -> Connection:
    """A database of its own with what the screening reads: several may judge at once."""
    con = engine.connect(threads=1, memory_gib=1)
    for name in ("indicators", "source_status"):
        con.register("read", found.tables[name])
        con.execute(f"CREATE TABLE {engine.identifier(name)} AS SELECT * FROM read")
        con.unregister("read")
    return con


def _judged(con: Connection, found: Town, condition_set: ConditionSet) -> Iterator[Outcome]:
    screening.run(con, (condition_set,), AS_OF)
    listed = {row["case_no"]: row for row in rows_of(con, "SELECT case_no, must FROM findings")}
    bound = Bound()
    inner = evaluated(condition_set, load_indicators(), stale_sources(con), bound)
    screened = {row["case_no"]: row for row in rows_of(con, f"SELECT * FROM ({inner})", bound.values)}
    for persona in found.personas.all():
        for who, expected in persona.expect.items():
            case_no = found.numbers.get((persona.id, who))
            told = screened.get(case_no, {}) if case_no else {}
            yield Outcome(
                persona=persona.id,
                who=who,
                difficulty=condition_set.difficulty,
                expected=expected.get(condition_set.difficulty, "not"),
                found=_state(listed.get(case_no)) if case_no else None,
                points=told.get("points"),
                least=condition_set.tiers[-1],
                met=tuple(_sentences(condition_set, told, met=True)),
                unknown=tuple(_sentences(condition_set, told, met=None)),
            )


def _state(finding: Row | None) -> Found:
    if finding is None:
        return "not"
    return "must" if finding["must"] else "listed"


def _sentences(condition_set: ConditionSet, told: Row, *, met: bool | None) -> Iterator[Label]:
    """Of the conditions that cover the child, those that are met, or (None) of which it is not known."""
    for number, condition in enumerate(condition_set.conditions):
        if told and told[f"t{number}"] is met and (met or told[f"c{number}"]):
            yield condition.sentence()


def _arrived(values: Mapping[str, Row], found: Town, persona: Persona) -> Iterator[Label]:
    """What of a persona did not come through: a child, two taken for one, the value of an indicator."""
    numbers: dict[str, str] = {}
    for who in persona.people:
        case_no = found.numbers.get((persona.id, who))
        if case_no is None:
            if who in persona.expect:  # of homes without a child the register keeps nobody
                yield Label(
                    ja=f"{who} が1人の人として届いていません。", en=f"{who} did not come through as one person."
                )
        elif case_no in numbers:
            yield Label(
                ja=f"{who_label(who).ja}と{who_label(numbers[case_no]).ja}が同じ人とされています。",
                en=f"{who_label(who).en} and {who_label(numbers[case_no]).en} are taken for one person.",
            )
        else:
            numbers[case_no] = who
    for who, expected in persona.indicators.items():
        row = values.get(found.numbers.get((persona.id, who), ""), {})
        for name, value in expected.items():
            given = row.get(name + "__why") or (None if row.get(name) is None else round(row[name], 2))
            if given != value:
                yield _other_value(who, name, value, given)


def _other_value(who: str, name: str, expected: float | str, given: float | str | None) -> Label:
    label = load_indicators().get(name).label
    ja, en = ([_said(one, language) for one in (expected, given)] for language in ("ja", "en"))
    return Label(
        ja=f"{who_label(who).ja}の指標「{label.ja}」は {ja[0]} のはずが {ja[1]} です。",
        en=f"{who_label(who).en}: the indicator {label.en} should be {en[0]} and is {en[1]}.",
    )


def _said(value: float | str | None, language: str) -> str:
    if value is None:
        return "児童ではない" if language == "ja" else "no child"
    if isinstance(value, str):
        return next(label.text(language) for why, label in WHY_LABELS.items() if why == value)
    return f"{value:g}"
