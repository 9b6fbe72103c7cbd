"""The family as a genogram: □ male ○ female ◇ not known, double outline the child, × dead; the table stands beside it.

It draws what is known: lines to parents and grandparents, and who lives in the child's household. How two parents live
with each other is in no source, so their line is solid within one household and dashed otherwise.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.door import Karte, Relative
from mimamori.web.pictures.drawing import Picture, frame, line, section, text
from mimamori.web.words import kin_word

STEP, DEPTH, RADIUS = 104, 116, 17
ROWS = {"grandparent": 0, "parent": 1, "guardian": 1, "spouse": 1, "household": 1, "sibling": 2, "child": 2}


def picture(karte: Karte) -> Picture | None:
    """The picture; None where no family is known."""
    upper = [one for one in karte.family if ROWS.get(one.kind) == 0][:4]
    middle = [one for one in karte.family if ROWS.get(one.kind) == 1][:4]
    lower = [one for one in karte.family if ROWS.get(one.kind) == 2][:4]
    if not upper and not middle and not lower:
        return None
    rows = [row for row in (upper, middle) if row]
    columns = max([len(row) for row in rows] + [len(lower) + 1, 2])
    width = columns * STEP + 20
    height = DEPTH * (len(rows) + 1) - 22
    spots: dict[int, tuple[float, float]] = {}
    for place, row in enumerate(rows):
        for at, one in enumerate(row):
            spots[id(one)] = (_x(at, len(row), width), 30 + place * DEPTH)
    last = 30 + len(rows) * DEPTH
    own = (_x(0, len(lower) + 1, width), last)
    for at, one in enumerate(lower):
        spots[id(one)] = (_x(at + 1, len(lower) + 1, width), last)
    parts = _lines(upper, middle, lower, spots, own)
    parts.append(_child(karte, own))
    parts += [_person(one, *spots[id(one)], karte.header.age) for one in (*upper, *middle, *lower)]
    living = sum(one.same_household for one in karte.family)
    sentence = gettext("同じ世帯に本人のほか%(n)d人") % {"n": living}
    register = section(karte, "resident_register")
    return Picture(
        sentence,
        (frame(width, height, sentence, parts, kind="genogram"),),
        ((register.short_label, register.as_of),) if register else (),
    )


def _x(at: int, of: int, width: float) -> float:
    return width / 2 + (at - (of - 1) / 2) * STEP


def _lines(
    upper: list[Relative],
    middle: list[Relative],
    lower: list[Relative],
    spots: dict[int, tuple[float, float]],
    own: tuple[float, float],
) -> list[SafeString]:
    parents = [one for one in middle if one.kind == "parent"]
    siblings = [one for one in lower if one.kind == "sibling"]
    found = []
    if parents:
        places = sorted(spots[id(one)] for one in parents)
        left, right = places[0], places[-1]
        together = all(one.same_household for one in parents)
        if left != right:
            found.append(line(f"M{left[0]} {left[1]}H{right[0]}", "kin" if together else "kin apart"))
        middle_x, bar_y = (left[0] + right[0]) / 2, own[1] - 34
        found.append(line(f"M{middle_x} {left[1]}V{bar_y}", "kin"))
        for x, y in (own, *(spots[id(one)] for one in siblings)):
            found.append(line(f"M{middle_x} {bar_y}H{x}V{y}", "kin"))
        if upper:
            places = sorted(spots[id(one)] for one in upper)
            line_y = places[0][1] + 64
            for x, y in places:
                found.append(line(f"M{x} {y}V{line_y}H{middle_x}V{left[1]}", "kin apart"))
    return found


def _child(karte: Karte, spot: tuple[float, float]) -> SafeString:
    head = karte.header
    x, y = spot
    shape = _shape(head.sex_code, x, y, RADIUS) + _shape(head.sex_code, x, y, RADIUS + 5, kind="ring")
    age = text(x, y + 5, "" if head.age is None else str(head.age), kind="age me")
    return format_html("{}{}{}", shape, age, text(x, y + 41, gettext("本人"), kind="who"))


def _person(one: Relative, x: float, y: float, of: int | None) -> SafeString:
    kind = kin_word(one.kind, sex=one.sex_code, age=one.age, of=of)
    given = one.name.split("　")[-1].split(" ")[-1]
    below = text(x, y + 36, f"{kind} {given}", kind="who")
    note = ""
    if one.place_withheld:
        note = text(x, y + 52, gettext("居所は非表示"), kind="veil")
    elif one.died:
        note = text(x, y + 52, gettext("死亡"))
    elif not one.same_household:
        note = text(x, y + 52, gettext("別の世帯"))
    cross = line(f"M{x - 17} {y - 17}l34 34M{x + 17} {y - 17}l-34 34", "kin") if one.died else ""
    age = text(x, y + 5, "?" if one.age is None else str(one.age), kind="age") if not one.died else ""
    solid = "shape" if one.same_household else "shape away"
    return format_html("{}{}{}{}{}", _shape(one.sex_code, x, y, RADIUS, kind=solid), cross, age, below, note)


def _shape(sex: str, x: float, y: float, radius: float, *, kind: str = "shape") -> SafeString:
    if sex == "1":
        side = radius * 2
        return format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', kind, x - radius, y - radius, side, side
        )
    if sex == "2":
        return format_html('<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, x, y, radius)
    points = f"{x},{y - radius} {x + radius},{y} {x},{y + radius} {x - radius},{y}"
    return format_html('<polygon class="{}" points="{}"/>', kind, points)
