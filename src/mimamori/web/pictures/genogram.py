"""The family as a genogram, in the usual symbols; the table beside it says the same in words.

□ male ○ female ◇ not known, double outline the child, × dead, △ a child expected. A couple: line married, dashes not
married, one stroke apart, two strokes divorced, dots where no source tells. A dashed line down: adopted or fostered.
Twins come from one point. Whoever lives with the child stands within the dashed frame, everybody else right of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.door import Karte, Relative
from mimamori.web.days import short_day
from mimamori.web.kin_words import CHILD, named
from mimamori.web.pictures.drawing import Picture, frame, line, section, text

STEP, DEPTH, RADIUS = 104, 124, 17
LEFT, TOP, GAP = 66, 52, 28  # first column, first row, between the home and those outside
ABOVE, PARENTS, OWN, BELOW = range(4)  # the generations
ROWS = {
    "grandparent": ABOVE, "parent": PARENTS, "guardian": PARENTS, "household": PARENTS, "sibling": OWN, "spouse": OWN,
    "child": BELOW,
}  # fmt: skip
SIGN = 13  # as `.genogram text` is set
MOST = 6  # people of one generation that are drawn beside the child; the table has them all
Spot = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """Where everybody stands, by their place in the family; the frame of the child's home, None where nobody lives
    with the child; how large it all is; how many are not drawn."""

    spots: dict[int, Spot]
    expected: tuple[tuple[Spot, date], ...]
    home: tuple[float, float, float, float] | None
    width: int
    height: int
    left_out: int


def picture(karte: Karte) -> Picture | None:
    """The picture; None where no family is known."""
    drawn = [at for at, one in enumerate(karte.family) if one.kind in ROWS]
    if not drawn:
        return None
    plan = _plan(karte, drawn)
    parts = [*_home(plan), *_couples(karte, plan), *_descents(karte, plan), *_grandparents(karte, plan)]
    parts += [*_own_children(karte, plan), _child(karte, plan.spots[CHILD])]
    parts += [_person(karte, at, *plan.spots[at]) for at in drawn if at in plan.spots]
    parts += [_coming(spot, day) for spot, day in plan.expected]
    if plan.left_out:
        more = gettext("ほかに%(n)d人(表にあります)") % {"n": plan.left_out}
        parts.append(text(12, plan.height - 6, more, anchor="start"))
    living = sum(one.same_household for one in karte.family)
    sentence = gettext("同じ世帯に本人のほか%(n)d人") % {"n": living}
    register = section(karte, "resident_register")
    return Picture(
        sentence,
        (frame(plan.width, plan.height, sentence, parts, kind="genogram"),),
        ((register.short_label, register.as_of),) if register else (),
    )


def _generation(one: Relative) -> int:
    return OWN if one.kind == "household" and one.is_child else ROWS[one.kind]


def _plan(karte: Karte, drawn: Sequence[int]) -> Plan:
    rows = [_row(karte, [at for at in drawn if _generation(karte.family[at]) == row], row) for row in range(4)]
    coming = karte.expected[:2]
    homes = [[at for at in row if at == CHILD or karte.family[at].same_household] for row in rows]
    inside = [len(home) + (len(coming) if row == OWN else 0) for row, home in enumerate(homes)]
    widest = max(inside)
    used = [row for row, people in enumerate(rows) if people]
    spots: dict[int, Spot] = {}
    for row in used:
        y = TOP + used.index(row) * DEPTH
        first = LEFT + (widest - inside[row]) / 2 * STEP
        spots |= {one: (first + at * STEP, y) for at, one in enumerate(homes[row])}
        outside = [one for one in rows[row] if one not in homes[row]]
        spots |= {one: (LEFT + (widest + at) * STEP + GAP, y) for at, one in enumerate(outside)}
    place, level = LEFT + (len(homes[OWN]) + (widest - inside[OWN]) / 2) * STEP, spots[CHILD][1]
    expected = tuple(((place + at * STEP, level), day) for at, day in enumerate(coming))
    levels = [spots[one][1] for home in homes for one in home]
    home = None
    if len(levels) > 1:
        home = (LEFT - 56, min(levels) - 42, (widest - 1) * STEP + 112, max(levels) - min(levels) + 112)
    width = max(LEFT - 56 + (widest - 1) * STEP + 112, *(x + 56 for x, _y in spots.values())) + 4
    left_out = len(drawn) + 1 - len(spots)
    height = TOP + (len(used) - 1) * DEPTH + 76 + (20 if left_out else 0)
    return Plan(spots, expected, home, int(width), int(height), left_out)


def _row(karte: Karte, places: list[int], row: int) -> list[int]:
    """One generation from left to right: a man before a woman above, by age below, with the child in its place."""
    family = karte.family
    if row in {ABOVE, PARENTS}:
        above = row == ABOVE  # above their own son or daughter
        rank = {at: _first_child(karte, at) if above else int(family[at].kind != "parent") for at in places}
        return sorted(places, key=lambda at: (rank[at], family[at].sex_code))[:MOST]
    if row == BELOW:
        return places[:MOST]
    age = karte.header.age
    spouses = [at for at in places if family[at].kind == "spouse"]
    older = [at for at in places if at not in spouses and age is not None and (family[at].age or 0) > age]
    younger = [at for at in places if at not in {*spouses, *older}]
    younger = [*spouses, *sorted(younger, key=lambda at: CHILD not in family[at].twins)]
    older = older[-(MOST - min(len(younger), MOST // 2)) :]  # those next in age
    return [*older, CHILD, *younger[: MOST - len(older)]]


def _first_child(karte: Karte, at: int) -> int:
    return next((place for place, one in enumerate(karte.family) if at in one.parents), len(karte.family))


def _home(plan: Plan) -> Iterator[SafeString]:
    if plan.home:
        x, y, width, height = plan.home
        yield format_html('<rect class="home" x="{}" y="{}" width="{}" height="{}" rx="10"/>', x, y, width, height)
        yield text(x + 8, y + 16, gettext("同じ世帯"), anchor="start")


def _couples(karte: Karte, plan: Plan) -> Iterator[SafeString]:
    for couple in karte.couples:
        if couple.left in plan.spots and couple.right in plan.spots:
            (left, y), (right, other) = sorted((plan.spots[couple.left], plan.spots[couple.right]))
            if y == other:
                yield _tie(couple.tie, left, right, y, between=_between(plan, left, right, y))


def _between(plan: Plan, left: float, right: float, y: float) -> bool:
    return any(left < x < right and other == y for x, other in plan.spots.values())


def _tie(tie: str, left: float, right: float, y: float, *, between: bool) -> SafeString:
    """The line of a couple; over the heads of whoever stands between them."""
    kind = {"partners": "kin loose", "unknown": "kin dots"}.get(tie, "kin")
    level = y - 30 if between else y
    found = line(f"M{left} {y}V{level}H{right}V{y}" if between else f"M{left} {y}H{right}", kind)
    x = (left + right) / 2
    for place in {"apart": (0,), "divorced": (-4, 4)}.get(tie, ()):
        found += line(f"M{x + place - 5} {level + 9}l10 -18", "kin")
    if tie == "unknown":
        found += text(x, level - 6, "?", kind="who")
    return found


def _descents(karte: Karte, plan: Plan) -> Iterator[SafeString]:
    """From parents down to children: one bar for those of the same parents."""
    own = tuple(at for at, one in enumerate(karte.family) if one.kind == "parent" and at in plan.spots)
    fostering = tuple(at for at, one in enumerate(karte.family) if one.raised and at in plan.spots)
    groups: dict[tuple[int, ...], list[int]] = {own or fostering: [CHILD]}
    loose: list[int] = []
    for at, one in enumerate(karte.family):
        if one.kind == "sibling" and at in plan.spots:
            parents = tuple(place for place in one.parents if place in own)
            if parents:
                groups.setdefault(parents, []).append(at)
            elif own or one.same_household:
                loose.append(at)
    for place, (parents, children) in enumerate(groups.items()):
        if not parents:
            continue
        raised = CHILD in children and all(karte.family[at].raised for at in parents)
        bar = plan.spots[CHILD][1] - 44 - 8 * place
        x, y = _origin(plan, parents)
        yield line(f"M{x} {y}V{bar}", "kin loose" if raised else "kin")
        yield from _bars(karte, plan, children, (x, bar), "kin loose" if raised else "kin")
        if place == 0:
            yield from _bars(karte, plan, loose, (x, bar), "kin dots")
            yield from (line(f"M{x} {bar}H{spot[0]}V{spot[1] - RADIUS}", "kin") for spot, _day in plan.expected)


def _origin(plan: Plan, parents: Sequence[int]) -> Spot:
    """Where a line to children begins: between two, or at one."""
    places = sorted(plan.spots[at] for at in parents[:2])
    return (places[0][0] + places[-1][0]) / 2, places[0][1]


def _bars(karte: Karte, plan: Plan, children: Iterable[int], start: Spot, kind: str) -> Iterator[SafeString]:
    """A bar from the line of the parents to each child; twins part at one point of it."""
    listed = list(children)
    for at in listed:
        x, y = plan.spots[at]
        born = [at, *(other for other in _twins(karte, at) if other in listed)]
        point = sum(plan.spots[other][0] for other in born) / len(born)
        yield line(f"M{start[0]} {start[1]}H{point}L{x} {y}", kind)


def _twins(karte: Karte, at: int) -> tuple[int, ...]:
    if at != CHILD:
        return karte.family[at].twins
    return tuple(place for place, one in enumerate(karte.family) if CHILD in one.twins)


def _grandparents(karte: Karte, plan: Plan) -> Iterator[SafeString]:
    """To each parent from its own parents; dots where no source tells whose parents they are."""
    upper = [at for at, one in enumerate(karte.family) if one.kind == "grandparent" and at in plan.spots]
    told: set[int] = set()
    for at, one in enumerate(karte.family):
        over = [place for place in one.parents if place in upper]
        if one.kind == "parent" and at in plan.spots and over:
            told.update(over)
            (x, y), (own, own_y) = _origin(plan, over), plan.spots[at]
            yield line(f"M{x} {y}V{own_y - 46}H{own}V{own_y}", "kin")
    parents = [at for at, one in enumerate(karte.family) if one.kind == "parent" and at in plan.spots]
    for at in upper:
        if at not in told and parents:
            (x, y), (middle, own_y) = plan.spots[at], _origin(plan, parents)
            yield line(f"M{x} {y}V{own_y - 38}H{middle}V{own_y}", "kin dots")


def _own_children(karte: Karte, plan: Plan) -> Iterator[SafeString]:
    """The child's own partner and children; whose the children are beside it is not asked."""
    x, y = plan.spots[CHILD]
    for at, one in enumerate(karte.family):
        if at in plan.spots and one.kind == "spouse":
            yield _tie("unknown", x, plan.spots[at][0], y, between=_between(plan, x, plan.spots[at][0], y))
        if at in plan.spots and one.kind == "child":
            below, own_y = plan.spots[at]
            yield line(f"M{x} {y}V{own_y - 44}H{below}V{own_y}", "kin")


def _child(karte: Karte, spot: Spot) -> SafeString:
    head = karte.header
    x, y = spot
    shape = _shape(head.sex_code, x, y, RADIUS) + _shape(head.sex_code, x, y, RADIUS + 5, kind="ring")
    age = text(x, y + 5, "" if head.age is None else str(head.age), kind="age me")
    return format_html("{}{}{}", shape, age, text(x, y + 41, gettext("本人"), kind="who"))


def _person(karte: Karte, at: int, x: float, y: float) -> SafeString:
    one = karte.family[at]
    label = named(karte, at)
    words = [label] if _width(label) <= STEP else label.rsplit(" ", 1)
    below = format_html_join(
        "", "{}", ((text(x, y + 36 + 16 * at, word, kind="who"),) for at, word in enumerate(words))
    )
    under = y + 36 + 16 * len(words)
    note = SafeString("")
    if one.place_withheld:
        note = text(x, under, gettext("居所は非表示"), kind="veil")
    elif one.died:
        note = text(x, under, gettext("死亡"))
    elif not one.same_household:
        note = text(x, under, gettext("別の世帯"))
    cross = line(f"M{x - 17} {y - 17}l34 34M{x + 17} {y - 17}l-34 34", "kin") if one.died else ""
    age = text(x, y + 5, "?" if one.age is None else str(one.age), kind="age") if not one.died else ""
    return format_html("{}{}{}{}{}", _shape(one.sex_code, x, y, RADIUS), cross, age, below, note)


def _width(words: str) -> int:
    """How wide a label is, in the picture's units: a wide sign takes all of a square, others about half of it."""
    return sum(SIGN if east_asian_width(sign) in "WF" else SIGN // 2 + 1 for sign in words)


def _coming(spot: Spot, day: date) -> SafeString:
    x, y = spot
    points = f"{x},{y - RADIUS} {x + RADIUS},{y + RADIUS} {x - RADIUS},{y + RADIUS}"
    shape = format_html('<polygon class="shape" points="{}"/>', points)
    due = gettext("予定 %(day)s") % {"day": short_day(day)}
    return format_html("{}{}{}", shape, text(x, y + 36, gettext("妊娠中"), kind="who"), text(x, y + 52, due))


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
