"""The condition set that a sheet of the editor makes, or what is wrong with it in the writer's words, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from pydantic import ValidationError

from mimamori.screening import ConditionSet, load_indicators
from mimamori.screening.conditions import Condition
from mimamori.screening.conditions.faults import told
from mimamori.screening.conditions.schema import MOST_LETTERS, PLACE, Words
from mimamori.screening.conditions.sentences import worded
from mimamori.screening.indicators import Indicator
from mimamori.web.editing import MUST, Row, Sheet, domain_of, parsed
from mimamori.web.frame import language

WHOLE = -1  # what is wrong with the set and with no row of it
OLDEST = 18
UNWRITTEN = "—"  # stands for a basis that is not written yet, while the set is tried


@dataclass(frozen=True)
class Made:
    """`condition_set` is None where something is wrong; `faults`: by row, and of the whole under `WHOLE`. `sentences`
    and `indicators`: by row, also of rows that are not whole yet."""

    condition_set: ConditionSet | None
    faults: Mapping[int, tuple[str, ...]]
    words: Mapping[int, Words]


class _Wrong(ValueError):
    """A field that holds no answer."""


def made(sheet: Sheet, *, to_keep: bool) -> Made:
    """Read a sheet. While somebody types (`to_keep` false) reasons and names may still be missing. A condition on an
    indicator that does not exist raises `Refused`."""
    faults: dict[int, list[str]] = {}
    conditions, words = [], {}
    for place, row in enumerate(sheet.rows):
        indicator = load_indicators().get(row.indicator)
        try:
            told_row = _condition(sheet, row, indicator, to_keep=to_keep)
        except _Wrong as wrong:
            faults.setdefault(place, []).append(str(wrong))
            label = indicator.label
            words[place] = Words(
                ja=(row.ja.strip() or label.ja)[:MOST_LETTERS], en=(row.en.strip() or label.en)[:MOST_LETTERS]
            )
            continue
        words[place] = Words.model_validate(told_row["label"])
        conditions.append(told_row)
    whole = _whole(sheet, faults, to_keep=to_keep)
    if faults:
        return Made(None, _kept(faults), words)
    document = {"difficulty": sheet.difficulty, "conditions": conditions, **whole}
    try:
        return Made(ConditionSet.model_validate(document), {}, words)
    except ValidationError as error:
        ja, en = told(error, document)
        return Made(None, {WHOLE: (en if language() == "en" else ja,)}, words)


def values_of(row: Row, indicator: Indicator) -> tuple[str, dict[str, Any]]:
    """How a row compares: the comparison and its thresholds. Raises `_Wrong` where a field holds no number."""
    if indicator.choices:
        values = [float(value) for value in indicator.values if value in row.values]
        if not values:
            raise _Wrong(gettext("どの値のときかを、1つ以上えらんでください。"))
        return ("=" if len(values) == 1 else "in"), {"values": values}
    if row.listed.strip():
        listed = [parsed(text) for text in row.listed.replace("、", ",").split(",")]
        if None in listed:
            raise _Wrong(gettext("数を、読点かコンマで区切って入れてください。"))
        return ("=" if len(listed) == 1 else "in"), {"values": listed}
    low, high = (_bound(text) for text in (row.low, row.high))
    if low is None and high is None:
        raise _Wrong(gettext("「から」か「まで」に数を入れてください。"))
    if low is not None and high is not None and low > high:
        raise _Wrong(gettext("「から」の数が「まで」の数より大きくなっています。"))
    if low is None:
        return "<=", {"high": high}
    return (">=", {"low": low}) if high is None else ("between", {"low": low, "high": high})


def _bound(text: str) -> float | None:
    if not text.strip():
        return None
    found = parsed(text)
    if found is None:
        raise _Wrong(gettext("「%(text)s」は数ではありません。") % {"text": text[:20]})
    return found


def _condition(sheet: Sheet, row: Row, indicator: Indicator, *, to_keep: bool) -> dict[str, Any]:
    comparison, thresholds = values_of(row, indicator)
    found: dict[str, Any] = {"id": row.row_id, "indicator": indicator.id, "comparison": comparison, **thresholds}
    if row.place == MUST:
        found["must"] = True
    else:
        if domain_of(row) not in {group.domain_id for group in sheet.groups}:
            raise _Wrong(gettext("どこに入れるかをえらんでください。"))
        points = parsed(row.points)
        if points is None or not 0 < points <= 100:
            raise _Wrong(gettext("点は、0より大きく100までの数で入れてください。"))
        found |= {"domain": domain_of(row), "points": points}
    if row.age_from.strip() or row.age_to.strip():
        found["ages"] = _ages(row.age_from or sheet.ages[0], row.age_to or sheet.ages[1])
    found["label"] = _sentence(sheet, row, indicator, comparison, thresholds)
    basis = row.basis_ja.strip()
    if to_keep and not basis:
        raise _Wrong(gettext("根拠を書いてください(通知、研究、会議の提案など)。"))
    found["basis"] = {"ja": basis or UNWRITTEN, "en": row.basis_en.strip() or basis or UNWRITTEN}
    return found


def _sentence(
    sheet: Sheet, row: Row, indicator: Indicator, comparison: str, thresholds: Mapping[str, Any]
) -> dict[str, str]:
    """The words of a row in both languages: as somebody typed them; else as the version holds them, where they still
    say what is tested; else made from the indicator."""
    made_up = worded(indicator, comparison, tuple(thresholds.get("values", ()))).model_dump()
    before = sheet.before.get(row.row_id)
    found = {}
    for name, text in (("ja", row.ja.strip()), ("en", row.en.strip())):
        held = before is not None and text == getattr(before.label, name)
        if not text or (before is not None and held and _says_otherwise(before, text, comparison, thresholds)):
            found[name] = made_up[name]
            continue
        if len(text) > MOST_LETTERS:
            raise _Wrong(gettext("文は%(n)d文字までにしてください。") % {"n": MOST_LETTERS})
        if not set(PLACE.findall(text)) <= set(thresholds) - {"values"}:
            raise _Wrong(gettext("文の { } には、入れた数の {low}(から)と {high}(まで)だけが書けます。"))
        found[name] = text
    return found


def _says_otherwise(before: Condition, text: str, comparison: str, thresholds: Mapping[str, Any]) -> bool:
    """Whether the version's sentence would no longer tell what is tested: another comparison or other values, or a
    threshold that it holds as plain words."""
    if comparison != before.comparison or tuple(thresholds.get("values", ())) != before.values:
        return True
    named = PLACE.findall(text)
    return any(
        thresholds[name] != getattr(before, name) and name not in named
        for name in ("low", "high")
        if name in thresholds
    )


def _whole(sheet: Sheet, faults: dict[int, list[str]], *, to_keep: bool) -> dict[str, Any]:
    """What stands outside the rows; what is wrong with it goes to `faults`."""
    found: dict[str, Any] = {}
    wrong: list[str] = []
    try:
        found["ages"] = _ages(*sheet.ages)
    except _Wrong as fault:
        wrong.append(str(fault))
    tiers = [parsed(text) for text in sheet.tiers]
    if not tiers or any(tier is None or not 0 < tier <= 100 for tier in tiers):
        wrong.append(gettext("載せる点数は、0より大きく100までの数で入れてください。"))
    elif sorted({*tiers}, key=lambda tier: -(tier or 0)) != tiers:
        wrong.append(gettext("載せる点数は、段階1から順に、高いほうから低いほうへ入れてください。"))
    found["tiers"] = tiers
    note = sheet.note[0].strip()
    if to_keep and not note:
        wrong.append(gettext("「見えること・見えないこと」を書いてください。"))
    found["note"] = {"ja": note or UNWRITTEN, "en": sheet.note[1].strip() or note or UNWRITTEN}
    if not sheet.rows:
        wrong.append(gettext("条件を1つ以上加えてください。"))
    used = {domain_of(row) for row in sheet.rows}
    found["domains"] = []
    for group in sheet.groups:
        if group.domain_id not in used:
            continue  # a domain is kept once a condition stands in it
        weight, name = parsed(group.domain_weight), group.domain_ja.strip()
        if not name or weight is None or not 0 < weight <= 10:
            wrong.append(gettext("領域には名前を書き、重みは0より大きく10までの数で入れてください。"))
            continue
        label = {"ja": name, "en": group.domain_en.strip() or name}
        found["domains"].append({"id": group.domain_id, "label": label, "weight": weight})
    if wrong:
        faults[WHOLE] = wrong
    return found


def _ages(low: str, high: str) -> tuple[int, int]:
    first, last = parsed(low), parsed(high)
    if (
        first is None
        or last is None
        or not (first.is_integer() and last.is_integer() and first >= 0 and last <= OLDEST)
    ):
        raise _Wrong(gettext("年齢は、0から18までの整数で入れてください。"))
    if first > last:
        raise _Wrong(gettext("年齢は、下から上の順に入れてください。"))
    return int(first), int(last)


def _kept(faults: Mapping[int, list[str]]) -> dict[int, tuple[str, ...]]:
    return {place: tuple(dict.fromkeys(texts)) for place, texts in faults.items()}
