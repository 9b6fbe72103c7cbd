"""Members of a family as pages read them; whoever lives elsewhere loses the place where somebody is protected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mimamori.access import may_see_ward
from mimamori.access.models import Account
from mimamori.door.masking import code_in_words
from mimamori.door.people import REGISTER, is_protected, sex_label, ward_label
from mimamori.door.scope import in_scope
from mimamori.door.shapes import Relative, Together
from mimamori.door.snapshots import registry


def relative_of(account: Account, child: Mapping[str, Any], row: Mapping[str, Any], language: str) -> Relative:
    """A member of the family. Where either side is protected, whoever lives elsewhere loses the place."""
    same = bool(child["household_no"]) and row["household_no"] == child["household_no"]
    withheld = not same and (is_protected(child) or is_protected(row))
    opens = in_scope(account, row) and may_see_ward(account, row["ward"]) and not withheld
    return Relative(
        kind=row["kind"],
        basis=row["basis"] or "",
        name=row["name"] or "",
        kana=row["kana"] or "",
        age=row["age"],
        sex=sex_label(row["sex"], language),
        sex_code=row["sex"] or "",
        is_child=bool(row["is_child"]),
        same_household=same,
        case_no=row["case_no"] if opens else "",
        ward_label="" if withheld or same else ward_label(row["ward"], language),
        place_withheld=withheld,
        protected=is_protected(row),
        died=row["status"] == "3",
    )


def together_of(child: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], language: str) -> tuple[Together, ...]:
    """The household over time. Where either side is protected, only who lives with the child now is told of, and not
    when they came: a day and a reason of a move tell where to ask."""
    register = registry().get(REGISTER)
    found = []
    for row in rows:
        guarded = is_protected(child) or is_protected(row)
        goes_on = row["parted"] is None
        if guarded and not goes_on:
            continue
        found.append(
            Together(
                kind=row["kind"],
                name=row["name"] or "",
                age=row["age"],
                sex_code=row["sex"] or "",
                since=None if guarded else row["since"],
                until=row["until"],
                goes_on=goes_on,
                came="" if guarded else row["came"] or "",
                came_by="" if guarded else code_in_words(register, "move_code", row["came_by"], language),
                parted=row["parted"] or "",
                parted_by=code_in_words(register, "move_code", row["parted_by"], language),
            )
        )
    return tuple(found)
