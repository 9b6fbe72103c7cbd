"""受け持てる数: how many new findings each ward works in a month, and how many children not extracted it looks at."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from mimamori.access import Permission
from mimamori.access.models import Account
from mimamori.governance import capacity as capacities
from mimamori.governance.models import MOST_FINDINGS, MOST_SAMPLED, Capacity
from mimamori.refusal import Refused
from mimamori.web import places
from mimamori.web.days import month_word
from mimamori.web.drafting import Drafting, begin
from mimamori.web.forms import PlainForm
from mimamori.web.frame import ward_word
from mimamori.web.gate import page
from mimamori.web.refusals import said

MONTHS = 12  # from this one on, to choose among
RECORD = 30  # lines of the record that the page shows


class CapacityForm(PlainForm):
    """One ward's numbers from a month on."""

    ward = forms.CharField(widget=forms.HiddenInput)
    month = forms.ChoiceField(
        label=gettext_lazy("いつから"), help_text=gettext_lazy("次に変えるまで、毎月この数です。")
    )
    findings = forms.IntegerField(
        label=gettext_lazy("1か月に受け持てる新しい児童"),
        required=False,
        min_value=0,
        max_value=MOST_FINDINGS,
        help_text=gettext_lazy("必ず見る児童は、この数をこえても待ちません。"),
    )
    no_limit = forms.BooleanField(label=gettext_lazy("限りなしにする"), required=False)
    sample = forms.IntegerField(
        label=gettext_lazy("抽出されなかった児童の確認(1回の夜間処理ごと)"),
        min_value=0,
        max_value=MOST_SAMPLED,
        help_text=gettext_lazy("無作為にえらびます。抽出が見落としている児童の数を推定するためです。"),
    )
    note = forms.CharField(label=gettext_lazy("理由"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month = self.fields["month"]
        assert isinstance(month, forms.ChoiceField)
        month.choices = [(day.isoformat(), month_word(day)) for day in _months(timezone.localdate())]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        number = given.get("findings")
        if "findings" not in self.errors and (number is None) != bool(given.get("no_limit")):
            self.add_error("findings", gettext("数を入れるか、「限りなしにする」をえらぶか、どちらかにしてください。"))
        return given


@page("GET", "POST", permission=Permission.SEE_WORKLIST)
def capacity(request: HttpRequest, account: Account) -> HttpResponse:
    wards = places.of_wards(account)
    settable = {one.ward: one for one in wards if one.may_set}
    asked = request.POST.get("ward", "") or request.GET.get("ward", "")
    chosen = settable.get(asked) or (next(iter(settable.values())) if len(settable) == 1 and not asked else None)
    kept = _drafted(request, account, chosen) if chosen else None
    begun = (kept.initial() or _held(chosen)) if chosen and kept else None
    form = CapacityForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            capacities.set_capacity(
                given["ward"],
                date.fromisoformat(given["month"]),
                by=account,
                findings=given["findings"],
                sample=given["sample"],
                note=given["note"],
            )
        except Refused as refused:
            form.add_error(None, said(refused))
        else:
            if kept:
                kept.done()
            words = gettext("%(ward)sの受け持てる数を記録しました。次の夜間処理から使われます。")
            messages.success(request, words % {"ward": ward_word(given["ward"])})
            return redirect("capacity")
    if form.is_bound and kept:
        kept.hold(request.POST)
    shown = {one.ward for one in wards}
    lines = [line for line in Capacity.objects.select_related("by").order_by("-pk")[:500] if line.ward in shown]
    context = {
        "places": wards,
        "month": capacities.month_of(timezone.localdate()),
        "form": form if chosen else None,
        "kept": kept,
        "chosen": chosen,
        "may_set": bool(settable),
        "record": lines[:RECORD],
    }
    return render(request, "conditions/capacity.html", context, status=422 if form.errors else 200)


def _drafted(request: HttpRequest, account: Account, one: places.Places) -> Drafting:
    page_of = f"{reverse('capacity')}?{urlencode({'ward': one.ward})}"
    return begin(request, account, "capacity", one.ward, page=page_of)


def _held(one: places.Places) -> dict[str, Any]:
    """What holds for the ward now: a number that is not touched stays."""
    line = one.line
    return {
        "ward": one.ward,
        "month": one.month.isoformat(),
        "findings": line.findings if line else None,
        "no_limit": line is not None and line.findings is None,
        "sample": line.sample if line else 0,
    }


def _months(today: date) -> list[date]:
    return [date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1) for n in range(MONTHS)]
