"""Two records side by side: each item of both, and whether they are the same, near, or different."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from mimamori.door import Header, PairRelative, PairSide
from mimamori.web.days import long_day

NEAR = 0.5  # from this share of equal characters on two texts are near

SAME: tuple[str, str, Promise] = ("", "=", gettext_lazy("同じ"))
NEARLY: tuple[str, str, Promise] = ("near", "≈", gettext_lazy("似ている"))
DIFFERENT: tuple[str, str, Promise] = ("ng", "≠", gettext_lazy("ちがう"))
ONE_SIDED: tuple[str, str, Promise] = ("na", "?", gettext_lazy("片方だけ"))
NEITHER: tuple[str, str, Promise] = ("na", "—", gettext_lazy("どちらにもない"))


@dataclass(frozen=True)
class Line:
    """One item: both texts with the differing characters marked, and the verdict."""

    label: Promise
    left: SafeString
    right: SafeString
    kind: str
    sign: str
    word: Promise
    name: bool = False


def compare(left: PairSide, right: PairSide) -> list[Line]:
    """The lines of the comparison; nothing where a side is no longer known."""
    if left.header is None or right.header is None:
        return []
    return [
        _line(label, *texts, name=place == 0) for place, (label, texts) in enumerate(_items(left.header, right.header))
    ]


def _items(left: Header, right: Header) -> list[tuple[Promise, tuple[str, str]]]:
    return [
        (gettext_lazy("氏名"), (left.name, right.name)),
        (gettext_lazy("カナ"), (left.kana, right.kana)),
        (gettext_lazy("旧氏"), (left.former_name, right.former_name)),
        (gettext_lazy("通称"), (left.alias, right.alias)),
        (gettext_lazy("生年月日"), (long_day(left.birth_date), long_day(right.birth_date))),
        (gettext_lazy("性別"), (left.sex, right.sex)),
        (gettext_lazy("区"), (left.ward_label, right.ward_label)),
        (gettext_lazy("住所"), (left.address, right.address)),
        (gettext_lazy("学校・園"), (left.school, right.school)),
    ]


def _line(label: Promise, left: str, right: str, *, name: bool) -> Line:
    kind, sign, word = verdict(left, right)
    marked = kind in {"near", "ng"}
    first, second = (
        _marked(left, right) if marked else (format_html("{}", left or "—"), format_html("{}", right or "—"))
    )
    return Line(label, first, second, kind, sign, word, name)


def verdict(left: str, right: str) -> tuple[str, str, Promise]:
    """Same but for width and blanks, near, different, or known on one side only."""
    a, b = _plain(left), _plain(right)
    if not a and not b:
        return NEITHER
    if not a or not b:
        return ONE_SIDED
    if a == b:
        return SAME
    return NEARLY if SequenceMatcher(None, a, b).ratio() >= NEAR else DIFFERENT


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _marked(left: str, right: str) -> tuple[SafeString, SafeString]:
    """Both texts with what the other does not have in yellow."""
    first: list[SafeString] = []
    second: list[SafeString] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        form = "{}" if kind == "equal" else "<mark>{}</mark>"
        if left[a:b]:
            first.append(format_html(form, left[a:b]))
        if right[c:d]:
            second.append(format_html(form, right[c:d]))
    return _joined(first), _joined(second)


def _joined(parts: list[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


@dataclass(frozen=True)
class Tie:
    """One person around the pair, as each side has them; `kind` both | left | right | each_other."""

    left: PairRelative | None
    right: PairRelative | None
    kind: str


def ties(left: PairSide, right: PairSide) -> list[Tie]:
    """Who stands around both sides, then around one. A side that is itself a relative of the other comes last: two
    records of one child have the same parents, so until they are linked they look like brothers or sisters."""
    right_by_who = {one.who: one for one in right.family}
    found = []
    for one in left.family:
        other = right_by_who.pop(one.who, None)
        found.append(Tie(one, other, "each_other" if one.other_side else "both" if other else "left"))
    found += [Tie(None, one, "each_other" if one.other_side else "right") for one in right_by_who.values()]
    order = ("both", "left", "right", "each_other")
    return sorted(found, key=lambda tie: order.index(tie.kind))
