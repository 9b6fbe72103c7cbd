"""A filter while it is being built: plain JSON that may hold empty groups, changed by one act at a time.

A place in it is a path of numbers: which member of each group, 0 for what stands in a `not`. What the acts make is read
by `screening.filters` before anything is asked. A tree is never taken from a form, only the acts are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from mimamori.refusal import Refused
from mimamori.screening.filters import MOST_CLAUSES, MOST_DEEP
from mimamori.screening.indicators import Indicators, load_indicators

Tree = Mapping[str, Any]
Path = tuple[int, ...]
GROUPS = ("all", "any")
# How a group is joined, as a page offers it.
ALL, ANY, NONE, NOT_ALL = "all", "any", "none", "not_all"
MOST_GROUPS = (MOST_DEEP - 2) // 2  # one within another, each perhaps with a `not`
EMPTY: Tree = {"all": []}
LOST = Refused("画面が古くなっています。開き直してください。", "This page is out of date: open it again.")


@dataclass(frozen=True)
class Line:
    """One clause as the page shows it; `path` is its own (of the `not` around it, where `negated`)."""

    path: Path
    clause: Tree
    negated: bool


@dataclass(frozen=True)
class Group:
    """A group as the page shows it: `inner` is the path under which its members stand."""

    path: Path
    inner: Path
    kind: str
    members: tuple[Group | Line, ...]


def shown(tree: Tree, path: Path = ()) -> Group | Line:
    """Groups and lines in their order; `not` around a clause or a group is part of it."""
    negated = "not" in tree
    whole, inner = (tree["not"], (*path, 0)) if negated else (tree, path)
    kind = next((one for one in GROUPS if one in whole), None)
    if kind is None:
        return Line(path, whole, negated)
    word = {(ALL, False): ALL, (ANY, False): ANY, (ANY, True): NONE, (ALL, True): NOT_ALL}[kind, negated]
    return Group(path, inner, word, tuple(shown(one, (*inner, n)) for n, one in enumerate(whole[kind])))


def begun(told: Tree) -> Tree:
    """A filter to go on building: a group outside, and never `not` of a `not`."""
    tree = _plain(told)
    whole = tree.get("not", tree)
    return tree if any(kind in whole for kind in GROUPS) else {"all": [tree]}


def pruned(tree: Tree, path: Path = ()) -> tuple[Tree | None, list[Path]]:
    """The tree without groups in which nothing stands, None where nothing is left; and where each of its nodes stood,
    in the order in which `filters.nodes` numbers them."""
    if "not" in tree:
        inner, places = pruned(tree["not"], (*path, 0))
        return ({"not": inner}, [path, *places]) if inner is not None else (None, [])
    kind = next((one for one in GROUPS if one in tree), None)
    if kind is None:
        return tree, [path]
    kept, places = [], [path]
    for number, one in enumerate(tree[kind]):
        member, within = pruned(one, (*path, number))
        if member is not None:
            kept.append(member)
            places += within
    return ({kind: kept}, places) if kept else (None, [])


def add(tree: Tree, path: Path, clause: Tree) -> Tree:
    """Put a clause or a group at the end of a group."""

    def grown(group: Tree) -> Tree:
        kind = _kind(group)
        if len(group[kind]) >= MOST_CLAUSES:
            raise Refused("この組には、これ以上足せません。", "This group can take no more.")
        return {kind: [*group[kind], clause]}

    if any(kind in clause for kind in GROUPS) and _groups(tree, path) >= MOST_GROUPS:
        raise Refused("組の中の組は、ここまでです。", "Groups cannot be nested deeper.")
    return _changed(tree, path, grown)


def remove(tree: Tree, path: Path) -> Tree:
    """Take away what stands there; the outermost group is emptied instead."""
    if not path:
        return EMPTY

    def without(group: Tree) -> Tree:
        kind = _kind(group)
        _member(group, path[-1])
        return {kind: [one for number, one in enumerate(group[kind]) if number != path[-1]]}

    return _changed(tree, path[:-1], without)


def turn(tree: Tree, path: Path) -> Tree:
    """The opposite of what stands there."""
    return _changed(tree, path, lambda one: one.get("not", {"not": one}))


def join(tree: Tree, path: Path, kind: str) -> Tree:
    """Join a group otherwise. `path` is the group's own, the `not` around it with it."""
    inner = {ALL: "all", ANY: "any", NONE: "any", NOT_ALL: "all"}.get(kind)
    if inner is None:
        raise LOST

    def joined(one: Tree) -> Tree:
        group = one.get("not", one)
        made = {inner: group[_kind(group)]}
        return {"not": made} if kind in {NONE, NOT_ALL} else made

    return _changed(tree, path, joined)


def put(tree: Tree, path: Path, clause: Tree) -> Tree:
    """Another clause in the place of one; a `not` around it stays."""
    return _changed(tree, path, lambda one: {"not": clause} if "not" in one else clause)


def first_clause(what: str, today: date) -> Tree:
    """A clause as it begins, from what was chosen (`kind:name`); its values are set afterwards."""
    kind, _, name = what.partition(":")
    match kind:
        case "listed" | "fact" | "work":
            return {kind: name}
        case "must":
            return {"listed": name, "must": True}
        case "ages":
            return {"ages": [0, 18]}
        case "ward":
            return {"wards": [name]}
        case "day":
            return {"day": name, "since": today.replace(year=today.year - 1, day=1).isoformat()}
        case "indicator":
            return _first_test(name, load_indicators())
    raise Refused("足す条件をえらんでください。", "Choose what to add.")


def edited(clause: Tree, sent: QueryDict) -> Tree:
    """The clause with the values that its form sent; raises `Refused` where one cannot be read."""
    if "indicator" in clause:
        return _edited_test(clause, sent)
    if "listed" in clause:
        how = sent.get("how", "")
        more = {"must": True} if how == "must" else {"tier": int(how)} if how.isdecimal() and len(how) == 1 else {}
        return {"listed": clause["listed"], **more}
    if "ages" in clause:
        return {"ages": [int(_number(sent, "low")), int(_number(sent, "high"))]}
    if "day" in clause:
        bounds = {name: sent.get(name, "").strip() for name in ("since", "until")}
        return {"day": clause["day"], **{name: day for name, day in bounds.items() if day}}
    return {"wards": sent.getlist("wards")} if "wards" in clause else clause


def at(tree: Tree, path: Path) -> Tree:
    """The clause at a path, without the `not` around it; raises `Refused` where there is none."""
    found = _along(tree, path)[-1]
    return found.get("not", found)  # type: ignore[no-any-return]


def path_of(text: str) -> Path:
    """A path as a form sends it: 0.1.2; empty for the outermost group."""
    steps = text.split(".") if text else []
    if len(steps) > 2 * MOST_DEEP + 2 or not all(step.isdecimal() and len(step) <= 3 for step in steps):
        raise LOST
    return tuple(int(step) for step in steps)


def _edited_test(clause: Tree, sent: QueryDict) -> Tree:
    indicator = load_indicators().get(clause["indicator"])
    if indicator.choices:
        values = [value for value in (_read(text) for text in sent.getlist("values")) if value is not None]
        return {"indicator": indicator.id, "comparison": "in", "values": values}
    comparison = sent.get("comparison", "")
    takes = {">=": ("low",), "<=": ("high",), "between": ("low", "high"), "=": ("low",)}.get(comparison)
    if takes is None:
        raise LOST
    bounds = {name: _number(sent, name) for name in takes}
    if comparison == "=":
        return {"indicator": indicator.id, "comparison": "=", "values": [bounds["low"]]}
    return {"indicator": indicator.id, "comparison": comparison, **bounds}


def _first_test(name: str, indicators: Indicators) -> Tree:
    indicator = indicators.get(name)
    if indicator.choices:
        wanted = 1.0 if 1.0 in indicator.choices else indicator.choices[-1]
        return {"indicator": name, "comparison": "in", "values": [wanted]}
    most = float("inf") if indicator.most is None else indicator.most
    if indicator.direction == "lower":
        middle = round((indicator.least + most) / 2) if most != float("inf") else indicator.least + 1
        return {"indicator": name, "comparison": "<=", "high": float(middle)}
    return {"indicator": name, "comparison": ">=", "low": min(max(1.0, indicator.least), most)}


def _number(sent: QueryDict, name: str) -> float:
    found = _read(sent.get(name, ""))
    if found is None:
        raise Refused("数を入れてください。", "Give a number.")
    return found


def _read(text: str) -> float | None:
    try:
        found = float(text.strip().replace(",", ""))
    except ValueError:
        return None
    return found if abs(found) < 1e12 else None  # neither nan nor inf


def _kind(group: Tree) -> str:
    for kind in GROUPS:
        if kind in group:
            return kind
    raise LOST


def _member(one: Tree, step: int) -> Tree:
    held = [one["not"]] if "not" in one else one[_kind(one)]
    if step >= len(held):
        raise LOST
    found: Tree = held[step]
    return found


def _along(tree: Tree, path: Path) -> list[Tree]:
    found = [tree]
    for step in path:
        found.append(_member(found[-1], step))
    return found


def _groups(tree: Tree, path: Path) -> int:
    return sum(kind in one for one in _along(tree, path) for kind in GROUPS)


def _changed(tree: Tree, path: Path, change: Callable[[Tree], Tree]) -> Tree:
    if not path:
        return change(tree)
    member = _changed(_member(tree, path[0]), path[1:], change)
    if "not" in tree:
        return {"not": member}
    kind = _kind(tree)
    return {kind: [member if number == path[0] else one for number, one in enumerate(tree[kind])]}


def _plain(tree: Tree) -> Tree:
    if "not" in tree:
        inner = _plain(tree["not"])
        opposite: Tree = inner.get("not", {"not": inner})
        return opposite
    kind = next((one for one in GROUPS if one in tree), None)
    return {kind: [_plain(one) for one in tree[kind]]} if kind else tree
