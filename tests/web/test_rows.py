"""Rows of the worklist: reasons that a reader may not see do not crowd out those that say something."""

from __future__ import annotations

import pytest

from mimamori.door import Reason
from mimamori.web.rows import gathered


def reason(label: str, source: str = "", *, hidden: bool = False, state: str = "met") -> Reason:
    return Reason(
        condition="" if hidden else label,
        label=label,
        domain="",
        state=state,
        must=False,
        value="",
        unit="",
        source="" if hidden else source,
        source_label=source,
        day=None,
        why="",
        hidden=hidden,
    )


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([], []),
        ([reason("a"), reason("b")], ["a", "b"]),
        ([reason("?", "児童相談", hidden=True)], ["?"]),
        (
            [reason("?", "児童相談", hidden=True), reason("a"), reason("?", "児童相談", hidden=True)],
            ["?(2件)", "a"],
        ),
        (
            [reason("?", "児童相談", hidden=True), reason("?", "DV等相談", hidden=True)],
            ["?", "?"],
        ),
        (
            [reason("?", "児童相談", hidden=True), reason("?", "児童相談", hidden=True, state="unknown")],
            ["?", "?"],
        ),
    ],
)
def test_what_may_not_be_seen_of_one_source_is_one_line(reasons: list[Reason], expected: list[str]) -> None:
    assert [one.label for one in gathered(reasons)] == expected
