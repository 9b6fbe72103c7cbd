"""続柄 chains: what two members of a household are to each other."""

from __future__ import annotations

import pytest

from mimamori.linkage.kinship import Kin, kin

HEAD = "世帯主"


@pytest.mark.parametrize(
    ("mine", "theirs", "kind"),
    [
        (HEAD, "子", "child"),
        ("子", HEAD, "parent"),
        ("子", "妻", "parent"),
        (HEAD, "妻", "spouse"),
        ("夫(未届)", HEAD, "spouse"),
        ("子", "子", "sibling"),
        ("子", "妻の子", "sibling"),
        ("妻の子", "妻", "parent"),
        ("妻の子", HEAD, "guardian"),
        (HEAD, "妻の子", "ward_of"),
        (HEAD, "子の子", "grandchild"),
        ("子の子", "妻", "grandparent"),
        (HEAD, "母", "parent"),
        ("母", HEAD, "child"),
        ("妻", "妻の母", "parent"),
        ("子", "妻の母", "grandparent"),
        ("父", "母", "spouse"),
        ("子", "父", "grandparent"),
        (HEAD, "弟", "sibling"),
        ("弟", "父", "parent"),
        ("兄", "妹", "sibling"),
        ("子", "弟", "household"),
        ("子の妻", "妻", "household"),
        ("父の父", "父", "child"),
        (HEAD, "父の父", "grandparent"),
    ],
)
def test_kin(mine: str, theirs: str, kind: str) -> None:
    found = kin(mine, theirs)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("子の子", "子", Kin("parent", "c")),
        ("子の子", "子の妻", Kin("parent", "c")),
        ("子", "子の妻", Kin("spouse", "c")),
        ("子の子", "子の子", Kin("sibling", "c")),
        ("弟", "弟の子", Kin("child", "b")),
    ],
)
def test_which_one_is_asked_where_there_may_be_several(mine: str, theirs: str, expected: Kin) -> None:
    assert kin(mine, theirs) == expected


@pytest.mark.parametrize("relation", ["同居人", "縁故者", "", None, "???", "弟の妻の子"])
def test_who_is_not_kin(relation: str | None) -> None:
    assert kin(HEAD, relation) is None
    assert kin(relation, HEAD) is None


@pytest.mark.parametrize("mine", [HEAD, "妻", "子", "子の子", "母", "弟", "妻の子", "子の妻", "妻の母"])
@pytest.mark.parametrize("theirs", [HEAD, "妻", "子", "子の子", "父", "弟", "妻の子", "子の妻", "妻の母"])
def test_both_ways_agree(mine: str, theirs: str) -> None:
    back = {"parent": "child", "child": "parent", "grandparent": "grandchild", "grandchild": "grandparent",
            "guardian": "ward_of", "ward_of": "guardian"}  # fmt: skip
    there, here = kin(mine, theirs), kin(theirs, mine)
    if mine == theirs == HEAD or {mine, theirs} == {"妻"}:
        return
    assert there is not None
    assert here is not None
    assert back.get(there.kind, there.kind) == here.kind
    assert there.through == here.through
