"""個人カルテの印刷: its use and parts are chosen, then one PDF says on every page who printed it, when and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy

from mimamori import door
from mimamori.access import Denied, Permission, PurposeNeeded, may
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support import notes, reading
from mimamori.support.case_history import cases_of
from mimamori.web import days
from mimamori.web.forms import PlainForm
from mimamori.web.frame import language, seat
from mimamori.web.gate import page
from mimamori.web.head_words import newness, place, unfresh
from mimamori.web.kin_words import kin_told
from mimamori.web.past_reasons import past_reasons
from mimamori.web.pdf import for_paper, pdf_of
from mimamori.web.pictures import genogram
from mimamori.web.refusals import said
from mimamori.web.tables import AREAS, areas_of
from mimamori.web.timeline import timeline_of
from mimamori.web.to_check import to_check

PART_WORDS = {
    "reasons": gettext_lazy("抽出の理由"),
    "known": gettext_lazy("わかっていること・わからないこと"),
    "family": gettext_lazy("家族"),
    **{name: word for name, word, _ in AREAS},
    "support": gettext_lazy("抽出と支援のこれまで"),
    "notes": gettext_lazy("児童記録"),
    "timeline": gettext_lazy("経過"),
}
FIRST = ("reasons", "known", "family", "support")  # chosen until somebody chooses otherwise: the summary


class PrintForm(PlainForm):
    """What a print is for, and its parts."""

    use = forms.ChoiceField(label=gettext_lazy("用途"), widget=forms.RadioSelect)
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("印刷する項目"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(name, PART_WORDS[name]) for name in door.PARTS],
        initial=FIRST,
    )
    protected = forms.BooleanField(
        label=gettext_lazy("支援措置のある児童でも、通う先と記録を載せる"),
        help_text=gettext_lazy("居所は、この場合も載りません。載せたことは記録されます。"),
        required=False,
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        uses = self.fields["use"]
        assert isinstance(uses, forms.ChoiceField)
        uses.choices = [(name, words[1 if language() == "en" else 0]) for name, words in door.USES.items()]
        if not may(account, Permission.PRINT_PROTECTED):
            del self.fields["protected"]


@page("GET", "POST", permission=Permission.PRINT_KARTE)
def printing(request: HttpRequest, account: Account, case_no: str) -> HttpResponse:
    if request.method != "POST":
        return _form(request, case_no, PrintForm(account=account))
    form = PrintForm(request.POST, account=account)
    if not form.is_valid():
        return _form(request, case_no, form, status=422)
    purpose = request.session.get("purposes", {}).get(case_no, "") or reading.purpose_of(account, case_no)
    given = form.cleaned_data
    try:
        printed = door.print_karte(
            account,
            case_no,
            purpose=purpose,
            use=given["use"],
            parts=given["parts"],
            protected=given.get("protected", False),
            language=language(),
        )
        document = pdf_of(_html(account, printed))
    except PurposeNeeded:
        return redirect("karte", case_no)  # which asks for it
    except Denied:
        raise
    except Refused as refused:
        form.add_error(None, said(refused))
        return _form(request, case_no, form, status=422)
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="karte-{printed.karte.header.case_no}.pdf"'
    return response


def _form(request: HttpRequest, case_no: str, form: PrintForm, *, status: int = 200) -> HttpResponse:
    return render(request, "karte/print.html", {"case_no": case_no, "form": form}, status=status)


def _html(account: Account, printed: door.Printed) -> str:
    """The document; what people wrote is read only where it is printed."""
    karte = printed.karte
    screened = may(account, Permission.SEE_SCREENING)
    asked = screened and printed.parts & {"support", "notes"}
    cases, elsewhere = cases_of(account, karte.header.case_no) if asked else ([], 0)
    now = timezone.localtime()
    kin = genogram.picture(karte) if "family" in printed.parts else None
    context = {
        "printed": printed,
        "karte": karte,
        "head": karte.header,
        "age": days.age(karte.header.birth_date),
        "place": "" if printed.whereless else place(karte),
        "newness": newness(karte),
        "unfresh": unfresh(karte),
        "checks": to_check(karte, places=not printed.whereless) if "known" in printed.parts else [],
        "genogram": for_paper(kin.svgs[0]) if kin else "",
        "kin_told": kin_told(karte),
        "who": account.display_name,
        "seat": seat(account),
        "moment": f"{days.long_day(now.date())} {now:%H:%M}",
        "use": door.USES[printed.use][1 if language() == "en" else 0],
        "language": language(),
        "areas": [area for area in areas_of(karte.sections) if area.name in printed.parts],
        "may_see_screening": screened,
        "cases": cases,
        "elsewhere": elsewhere,
        "past": past_reasons(account, cases) if "support" in printed.parts else {},
        "notes": [
            (note, " ".join(notes.words_of(note, language())).strip())
            for case in (cases if "notes" in printed.parts else [])
            for note in case.notes
        ],
        "files": [file for case in (cases if "notes" in printed.parts else []) for file in case.attachments],
        "timeline": timeline_of(karte).years,
    }
    return render_to_string("print/karte.html", context)
