"""Making and stopping accounts. Each person has one of their own; a stopped one is out at the next request."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from mimamori import audit
from mimamori.access.models import Account
from mimamori.access.permissions import Permission
from mimamori.access.rights import check_may
from mimamori.access.roles import Scope, load_roles
from mimamori.refusal import Refused


@transaction.atomic
def create_account(
    *, username: str, role: str, ward: str, display_name: str, password: str, by: Account | None, email: str = ""
) -> Account:
    """Make an account. `ward`: code of the ward, for roles that sit at one and no others. `by=None`: command line.

    Raises `Refused` naming what is wrong.
    """
    if by is not None:
        check_may(by, Permission.MANAGE_ACCOUNTS)
    _check_seat(role, ward)
    if not display_name.strip():
        raise Refused("氏名を入れてください。", "Give the person's name.")
    if Account.objects.filter(username=username).exists():
        raise Refused("この利用者名は、もう使われています。", "This user name is taken.")
    account = Account(username=username, role=role, ward=ward, display_name=display_name.strip(), email=email.strip())
    try:
        account.full_clean(exclude=["password"])
        validate_password(password, account)
    except ValidationError as error:
        raise Refused(
            f"利用者名かパスワードが使えません: {' '.join(error.messages)}",
            f"The user name or password cannot be used: {' '.join(error.messages)}",
        ) from None
    account.set_password(password)
    account.save()
    audit.record("account.create", by=by, detail={"username": username, "role": role, "ward": ward})
    return account


@transaction.atomic
def disable_account(username: str, *, by: Account | None) -> Account:
    """Stop an account. Its history stays; open sessions end with their next request."""
    if by is not None:
        check_may(by, Permission.MANAGE_ACCOUNTS)
    account = Account.objects.select_for_update().filter(username=username).first()
    if account is None:
        raise Refused("この利用者名のアカウントはありません。", "There is no account of this user name.")
    account.is_active = False
    account.save()
    audit.record("account.disable", by=by, detail={"username": username})
    return account


@transaction.atomic
def set_email(username: str, email: str, *, by: Account | None) -> Account:
    """Where the person is told that notices wait; empty: nowhere. Raises `Refused` for what is no address."""
    if by is not None:
        check_may(by, Permission.MANAGE_ACCOUNTS)
    account = Account.objects.select_for_update().filter(username=username).first()
    if account is None:
        raise Refused("この利用者名のアカウントはありません。", "There is no account of this user name.")
    account.email = email.strip()
    try:
        account.clean_fields(exclude=[field.name for field in Account._meta.fields if field.name != "email"])
    except ValidationError:
        raise Refused("メールアドレスの形ではありません。", "This is no e-mail address.") from None
    account.save()
    audit.record("account.email", by=by, detail={"username": username, "set": bool(account.email)})
    return account


def _check_seat(role: str, ward: str) -> None:
    found = load_roles().roles.get(role)
    if found is None:
        names = ", ".join(load_roles().roles)
        raise Refused(f"役割がありません。えらべる役割: {names}", f"There is no such role. Choose one of: {names}")
    if found.scope is Scope.WARD and not ward:
        raise Refused("この役割には区のコードが必要です(--ward)。", "This role needs the code of a ward (--ward).")
    if found.scope is not Scope.WARD and ward:
        raise Refused(
            "この役割は区に属しません。区のコードを外してください。", "This role sits at no ward: leave the ward out."
        )
