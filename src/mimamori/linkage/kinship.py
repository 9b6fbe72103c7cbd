"""What two members of a household are to each other, read from their 続柄 to its head.

The register writes only 世帯主, 夫, 妻, 子, 父, 母, 兄, 姉, 弟, 妹 (also 未届), chained by の (子の子), else 縁故者
or 同居人 (住民記録標準仕様書 1.0). Each member gets a place in the head's family tree; two places tell the kin.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Kind = Literal[
    "parent", "child", "sibling", "spouse", "grandparent", "grandchild", "guardian", "ward_of", "household"
]  # fmt: skip

_STEPS = {"子": "c", "父": "p", "母": "p", "兄": "b", "姉": "b", "弟": "b", "妹": "b", "夫": "s", "妻": "s"}
_REMARKS = re.compile(r"[\s　]|[((][^))]*[))]|養|長男|長女|[二三四五六七八九]男|[二三四五六七八九]女")
_HEAD = "世帯主"


class Place(NamedTuple):
    """`path` from the head: c child, p parent, b brother or sister, s the spouse (only where it leads on).

    `joined`: married into the place (妻, 子の夫) rather than born to it.
    """

    path: str
    joined: bool


class Kin(NamedTuple):
    """What the second is to the first. `through`: a path that must be one person's only (which 子 has the 子の子?)."""

    kind: Kind
    through: str = ""


def place_of(relation: str | None) -> Place | None:
    """The place of a 続柄 in the head's tree; None for 縁故者, 同居人 and what is not read."""
    if not relation:
        return None
    text = _REMARKS.sub(lambda found: "子" if found[0][-1] in "男女" else "", relation)
    if text == _HEAD:
        return Place("", joined=False)
    steps = [_STEPS.get(step) for step in text.split("の")]
    if None in steps:
        return None
    path = "".join(step for step in steps if step)
    joined = path.endswith("s")
    path = path[:-1] if joined else path
    return None if "s" in path.removeprefix("s") else Place(path, joined)


def kin(mine: str | None, theirs: str | None) -> Kin | None:
    """What the bearer of `theirs` is to the bearer of `mine`, 続柄 of one household; None where they are not kin."""
    left, right = place_of(mine), place_of(theirs)
    if left is None or right is None:
        return None
    for find, back in ((_older, False), (_older, True)):
        found = find(right, left) if back else find(left, right)
        if found:
            return found if back else Kin(_DOWN[found.kind], found.through)
    return _same_age(left, right) or Kin("household")


_DOWN: dict[Kind, Kind] = {"parent": "child", "grandparent": "grandchild", "guardian": "ward_of"}


def _older(old: Place, young: Place) -> Kin | None:
    """What `old` is to `young` where old is the elder generation."""
    if _is_parent(old, young):
        return Kin("parent", _ambiguous(old.path))
    if old == Place("", joined=False) and young == Place("sc", joined=False):
        return Kin("guardian")  # the spouse's child: lives with the head, who is no parent by this register
    middle = _parent_places(young)
    if any(_is_parent(old, place) for place in middle):
        return Kin("grandparent", _ambiguous(old.path))
    return None


def _is_parent(old: Place, young: Place) -> bool:
    if young.joined and young.path == "":
        return old == Place("sp", joined=False)
    if young.joined:
        return False
    if young.path == "sc":
        return old == Place("", joined=True)
    if young.path.endswith("c"):
        return old.path == young.path[:-1]
    return not old.joined and old.path in ({young.path + "p", "p"} if young.path in {"", "b"} else {young.path + "p"})


def _parent_places(young: Place) -> tuple[Place, ...]:
    if young.joined:
        return (Place("sp", joined=False),) if young.path == "" else ()
    if young.path == "sc":
        return (Place("", joined=True),)
    if young.path.endswith("c"):
        return (Place(young.path[:-1], joined=False), Place(young.path[:-1], joined=True))
    return (Place("p", joined=False),) if young.path in {"", "b"} else (Place(young.path + "p", joined=False),)


def _same_age(left: Place, right: Place) -> Kin | None:
    if left.path == right.path and left.joined != right.joined:
        return Kin("spouse", _ambiguous(left.path))
    if left.joined or right.joined:
        return None
    if left.path == right.path and left.path.endswith("p"):
        return Kin("spouse")
    both = {left.path, right.path}
    if both <= {"c", "sc"} or (both <= {"", "b"} and both != {""}):
        return Kin("sibling")
    if len(both) == 1 and left.path.endswith("c"):
        return Kin("sibling", _ambiguous(left.path[:-1]))
    return None


def _ambiguous(path: str) -> str:
    """The path where it may be several people's (children, brothers); empty where it is one person's by itself."""
    return path if path.endswith(("c", "b")) else ""
