"""People's store on the command line: it is ready, and what is done is somebody's act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mimamori.cli.entry import setup_django
from mimamori.refusal import Refused

if TYPE_CHECKING:  # the model exists only once Django is set up
    from mimamori.access.models import Account


def open_store() -> None:
    """Make people's store usable; raises `Refused` where it is not ready."""
    setup_django()
    from mimamori.web.database import check_ready

    check_ready()


def account_named(username: str) -> Account:
    """The account on whose behalf a command acts; raises `Refused` where there is no such active one."""
    from mimamori.access.models import Account

    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise Refused(
            "--by: この利用者名の有効なアカウントはありません。", "--by: there is no active account of this name."
        )
    return account


@contextmanager
def denials_told(account: Account | None, command: str) -> Iterator[None]:
    """A denial goes into the trail, as it does on the web."""
    from mimamori import audit
    from mimamori.access import Denied

    try:
        yield
    except Denied as denied:
        detail = {"command": command, "permission": str(denied.permission)}
        audit.record("denied", by=account, case_no=denied.case_no, detail=detail)
        raise
