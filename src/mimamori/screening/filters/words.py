"""A filter as a plain sentence in both languages. What a clause says is put in brackets, so that a joined sentence
reads the same way as the groups that it was built from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from mimamori.screening.conditions.schema import plain
from mimamori.screening.filters.schema import (
    Ages,
    AllOf,
    AnyOf,
    Between,
    Clause,
    DayName,
    Fact,
    FactTest,
    IndicatorTest,
    Listed,
    Node,
    Not,
    Wards,
    WorkFact,
    WorkTest,
    members,
)
from mimamori.screening.indicators import DIFFICULTY_LABELS, Indicators, load_indicators
from mimamori.sources import load_registry
from mimamori.sources.item import Label

# Each with how it reads when it is not so.
FACT_WORDS: Mapping[Fact, tuple[Label, Label]] = {
    "council": (
        Label(ja="要対協に登録されている", en="registered with the council"),
        Label(ja="要対協に登録されていない", en="not registered with the council"),
    ),
    "guidance": (
        Label(ja="児童相談所で支援中", en="an open case of the child guidance centre"),
        Label(ja="児童相談所で支援中ではない", en="no open case of the child guidance centre"),
    ),
    "known": (
        Label(ja="要対協か児童相談所の支援をすでに受けている", en="known to the council or the guidance centre"),
        Label(ja="要対協・児童相談所の支援を受けていない", en="known to neither council nor guidance centre"),
    ),
    "protected": (
        Label(ja="支援措置を受けている", en="under protection of the address"),
        Label(ja="支援措置を受けていない", en="not under protection of the address"),
    ),
    "in_register": (
        Label(ja="住民登録がある", en="in the residents' register"),
        Label(ja="住民登録がない", en="not in the residents' register"),
    ),
    "city_pupil": (
        Label(ja="市立の学校に通っている", en="a pupil of a city school"),
        Label(ja="市立の学校に通っていない", en="not a pupil of a city school"),
    ),
}
WORK_WORDS: Mapping[WorkFact, tuple[Label, Label]] = {
    "open": (
        Label(ja="確認がつづいている(終結していない)", en="an open finding"),
        Label(ja="いま確認している抽出がない", en="no open finding"),
    ),
    "assigned": (
        Label(ja="担当が決まっている", en="assigned to somebody"),
        Label(ja="担当が決まっていない", en="assigned to nobody"),
    ),
    "waiting": (
        Label(ja="受け持てる数をこえて待っている", en="waiting for a place"),
        Label(ja="待ちではない", en="not waiting for a place"),
    ),
    "looking": (Label(ja="確認中", en="being looked at"), Label(ja="確認中ではない", en="not being looked at")),
    "assessed": (
        Label(ja="所見が記録されている", en="assessed"),
        Label(ja="所見が記録されていない", en="not assessed"),
    ),
    "conference": (
        Label(ja="会議(判定会議など)の記録がある", en="a conference is recorded"),
        Label(ja="会議(判定会議など)の記録がない", en="no conference is recorded"),
    ),
    "support_needed": (
        Label(ja="支援が必要と判断され、まだつないでいない", en="in need of support, not referred yet"),
        Label(ja="「支援が必要・つなぐ前」ではない", en="not waiting for a referral"),
    ),
    "watching": (
        Label(ja="日を決めて見守っている", en="being watched until a day"),
        Label(ja="見守り中ではない", en="not being watched"),
    ),
    "referred": (
        Label(ja="つないで返事を待っている", en="referred, not answered yet"),
        Label(ja="つなぎ先の返事まちではない", en="no referral unanswered"),
    ),
    "in_support": (
        Label(ja="つないだ先で支援中", en="in support by an agency"),
        Label(ja="つないだ先で支援中ではない", en="not in support by an agency"),
    ),
    "closed": (
        Label(ja="終結したことがある", en="closed before"),
        Label(ja="終結したことがない", en="never closed"),
    ),
}
DAY_WORDS: Mapping[DayName, Label] = {
    "born": Label(ja="生年月日", en="born"),
    "first_listed": Label(ja="はじめて抽出された日", en="first listed"),
    "assessed": Label(ja="最後の所見の日", en="last assessed"),
}
_YES_NO = {"0", "1"}


def sentence(node: Node) -> Label:
    """The whole filter as one sentence."""
    joined = said(node)
    return Label(ja=f"{joined.ja}児童", en=f"Children: {joined.en}")


def said(node: Node, indicators: Indicators | None = None) -> Label:
    """What a clause or a group says; groups within groups stand in round brackets."""
    known = load_indicators() if indicators is None else indicators
    if isinstance(node, Not):
        return _negated(node.inner, known)
    if isinstance(node, AllOf | AnyOf):
        parts, ja, en = (node.all, "、かつ", " and ") if isinstance(node, AllOf) else (node.any, "、または", " or ")
        found = [(said(part, known), len(parts) > 1 and _joined(part)) for part in parts]
        return Label(
            ja=ja.join(f"({one.ja})" if group else one.ja for one, group in found),
            en=en.join(f"({one.en})" if group else one.en for one, group in found),
        )
    return _quoted(_clause(node, known))


def _joined(node: Node) -> bool:
    """Whether it reads as several clauses with a word between them."""
    inner = members(node)
    return isinstance(node, AllOf | AnyOf) and (len(inner) > 1 or _joined(inner[0]))


def _negated(inner: Node, indicators: Indicators) -> Label:
    if isinstance(inner, FactTest):
        return _quoted(FACT_WORDS[inner.fact][1])
    if isinstance(inner, WorkTest):
        return _quoted(WORK_WORDS[inner.work][1])
    told = said(inner, indicators)
    if isinstance(inner, AnyOf) and len(inner.any) > 1:
        return Label(ja=f"({told.ja})のどれにも当たらない", en=f"none of ({told.en})")
    if isinstance(inner, Not) or _joined(inner):
        return Label(ja=f"({told.ja})に当たらない", en=f"not ({told.en})")
    return Label(ja=f"{told.ja}に当たらない", en=f"not {told.en}")


def _quoted(label: Label) -> Label:
    return Label(ja=f"「{label.ja}」", en=f"“{label.en}”")


def _clause(clause: Clause, indicators: Indicators) -> Label:
    match clause:
        case IndicatorTest():
            found = _indicator(clause, indicators)
        case Listed():
            found = _listed(clause)
        case FactTest():
            found = FACT_WORDS[clause.fact][0]
        case WorkTest():
            found = WORK_WORDS[clause.work][0]
        case Ages():
            low, high = clause.ages
            found = Label(ja=f"{low}歳から{high}歳まで" if low != high else f"{low}歳", en=f"{low} to {high} years old")
        case Wards():
            found = _wards(clause)
        case Between():
            found = _between(clause)
    return found


def _wards(clause: Wards) -> Label:
    found = [load_registry().municipality.ward_label(code) for code in clause.wards]
    return Label(
        ja=f"{'か'.join(one.ja for one in found if one)}に住んでいる",
        en=f"lives in {' or '.join(one.en for one in found if one)}",
    )


def _indicator(clause: IndicatorTest, indicators: Indicators) -> Label:
    indicator = indicators.get(clause.indicator)
    label = indicator.label
    if indicator.choices and clause.values:
        if set(indicator.values) <= _YES_NO and indicator.values["0"].ja == "いいえ" and len(clause.values) == 1:
            yes = clause.values[0] == 1
            return Label(ja=f"{label.ja}: {'はい' if yes else 'いいえ'}", en=f"{label.en}: {'yes' if yes else 'no'}")
        named = [indicator.values[plain(value)] for value in clause.values]
        return Label(ja=f"{label.ja}が {' か '.join(one.ja for one in named)}", en=f"{label.en}: "
                     f"{' or '.join(one.en for one in named)}")  # fmt: skip
    unit = indicator.unit or Label(ja=" ", en=" ")

    def measured(value: float | None) -> Label:
        told = plain(value or 0)
        return Label(ja=f"{told}{unit.ja}".strip(), en=f"{told} {unit.en}".strip())

    if clause.values:
        every = [measured(value) for value in clause.values]
        return Label(
            ja=f"{label.ja}が{'か'.join(one.ja for one in every)}",
            en=f"{label.en}: {' or '.join(one.en for one in every)}",
        )
    low, high = measured(clause.low), measured(clause.high)
    if clause.comparison == "between":
        return Label(ja=f"{label.ja}が{low.ja}から{high.ja}まで", en=f"{label.en}: {low.en} to {high.en}")
    if clause.comparison == ">=":
        return Label(ja=f"{label.ja}が{low.ja}以上", en=f"{label.en}: {low.en} or more")
    return Label(ja=f"{label.ja}が{high.ja}以下", en=f"{label.en}: {high.en} or less")


def _listed(clause: Listed) -> Label:
    label = DIFFICULTY_LABELS[clause.listed]
    if clause.must:
        return Label(ja=f"{label.ja}で「必ず見る」", en=f"{label.en}: must be looked at")
    if clause.tier is not None:
        upwards = "" if clause.tier == 1 else "以上"
        return Label(
            ja=f"{label.ja}の可能性が段階{clause.tier}{upwards}", en=f"{label.en}: tier {clause.tier} or above"
        )
    return Label(ja=f"{label.ja}の可能性(抽出されている)", en=f"{label.en}: listed")


def _between(clause: Between) -> Label:
    label = DAY_WORDS[clause.day]
    since, until = (_day(one) for one in (clause.since, clause.until))
    return Label(
        ja=f"{label.ja}が{f'{since.ja}から' if since else ''}{f'{until.ja}まで' if until else ''}",
        en=f"{label.en}{f' from {since.en}' if since else ''}{f' until {until.en}' if until else ''}",
    )


def _day(day: date | None) -> Label | None:
    return Label(ja=f"{day.year}年{day.month}月{day.day}日", en=f"{day:%Y-%m-%d}") if day else None
