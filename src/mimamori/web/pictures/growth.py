"""Height and weight of a child against the standard of its age and sex: points on the bands of one and two SD."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.door import Karte
from mimamori.web.days import age as age_word
from mimamori.web.days import english, long_day, short_day
from mimamori.web.pictures.drawing import Picture, amount, frame, line, section, table_rows, text
from mimamori.web.pictures.standard import FIRST, Standard, source, standard

Scale = Callable[[float], float]

YEAR = 365.25
# Where a child is measured: source, record kind, the item of its height (cm) and of its weight (kg).
MEASURED = (
    ("maternal_child_health", "checkup", "height_cm", "weight_kg"),
    ("school_affairs", "checkups", "height", "weight"),
)
WIDTH, HEIGHT, TOP, FLOOR, LEFT, RIGHT = 212, 190, 26, 158, 30, 176
BANDS = ((2, "sd2"), (1, "sd1"))
EDGES = (2, 0, -2)  # the lines that are named
SPAN = 2.0  # years that the axis shows at least
AROUND = 0.5  # years shown before the first and after the last point


@dataclass(frozen=True)
class Measure:
    """One measuring: when, at what age in years, what was found (None: not measured), and who says so."""

    day: date
    age: float
    height: float | None
    weight: float | None
    source: str
    as_of: date | None


def picture(karte: Karte) -> Picture | None:
    """The picture; None where nothing was measured, or the day of birth is not known to the day."""
    head = karte.header
    if head.birth_date is None or head.birth_date_status != "exact":
        return None
    found = sorted(_measured(karte, head.birth_date), key=lambda one: one.day)
    if not found:
        return None
    standards = {measure: standard(measure, head.sex_code) for measure in ("height", "weight")}
    heights = [(one.age, one.height) for one in found if one.height is not None]
    weights = [(one.age, one.weight) for one in found if one.weight is not None]
    told, svgs = [], []
    for measure, label, unit, points in (
        ("height", gettext("身長"), "cm", heights),
        ("weight", gettext("体重"), "kg", weights),
    ):
        if not points:
            continue
        sentence = _sentence(label, unit, points[-1], standards[measure])
        told.append(sentence)
        svgs.append(drawn(f"{label} {unit}", points, standards[measure], sentence))
    whole = gettext("、").join(told) + gettext("(%(day)s)") % {"day": long_day(found[-1].day)}
    sources = {one.source: one.as_of for one in found}
    columns = (
        gettext("測った日"), gettext("年齢"), gettext("身長"), gettext("標準との差"), gettext("体重"),
        gettext("標準との差"), gettext("出典"),
    )  # fmt: skip
    rows = tuple(_row(one, head.birth_date, standards) for one in reversed(found))
    return Picture(whole, tuple(svgs), tuple(sources.items()), columns, rows)


def note() -> str:
    """Where the bands are from."""
    said = source()
    return said.en if english() else said.ja


def drawn(title: str, points: Sequence[tuple[float, float]], by: Standard | None, sentence: str) -> SafeString:
    """One measure: `points` are (age in years, value) in order; without a standard the points stand alone."""
    first, last = points[0][0] - AROUND, points[-1][0] + AROUND
    if last - first < SPAN:
        first -= (SPAN - (last - first)) / 2
        last = first + SPAN
    first, last = max(first, 0.0), max(last, SPAN)
    ages = _ages(first, last, by)
    values = [value for _age, value in points]
    if by and ages:
        values += [at.value(sd) for age in (ages[0], ages[-1]) if (at := by.at(age)) for sd in (-2.5, 2.5)]
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1

    def x(age: float) -> float:
        return LEFT + (age - first) / (last - first) * (RIGHT - LEFT)

    def y(value: float) -> float:
        return FLOOR - (value - low) / (high - low) * (FLOOR - TOP)

    parts = [text(2, 12, title, kind="value", anchor="start"), line(f"M{LEFT} {FLOOR}H{RIGHT}", "grid")]
    if by and ages:
        parts += _bands(by, ages, x, y)
    for level in _levels(low, high):
        parts.append(text(LEFT - 5, y(level) + 4, f"{level:g}", anchor="end"))
    for year in _years(first, last):
        parts.append(text(x(year), FLOOR + 15, gettext("%(n)d歳") % {"n": year}))
    if len(points) > 1:
        parts.append(line("M" + "L".join(f"{x(age):.1f} {y(value):.1f}" for age, value in points), "grown"))
    parts += [
        format_html('<circle class="point" cx="{}" cy="{}" r="3.5"/>', f"{x(age):.1f}", f"{y(value):.1f}")
        for age, value in points
    ]
    age, value = points[-1]
    parts.append(text(x(age), y(value) - 8, f"{value:g}", kind="value"))
    return frame(WIDTH, HEIGHT, sentence, parts, kind="chart growth")


def _bands(by: Standard, ages: Sequence[float], x: Scale, y: Scale) -> Iterator[SafeString]:
    for sd, kind in BANDS:
        edge = [(age, sd) for age in ages] + [(age, -sd) for age in reversed(ages)]
        corners = " ".join(f"{x(age):.1f},{y(at.value(place)):.1f}" for age, place in edge if (at := by.at(age)))
        yield format_html('<polygon class="{}" points="{}"/>', kind, corners)
    middle = "L".join(f"{x(age):.1f} {y(at.median):.1f}" for age in ages if (at := by.at(age)))
    yield line(f"M{middle}", "median")
    if end := by.at(ages[-1]):
        for sd in EDGES:
            words = f"{sd:+d}SD" if sd else gettext("平均")
            yield text(x(ages[-1]) + 3, y(end.value(sd)) + 4, words, anchor="start")


def _ages(first: float, last: float, by: Standard | None) -> list[float]:
    """Where the bands have corners: every quarter of a year from the first age that the standard tells between two."""
    begin, end = max(first, FIRST), min(last, by.last if by else last)
    if begin >= end:
        return []
    steps = max(int((end - begin) / 0.25), 1)
    return [begin + (end - begin) * place / steps for place in range(steps + 1)]


def _levels(low: float, high: float) -> list[float]:
    """Three or so round values of the scale."""
    step = next(size for size in (0.5, 1, 2, 5, 10, 20, 50, 100) if (high - low) / size <= 4)
    return [step * place for place in range(int(low // step) + 1, int(high // step) + 1)]


def _years(first: float, last: float) -> list[int]:
    """The whole years of the axis, at most five."""
    years = [year for year in range(int(first), int(last) + 1) if first <= year <= last]
    return years[:: len(years) // 5 + 1]


def _measured(karte: Karte, birth: date) -> Iterator[Measure]:
    for name, table, height, weight in MEASURED:
        part = section(karte, name)
        for row in table_rows(part, table):
            found = amount(row, height), amount(row, weight)
            if part and row.day and row.day >= birth and found != (None, None):
                yield Measure(row.day, (row.day - birth).days / YEAR, *found, part.short_label, row.as_of)


def _sd(value: float | None, age: float, by: Standard | None) -> float | None:
    at = by.at(age) if by else None
    return at.sd(value) if at and value else None


def _sd_words(sd: float | None) -> str:
    if sd is None:
        return gettext("標準なし")
    return f"{sd:+.1f}SD" if round(sd, 1) else "±0SD"


def _sentence(label: str, unit: str, point: tuple[float, float], by: Standard | None) -> str:
    age, value = point
    sd = _sd(value, age, by)
    beside = gettext("標準はわからない") if sd is None else gettext("平均から%(sd)s") % {"sd": _sd_words(sd)}
    return gettext("%(label)s %(value)s(%(beside)s)") % {"label": label, "value": f"{value:g}{unit}", "beside": beside}


def _row(one: Measure, birth: date, by: dict[str, Standard | None]) -> tuple[str, ...]:
    return (
        long_day(one.day),
        age_word(birth, one.day),
        "—" if one.height is None else f"{one.height:g}cm",
        "—" if one.height is None else _sd_words(_sd(one.height, one.age, by["height"])),
        "—" if one.weight is None else f"{one.weight:g}kg",
        "—" if one.weight is None else _sd_words(_sd(one.weight, one.age, by["weight"])),
        f"{one.source} {short_day(one.as_of)}".strip(),
    )
