"""Signing in, out and failing to, written into the trail."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from mimamori import audit
from mimamori.access.models import Account


@receiver(user_logged_in)
def signed_in(user: Account, **_: Any) -> None:
    audit.record("sign_in", by=user)


@receiver(user_logged_out)
def signed_out(user: Account | None, **_: Any) -> None:
    if user is not None:
        audit.record("sign_out", by=user)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """A user name that exists is named; anything else may be a password typed there, so only its hash is kept."""
    name = str(credentials.get("username") or "")
    known = Account.objects.filter(username=name).first()
    audit.record("sign_in_failed", by=known, detail={} if known else {"name": audit.term_hash(name)})


@receiver(password_changed)
def changed_password(user: Account, **_: Any) -> None:
    audit.record("account.change", by=user, detail={"username": user.username, "what": "password"})
