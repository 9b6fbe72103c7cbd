"""下書き: kept while typing, thrown away on request. No page of its own: forms carry their tickets here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support import drafts
from mimamori.support.drafts import Kept
from mimamori.web.days import moment
from mimamori.web.drafting import ticket_of, values_of
from mimamori.web.gate import page, to_entrance
from mimamori.web.refusals import said

SCRIPT = "X-Draft"  # sent by drafts.js; told back: kept | beside | late | signed-out | refused


@csrf_exempt  # the ticket is signed, of one account and form, and only adds to that draft: it stands for the token
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what was typed so far. Needs no session but the form's ticket: typing goes on past the end of one."""
    ticket = ticket_of(request) if request.method == "POST" else None
    if ticket is None:
        if not isinstance(request.user, Account):
            return to_entrance(request)
        return HttpResponseNotAllowed(["POST"]) if request.method != "POST" else HttpResponse(status=422)
    by_script = SCRIPT in request.headers
    try:
        kept = drafts.keep(ticket, values_of(request.POST))
    except Refused as refused:
        if not by_script:
            raise
        return _told(said(refused), "refused")
    signed_in = isinstance(request.user, Account) and request.user.pk == ticket.account
    if by_script:
        return _kept(kept, signed_in=signed_in)
    if not isinstance(request.user, Account):
        return to_entrance(request)
    if signed_in:
        messages.success(request, gettext("下書きを保存しました。あなただけが見られます。"))
    return redirect(ticket.page)


@page("POST")
def discard(request: HttpRequest, account: Account) -> HttpResponse:
    """Throw the draft of a form away."""
    ticket = ticket_of(request)
    if ticket is None or ticket.account != account.pk:
        raise Refused("この下書きは見つかりません。", "There is no such draft.")
    drafts.discard(account, ticket.form)
    messages.success(request, gettext("下書きを消しました。"))
    return redirect(ticket.page)


def _kept(kept: Kept, *, signed_in: bool) -> HttpResponse:
    """What the script shows beside the form."""
    if not signed_in:
        return _told(gettext("サインアウトされています。書いたことは下書きに残しました。"), "signed-out")
    words = gettext("下書き %(when)s 自動保存") % {"when": moment(timezone.now())}
    if kept is Kept.BESIDE:
        words = gettext("%(kept)s ・ 別の画面で書いたものも残しています") % {"kept": words}
    return _told(words, kept.value)


def _told(words: str, what: str) -> HttpResponse:
    answer = HttpResponse(words, content_type="text/plain; charset=utf-8")
    answer[SCRIPT] = what
    answer["Cache-Control"] = "no-store"
    return answer
