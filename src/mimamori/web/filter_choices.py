"""What the page of filters offers and shows: the closed lists to choose from, groups with counts, children found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori import door
from mimamori.access import Permission, may
from mimamori.access.models import Account
from mimamori.access.rights import ward_limit
from mimamori.door import Headline
from mimamori.refusal import Refused
from mimamori.screening import filters
from mimamori.screening.conditions import plain
from mimamori.screening.filters import Told
from mimamori.screening.indicators import DIFFICULTY_LABELS, Indicator, load_indicators
from mimamori.sources import load_registry
from mimamori.support import worklist
from mimamori.support.states import State
from mimamori.web import days
from mimamori.web.filter_building import ALL, ANY, NONE, NOT_ALL, Group, Line, Path, Tree, shown
from mimamori.web.frame import language
from mimamori.web.rows import place_of

JOINS: dict[str, Promise] = {
    ALL: gettext_lazy("すべてに当てはまる"),
    ANY: gettext_lazy("どれかに当てはまる"),
    NONE: gettext_lazy("どれにも当てはまらない"),
}
RARE: dict[str, Promise] = {NOT_ALL: gettext_lazy("すべてがそろうことはない")}  # only where a file said so
COMPARISONS: dict[str, Promise] = {
    ">=": gettext_lazy("以上"),
    "<=": gettext_lazy("以下"),
    "between": gettext_lazy("から…まで"),
    "=": gettext_lazy("ちょうど"),
}
TIERS = (1, 2, 3)

Choice = tuple[str, str]


def choices(account: Account) -> list[tuple[str, list[Choice]]]:
    """All that a clause may ask about, under headings: (kind:name, words)."""
    found = [
        (
            gettext("抽出"),
            [(f"listed:{name}", gettext("%(what)sの可能性") % {"what": _text(label)})
             for name, label in DIFFICULTY_LABELS.items()],
        ),
        (
            gettext("記録からわかること"),
            [(f"fact:{name}", _text(said)) for name, (said, _) in filters.FACT_WORDS.items()],
        ),
        (
            gettext("支援の仕事"),
            [(f"work:{name}", _text(said)) for name, (said, _) in filters.WORK_WORDS.items()
             if name != "conference" or may(account, Permission.SEE_RECORDS)],
        ),
        (
            gettext("年齢と日付"),
            [("ages:", gettext("年齢")), *((f"day:{name}", _text(label)) for name, label in filters.DAY_WORDS.items())],
        ),
    ]  # fmt: skip
    if ward_limit(account) is None:
        found.append((gettext("区"), [(f"ward:{code}", word) for code, word in _wards()]))
    for area, indicators in door.askable(account):
        heading = gettext("指標: %(area)s") % {"area": _text(area)}
        found.append((heading, [(f"indicator:{one.id}", _text(one.label)) for one in indicators]))
    return found


def shown_group(tree: Tree, parts: Mapping[Path, Told]) -> dict[str, Any]:
    """The tree for its template: each group with how it is joined, each clause with its sentence, its fields, and of
    how many children it is met, not met and not known."""
    found = shown(tree)
    assert isinstance(found, Group), "the outermost is a group"
    return _group(found, parts)


def _group(group: Group, parts: Mapping[Path, Told]) -> dict[str, Any]:
    offered = JOINS if group.kind in JOINS else {**JOINS, **RARE}
    return {
        "path": _path(group.path),
        "inner": _path(group.inner),
        "outermost": not group.path,
        "kind": group.kind,
        "joins": list(offered.items()),
        "told": parts.get(group.path),
        "members": [
            _group(one, parts) | {"group": True} if isinstance(one, Group) else _line(one, parts)
            for one in group.members
        ],
    }


def _line(line: Line, parts: Mapping[Path, Told]) -> dict[str, Any]:
    told = {"not": line.clause} if line.negated else line.clause
    try:
        sentence = _text(filters.said(filters.read(told)))
    except Refused:  # an indicator that went
        sentence = gettext("いまはない項目")
    inner = parts.get((*line.path, 0)) if line.negated else parts.get(line.path)
    return {
        "path": _path(line.path),
        "sentence": sentence,
        "negated": line.negated,
        "told": parts.get(line.path),
        "alone": inner.alone if inner else 0,
        "fields": _fields(line.clause),
    }


def _fields(clause: Tree) -> dict[str, Any] | None:
    """What of a clause can be set; None where it has nothing to set."""
    if "indicator" in clause:
        indicator = next((one for one in load_indicators() if one.id == clause["indicator"]), None)
        return _test_fields(clause, indicator) if indicator else None
    if "listed" in clause:
        chosen = "must" if clause.get("must") else str(clause.get("tier", ""))
        offered = [("", gettext("抽出されている")), ("must", gettext("「必ず見る」"))]
        offered += [
            (str(tier), gettext("段階%(n)d") % {"n": tier} if tier == 1 else gettext("段階%(n)d以上") % {"n": tier})
            for tier in TIERS
        ]
        return {"kind": "listed", "offered": [(value, word, value == chosen) for value, word in offered]}
    if "ages" in clause:
        return {"kind": "ages", "low": clause["ages"][0], "high": clause["ages"][1]}
    if "wards" in clause:
        return {"kind": "wards", "offered": [(code, word, code in clause["wards"]) for code, word in _wards()]}
    if "day" in clause:
        return {"kind": "day", "since": clause.get("since", ""), "until": clause.get("until", "")}
    return None


def _test_fields(clause: Tree, indicator: Indicator) -> dict[str, Any]:
    values = [float(value) for value in clause.get("values", ())]
    if indicator.choices:
        offered = [(text, _text(label), float(text) in values) for text, label in indicator.values.items()]
        return {"kind": "values", "offered": offered, "label": _text(indicator.label)}
    comparison = "=" if values else clause["comparison"]
    bounds = {name: plain(clause[name]) for name in ("low", "high") if clause.get(name) is not None}
    return {
        "kind": "bounds",
        "label": _text(indicator.label),
        "unit": _text(indicator.unit) if indicator.unit else "",
        "comparisons": [(sign, word, sign == comparison) for sign, word in COMPARISONS.items()],
        "low": plain(values[0]) if values else bounds.get("low", ""),
        "high": bounds.get("high", ""),
    }


def lines(account: Account, cases: Iterable[str], children: Mapping[str, Headline]) -> list[dict[str, Any]]:
    """The children found, in their order, each with its open finding."""
    found = [case_no for case_no in dict.fromkeys(cases) if case_no in children]
    opened = worklist.in_scope(account).filter(case_no__in=found).exclude(state=State.CLOSED)
    by_case = {finding.case_no: finding for finding in opened}
    return [
        {
            "child": children[case_no],
            "years": days.years(children[case_no].birth_date),
            "place": place_of(children[case_no].school, children[case_no].grade),
            "finding": by_case.get(case_no),
            "reasons": children[case_no].reasons[:2],
        }
        for case_no in found
    ]


def _wards() -> list[Choice]:
    return [(ward.code, _text(ward.label)) for ward in load_registry().municipality.wards]


def _path(path: Path) -> str:
    return ".".join(str(step) for step in path)


def _text(label: Any) -> str:
    return str(label.text(language()))
