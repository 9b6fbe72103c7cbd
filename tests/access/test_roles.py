"""What the signed file says, and what it may not say."""

from __future__ import annotations

from importlib.resources import files

import pytest

from mimamori.access import Permission, load_roles
from mimamori.access.roles import Scope, parse_roles
from mimamori.refusal import Refused

TEXT = (files("mimamori.access") / "roles.toml").read_text(encoding="utf-8")
ROLES = load_roles().roles


def test_the_roles_of_the_design() -> None:
    assert set(ROLES) == {
        "ward_worker", "ward_supervisor", "centre_worker", "centre_supervisor", "coordinator", "manager",
        "data_officer", "analyst", "auditor", "administrator",
    }  # fmt: skip


def test_every_permission_is_held_by_a_role() -> None:
    assert {permission for role in ROLES.values() for permission in role.permissions} == set(Permission)


@pytest.mark.parametrize("name", ["data_officer", "analyst", "auditor", "administrator"])
def test_these_roles_meet_no_child(name: str) -> None:
    role = ROLES[name]
    assert role.scope is Scope.NONE
    assert not {Permission.OPEN_KARTE, Permission.SEARCH_CHILD, Permission.SEE_WORKLIST} & role.permissions


@pytest.mark.parametrize("name", ["ward_worker", "ward_supervisor"])
def test_only_ward_roles_have_a_purpose_that_goes_without_saying(name: str) -> None:
    assert {name for name, role in ROLES.items() if role.default_purpose} == {"ward_worker", "ward_supervisor"}
    assert ROLES[name].max_sensitivity == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"manage_accounts", "see_health"', '"manage_accounts", "open_karte"'),  # no scope, yet a karte
        ('"see_trail", "verify_trail"', '"see_trail", "verify_trails"'),  # no such permission
        ('signed_by = "こども見守り支援課 係長"', ""),
        ('scope = "centre"', 'scope = "prefecture"'),
        ('default_purpose = "finding_check"', 'default_purpose = "curiosity"'),
        ('"write_conditions", "see_statistics"', '"write_conditions", "approve_conditions"'),
        ("max_sensitivity = 4", "max_sensitivity = 5"),
        ("permissions = [", "rights = ["),
        ("[purposes.supervision]", "[purposes.oversight]"),
    ],
)
def test_a_wrong_file_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(Refused, match=r"roles\.toml"):
        parse_roles(TEXT.replace(old, new, 1))
