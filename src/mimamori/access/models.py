"""Accounts: one per person, never shared, made by the administrator."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by user name, as Django's sign-in asks for them."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who may sign in. What they may do follows from `role` (`roles.toml`), whom they meet from `ward`."""

    username = models.CharField(max_length=64, unique=True, validators=[ASCIIUsernameValidator()])
    display_name = models.CharField(max_length=100)
    role = models.CharField(max_length=32)
    ward = models.CharField(max_length=5, blank=True)  # code of the municipality's ward; empty: the whole city
    email = models.EmailField(blank=True)  # where it is told that notices wait; nothing else is sent there
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name", "role"]

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.display_name

    def get_full_name(self) -> str:
        return self.display_name


class Shield(models.Model):
    """A case that people take for one with a protected one: protected from that moment, until a night has joined the
    two or nobody says so any more."""

    case_no = models.CharField(max_length=20, unique=True)
    protected_no = models.CharField(max_length=20)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("case_no",)


class Look(models.Model):
    """When an account last opened a case's karte and what stood on it, as signs that tell no content; beside it the
    same of the day before that, with which a whole day's openings are compared."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="looks")
    case_no = models.CharField(max_length=20)
    day = models.DateField()
    snapshot = models.CharField(max_length=64)
    signs: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    before_day = models.DateField(null=True)
    before: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)

    class Meta:
        ordering = ("case_no",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "case_no"], name="one_look_an_account_and_case")
        ]
