"""Who may do what: accounts, roles (data an officer signs), scopes, purposes.

`check_*` raise a reason that a clerk understands.
"""

from mimamori.access.permissions import Permission
from mimamori.access.purposes import Purpose, PurposeNeeded, check_purpose, purposes_of
from mimamori.access.rights import Denied, check_may, may, may_see_ward
from mimamori.access.roles import Role, Scope, load_roles

__all__ = [
    "Denied",
    "Permission",
    "Purpose",
    "PurposeNeeded",
    "Role",
    "Scope",
    "check_may",
    "check_purpose",
    "load_roles",
    "may",
    "may_see_ward",
    "purposes_of",
]
