"""アカウント: who may sign in, in which role, since when; made and stopped by the administrator."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy

from mimamori.access import Permission, load_roles
from mimamori.access.accounts import create_account, disable_account
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.sources import load_registry
from mimamori.web.drafting import begin
from mimamori.web.frame import language, seat
from mimamori.web.gate import page
from mimamori.web.refusals import said


class AccountForm(forms.Form):
    """A new account. Its first password is made here and told once."""

    username = forms.CharField(label=gettext_lazy("利用者名"), max_length=64)
    display_name = forms.CharField(label=gettext_lazy("氏名"), max_length=100)
    email = forms.EmailField(
        label=gettext_lazy("メール"),
        required=False,
        help_text=gettext_lazy("お知らせがあることだけを伝えます。個人の情報は送りません。"),
    )
    role = forms.ChoiceField(label=gettext_lazy("役割"))
    ward = forms.ChoiceField(
        label=gettext_lazy("区"), required=False, help_text=gettext_lazy("区の職員だけ。ほかは「なし」のまま。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role, ward = self.fields["role"], self.fields["ward"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(ward, forms.ChoiceField)
        role.choices = [(name, one.label.text(language())) for name, one in load_roles().roles.items()]
        wards = [(one.code, getattr(one.label, language())) for one in load_registry().municipality.wards]
        ward.choices = [("", gettext("なし")), *wards]


@page("GET", "POST", permission=Permission.MANAGE_ACCOUNTS)
def accounts(request: HttpRequest, account: Account) -> HttpResponse:
    kept = begin(request, account, "account_new")
    sent = request.POST if request.method == "POST" and "username" in request.POST else None
    form = AccountForm(sent, initial=kept.initial())
    made: dict[str, str] | None = None
    if request.method == "POST" and "disable" in request.POST:
        return _disable(request, account)
    if form.is_bound and form.is_valid():
        password = secrets.token_urlsafe(12)
        try:
            new = create_account(**form.cleaned_data, password=password, by=account)
            made = {"username": new.username, "password": password}
            kept.done()
            kept, form = begin(request, account, "account_new", anew=True), AccountForm()
        except Refused as refused:
            form.add_error(None, said(refused))
    if form.is_bound:
        kept.hold(request.POST)
    status = 422 if form.is_bound and form.errors else 200
    rows = [{"one": one, "seat": seat(one)} for one in Account.objects.all()]
    context = {"rows": rows, "form": form, "made": made, "me": account, "kept": kept}
    return render(request, "accounts.html", context, status=status)


def _disable(request: HttpRequest, account: Account) -> HttpResponse:
    username = request.POST["disable"]
    try:
        disable_account(username, by=account)
        messages.success(request, gettext("アカウント %(who)s を停止しました。") % {"who": username})
    except Refused as refused:
        messages.error(request, said(refused))
    return redirect("accounts")
