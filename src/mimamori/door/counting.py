"""How many children there are: for statistics, which close small counts before anybody reads them."""

from __future__ import annotations

from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.door.snapshots import current


def children_by_ward(account: Account) -> dict[str, int]:
    """Children of the published snapshot by ward code, of the whole city whatever the account's scope; not closed yet.

    Raises `Refused` before the first night.
    """
    check_may(account, Permission.SEE_STATISTICS)
    return current().children_by_ward()
