"""`docs/indicators.md`: every indicator with what it reads and when its value is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tools.manual.markdown import NOTE, anchor, both, code, page, table

from mimamori.screening import shipped_indicators
from mimamori.screening.indicators import DIFFICULTY_LABELS, WHY_LABELS, Indicator, Why
from mimamori.screening.indicators.schema import Example
from mimamori.sources import Label, shipped_registry

DIRECTIONS = {"higher": " ↑", "lower": " ↓", "neither": ""}
COVERED = {"all": "", "residents": "住民 residents", "city_pupils": "市立学校 city pupils"}
MEANING: dict[Why, tuple[str, str]] = {
    "not_covered": (
        "年齢・住民登録・在籍校から、この児童については言えない",
        "nothing can be told at this age, address or school",
    ),
    "not_due": ("まだその時期の前", "the child is too young for it"),
    "not_delivered": ("読むシステムのどれかが届いていない", "a system it reads has not been delivered"),
    "no_record": ("届いたが、この児童の行がない", "delivered, without a row of this child"),
    "stale": (
        "届いたものが古い。該当は日付とともに残り、非該当は不明になる",
        "the delivery is old: what is met stays, with its day; what is not met becomes unknown",
    ),
}
INTRODUCTION = """\
# 指標 / Indicators

児童一人、基準日ごとに一つの値です。その日に知られていたことだけから計算し、値がないときは理由を持ちます。
不明は「問題なし」ではありません。
One value per child and day, from what was known on that day, or the reason why there is none.
Not known is never "fine".
"""
LEGEND = """\
↑ は大きいほど、↓ は小さいほど、児童を見る理由になります。「参考」は、人が理由とあわせて読むためだけのものです。
↑ the higher, ↓ the lower the value, the more it speaks for looking; 参考 (context) is only read beside the reasons.
例の家族(2026年10月31日): A 10歳(市立小)、B 2歳、C 3か月、母 M、父 F、父の母 G が同じ世帯。P は私立中の13歳で別の世帯。
The family of the examples on 31 October 2026: A (10, a city school), B (2) and C (3 months) with their mother M,
father F and his mother G in one household; P, 13, at a private school, in another.
"""
EXAMPLE_HEADINGS = ("指標 Indicator", "例 Example", "与えるもの Given", "出るもの Gives")
HEADINGS = (
    "指標 Indicator", "単位・値 Unit, values", "読むもの Reads", "期間 Window", "類型 Difficulties",
    "不明のとき When not known",
)  # fmt: skip


def indicators_page() -> str:
    found = shipped_indicators()
    return page([NOTE.format(room="src/mimamori/screening/indicators"), *_introduction(), *_areas(found.areas)])


def _introduction() -> Iterator[str]:
    yield from INTRODUCTION.splitlines()
    yield ""
    yield from table(
        ("不明の理由 Why not known", "意味", "Meaning"),
        [(both(label), *MEANING[why]) for why, label in WHY_LABELS.items()],
    )
    yield from ("", *LEGEND.splitlines(), "")
    areas = shipped_indicators().areas
    yield " · ".join(f"[{both(area)}](#{anchor(both(area))}) ({len(inside)})" for area, inside in areas)


def _areas(areas: tuple[tuple[Label, tuple[Indicator, ...]], ...]) -> Iterator[str]:
    for area, inside in areas:
        yield from ("", f"## {both(area)}", "")
        purposes = Counter(indicator.purpose for indicator in inside if indicator.purpose)
        shared = purposes.most_common(1)[0][0]
        yield f"目的 Purpose: {both(shared, ' / ')}"
        for indicator in inside:
            if indicator.purpose and indicator.purpose != shared:
                yield f"- {code(indicator.id)}: {both(indicator.purpose, ' / ')}"
        yield ""
        yield from table(HEADINGS, [_row(indicator) for indicator in inside])
        yield from ("", f"**例 Examples: {both(area)}**", "")
        yield from table(EXAMPLE_HEADINGS, [_example(one, example) for one in inside for example in one.example])


def _example(indicator: Indicator, example: Example) -> tuple[str, ...]:
    """A tiny table in, the values out: what the tests run."""
    return (
        code(indicator.id),
        both(example.note, "\n"),
        "\n".join(_given(example)),
        "\n".join(_expected(indicator, example)),
    )


def _given(example: Example) -> Iterator[str]:
    for person in example.persons:
        yield f"{person['case_no']}: {_cells(person)}"
    for name, rows in example.rows.items():
        roles = {"case_no": "", "mother_case_no": "母 mother ", "borrower_case_no": "借受人 borrower "}
        for row in rows:
            who = " ".join(f"{said}{row[column]}" for column, said in roles.items() if column in row)
            yield f"{code(name)} {who}: {_cells(row)}"
    for what, names in (("未受領 not delivered", example.missing), ("古い stale", example.stale)):
        for name in names:
            yield f"{what}: {code(name)}"


def _cells(row: dict[str, Any]) -> str:
    shown = {field: value for field, value in row.items() if not field.endswith("case_no") and field != "_as_of"}
    return "、".join(
        f"{field}={str(value).lower() if isinstance(value, bool) else value}" for field, value in shown.items()
    )


def _expected(indicator: Indicator, example: Example) -> Iterator[str]:
    for case_no, expected in example.expect.items():
        if expected.why is not None:
            yield f"{case_no}: {both(WHY_LABELS[expected.why])}"
            continue
        value = f"{expected.value:g}"
        label = indicator.values.get(value)
        day = f" ({expected.day})" if expected.day else ""
        yield f"{case_no}: {value}" + (f" {both(label)}" if label else "") + day


def _row(indicator: Indicator) -> tuple[str, ...]:
    mark = DIRECTIONS[indicator.direction]
    return (
        f"{both(indicator.label, chr(10))}{mark}\n{code(indicator.id)}"
        + ("\n参考 context" if indicator.context else ""),
        both(indicator.unit) if indicator.unit else "\n".join(_choices(indicator)),
        "\n".join(_reads(indicator)),
        f"{indicator.window_months} か月 months" if indicator.window_months else "",
        "\n".join(both(DIFFICULTY_LABELS[name]) for name in indicator.difficulties),
        "\n".join(_unknown(indicator)),
    )


def _choices(indicator: Indicator) -> Iterator[str]:
    for value, label in indicator.values.items():
        yield f"{value} {both(label)}"


def _reads(indicator: Indicator) -> Iterator[str]:
    """`source.table`: its items, the table once; the source shown beside the value first."""
    tables: dict[str, list[str]] = {}
    for item in sorted(indicator.items, key=lambda item: not item.startswith(f"{indicator.source}.")):
        name, _, field = item.rpartition(".")
        tables.setdefault(name, []).append(field)
    labels = {f"{layout.name}.{one.name}": one for layout, one in shipped_registry().tables()}
    for name, fields in tables.items():
        yield f"{code(name)}: {'、'.join(labels[name].item(field).label.ja for field in fields)}"


def _unknown(indicator: Indicator) -> Iterator[str]:
    """Which reasons the framework and the indicator's own SQL can give."""
    months = indicator.applies.due_months
    reasons: dict[Why, str] = {}
    if covered := "、".join(_covered(indicator)):
        reasons["not_covered"] = f": {covered} 以外 others"
    if months is not None:
        reasons["not_due"] = f": {months} か月より前 before {months} months"
    reasons["not_delivered"] = ""
    for why in WHY_LABELS:
        if f"'{why}'" in indicator.sql:
            reasons.setdefault(why, "")
    if indicator.silence == "unknown":
        reasons["no_record"] = ""
    for why, more in reasons.items():
        yield both(WHY_LABELS[why]) + more
    if indicator.silence == "zero":
        none = indicator.values.get("0")
        yield "行がなければ without a row: 0" + (f" {both(none)}" if none else "")


def _covered(indicator: Indicator) -> Iterator[str]:
    applies = indicator.applies
    if COVERED[applies.who]:
        yield COVERED[applies.who]
    for limits, unit in (
        (applies.ages, "歳 years"), (applies.months, "か月 months"), (applies.grades, "年生 grades"),
    ):  # fmt: skip
        if limits:
            yield f"{limits[0]}–{limits[1]} {unit}"
