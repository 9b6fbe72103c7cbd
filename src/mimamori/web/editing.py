"""A draft of conditions as it lies in the editor: the texts of its fields, and the condition set they make.

Fields of rows are told in columns: the n-th `low` belongs to the n-th `row_id`. A sheet is lenient, so that nothing
typed is lost; only `made` reads it, and nothing of it reaches a database but as a value of a checked condition set.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from mimamori.refusal import Refused
from mimamori.screening import ConditionSet, load_indicators
from mimamori.screening.conditions import Condition
from mimamori.screening.indicators import Indicator

MOST_ROWS = 60
MUST, IN_DOMAIN = "must", "in:"  # where a row stands: `must`, or `in:` and its domain
ROW_FIELDS = (
    "row_id", "indicator", "low", "high", "listed", "points", "place", "age_from", "age_to", "ja", "en", "basis_ja",
    "basis_en",
)  # fmt: skip
DOMAIN_FIELDS = ("domain_id", "domain_ja", "domain_en", "domain_weight")
LOST = Refused("画面が古くなっています。開き直してください。", "This page is out of date: open it again.")
TOO_MANY = Refused(
    f"画面で直せるのは{MOST_ROWS}行までです。ファイルで直してください(`mimamori screen edit`)。",
    f"The page edits {MOST_ROWS} rows at most: edit it as a file (`mimamori screen edit`).",
)
Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Row:
    """One condition; texts as typed. `values`: the choices that are ticked; `listed`: numbers with commas between."""

    row_id: str
    indicator: str
    low: str = ""
    high: str = ""
    listed: str = ""
    points: str = ""
    place: str = MUST
    age_from: str = ""
    age_to: str = ""
    ja: str = ""
    en: str = ""
    basis_ja: str = ""
    basis_en: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """One domain; texts as typed."""

    domain_id: str
    domain_ja: str = ""
    domain_en: str = ""
    domain_weight: str = "1"


@dataclass(frozen=True)
class Sheet:
    """The whole form. `revision`: of the draft that it was begun from."""

    revision: str
    difficulty: str
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    tiers: tuple[str, ...]
    ages: tuple[str, str]
    note: tuple[str, str]
    # The rows as the version holds them: their sentences follow what changes, until somebody words them anew.
    before: Mapping[str, Condition] = field(default_factory=dict)


def sheet_of(condition_set: ConditionSet, revision: int) -> Sheet:
    """The sheet of what a version holds."""
    if len(condition_set.conditions) > MOST_ROWS:
        raise TOO_MANY
    return Sheet(
        revision=str(revision),
        difficulty=condition_set.difficulty,
        rows=tuple(_row(condition) for condition in condition_set.conditions),
        groups=tuple(
            Group(domain.id, domain.label.ja, domain.label.en, number(domain.weight))
            for domain in condition_set.domains
        ),
        tiers=tuple(number(tier) for tier in condition_set.tiers),
        ages=(str(condition_set.ages[0]), str(condition_set.ages[1])),
        note=(condition_set.note.ja, condition_set.note.en),
        before={condition.id: condition for condition in condition_set.conditions},
    )


def read(columns: Columns, held: ConditionSet) -> Sheet:
    """The sheet of a form, or of what was kept of one; `held` is what the version holds. Raises `Refused` where the
    columns do not fit together."""
    rows = _columns(columns, ROW_FIELDS)
    if len(rows) > MOST_ROWS:
        raise TOO_MANY
    ticked: dict[int, list[str]] = {}
    for told in columns.get("value", ()):
        place, _, value = told.partition(":")
        if not place.isdecimal() or int(place) >= len(rows):
            raise LOST
        ticked.setdefault(int(place), []).append(value)
    return Sheet(
        revision=_one(columns, "revision"),
        difficulty=held.difficulty,
        rows=tuple(Row(**row, values=tuple(ticked.get(place, ()))) for place, row in enumerate(rows)),
        groups=tuple(Group(**group) for group in _columns(columns, DOMAIN_FIELDS)),
        tiers=tuple(columns.get("tier", ())),
        ages=(_one(columns, "ages_from"), _one(columns, "ages_to")),
        note=(_one(columns, "note_ja"), _one(columns, "note_en")),
        before={condition.id: condition for condition in held.conditions},
    )


def columns_of(sheet: Sheet) -> QueryDict:
    """The same as fields, to be kept as a draft."""
    told = QueryDict(mutable=True)
    told["revision"] = sheet.revision
    for name in ROW_FIELDS:
        told.setlist(name, [getattr(row, name) for row in sheet.rows])
    for name in DOMAIN_FIELDS:
        told.setlist(name, [getattr(group, name) for group in sheet.groups])
    told.setlist("value", [f"{place}:{value}" for place, row in enumerate(sheet.rows) for value in row.values])
    told.setlist("tier", list(sheet.tiers))
    told["ages_from"], told["ages_to"] = sheet.ages
    told["note_ja"], told["note_en"] = sheet.note
    return told


def ordered(sheet: Sheet) -> Sheet:
    """The rows in the order in which a page shows them: must-look, then domain by domain."""
    order = [None, *(group.domain_id for group in sheet.groups)]
    found = sorted(sheet.rows, key=lambda row: order.index(name) if (name := domain_of(row)) in order else 0)
    return replace(sheet, rows=tuple(found))


def with_row(sheet: Sheet, name: str, place: str) -> Sheet:
    """One condition more, on an indicator of the closed list, with bounds to begin from. Raises `Refused` for what is
    not offered."""
    if not name:
        raise Refused("指標をえらんでください。", "Choose an indicator.")
    indicator = load_indicators().get(name)
    places = {MUST, *(IN_DOMAIN + group.domain_id for group in sheet.groups)}
    if place not in places:
        raise Refused("どこに加えるかをえらんでください。", "Choose where it goes.")
    if len(sheet.rows) >= MOST_ROWS:
        raise TOO_MANY
    low, high, values = first_bounds(indicator)
    points = "" if place == MUST else "30"
    made = Row(_new_name(name, {row.row_id for row in sheet.rows}), name, low, high, "", points, place, values=values)
    return replace(sheet, rows=(*sheet.rows, made))


def without_row(sheet: Sheet, place: str) -> Sheet:
    """One condition less; `place` is its place among the rows, from 0."""
    at = _place(place, len(sheet.rows))
    return replace(sheet, rows=(*sheet.rows[:at], *sheet.rows[at + 1 :]))


def with_group(sheet: Sheet, ja: str, en: str) -> Sheet:
    """One domain more; it is kept once a condition stands in it."""
    if not ja.strip():
        raise Refused("領域の名前を書いてください。", "Write the name of the domain.")
    name = _new_name("domain", {group.domain_id for group in sheet.groups} | {"domain"})
    return replace(sheet, groups=(*sheet.groups, Group(name, ja.strip(), en.strip())))


def with_tier(sheet: Sheet) -> Sheet:
    """One more threshold, below the last."""
    last = parsed(sheet.tiers[-1]) if sheet.tiers else None
    return replace(sheet, tiers=(*sheet.tiers, number(max((last or 60) - 10, 1))))


def without_tier(sheet: Sheet, place: str) -> Sheet:
    """One threshold less; one stays."""
    at = _place(place, len(sheet.tiers))
    return replace(sheet, tiers=sheet.tiers if len(sheet.tiers) == 1 else sheet.tiers[:at] + sheet.tiers[at + 1 :])


def mended(sheet: Sheet, told: str) -> Sheet:
    """One bound changed as a finding proposes it: `name:low:8`."""
    name, bound, value = [*told.split(":"), "", ""][:3]
    if bound not in {"low", "high"} or parsed(value) is None:
        raise LOST
    text = number(parsed(value) or 0)
    rows = tuple(
        row if row.row_id != name else replace(row, low=text) if bound == "low" else replace(row, high=text)
        for row in sheet.rows
    )
    return replace(sheet, rows=rows)


def with_revision(sheet: Sheet, revision: int) -> Sheet:
    """The same, begun from what the draft holds now."""
    return replace(sheet, revision=str(revision))


def first_bounds(indicator: Indicator) -> tuple[str, str, tuple[str, ...]]:
    """What a new condition begins with: low, high, values."""
    if indicator.choices:
        wanted = "1" if "1" in indicator.values else next(reversed(indicator.values))
        return "", "", (wanted,)
    if indicator.direction == "lower":
        middle = indicator.least + 1 if indicator.most is None else (indicator.least + indicator.most) // 2
        return "", number(middle), ()
    return number(max(1.0, indicator.least)), "", ()


def number(value: float) -> str:
    """A number as a field holds it: without commas, without needless zeros."""
    return f"{value:.10g}"


def _row(condition: Condition) -> Row:
    indicator = load_indicators().get(condition.indicator)
    listed = condition.values and not indicator.choices
    return Row(
        row_id=condition.id,
        indicator=condition.indicator,
        low="" if condition.low is None else number(condition.low),
        high="" if condition.high is None else number(condition.high),
        listed=", ".join(number(value) for value in condition.values) if listed else "",
        points="" if condition.must else number(condition.points),
        place=MUST if condition.must else f"{IN_DOMAIN}{condition.domain}",
        age_from="" if condition.ages is None else str(condition.ages[0]),
        age_to="" if condition.ages is None else str(condition.ages[1]),
        ja=condition.label.ja,
        en=condition.label.en,
        basis_ja=condition.basis.ja,
        basis_en=condition.basis.en,
        values=() if listed else tuple(number(value) for value in condition.values),
    )


def _columns(columns: Columns, names: Sequence[str]) -> list[dict[str, str]]:
    length = len(columns.get(names[0], ()))
    found: list[dict[str, str]] = [{} for _ in range(length)]
    for name in names:
        told = columns.get(name) or [""] * length  # a column of which nothing is typed is not kept
        if len(told) != length:
            raise LOST
        for row, text in zip(found, told, strict=True):
            row[name] = text
    return found


def _one(columns: Columns, name: str) -> str:
    told = columns.get(name)
    return told[0] if told else ""


def _place(text: str, length: int) -> int:
    if not text.isdecimal() or int(text) >= length:
        raise LOST
    return int(text)


def domain_of(row: Row) -> str | None:
    """The domain in which a row stands; None for must-look."""
    return row.place.removeprefix(IN_DOMAIN) if row.place.startswith(IN_DOMAIN) else None


def _new_name(stem: str, taken: set[str]) -> str:
    if stem not in taken:
        return stem
    return next(name for n in range(2, len(taken) + 3) if (name := f"{stem[:44]}_{n}") not in taken)


def parsed(text: str) -> float | None:
    """The number of a field, also with full-width digits or commas; None where it holds none."""
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace(",", "").strip()
    return float(plain) if _NUMBER.fullmatch(plain) else None


_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
