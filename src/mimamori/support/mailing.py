"""お知らせ by e-mail: that something waits in the system, and not a word of what or of whom.

A mail leaves the closed network's protection: it names nobody, holds no number of a case and no link into one. One mail
tells of all that is unread, so that nobody learns from their number how many children are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from mimamori import audit
from mimamori.access.models import Account
from mimamori.refusal import Refused
from mimamori.support.models import Notice

SUBJECT = "【見守りシステム】お知らせがあります / Notices wait for you"
TEXT = """\
まだ読んでいないお知らせがあります。
庁内の端末から見守りシステムを開き、「今日の仕事」で確かめてください。
このメールには個人の情報を載せていません。返信しないでください。

Notices that you have not read wait in the watch-over system.
Open it at your desk; they stand beside the worklist.
This mail tells of nobody. Please do not answer it.
"""


def mail_notices() -> int:
    """Send one mail to each account with an address of which a notice is unread and not mailed yet; returns how many
    were sent. Raises `Refused` where no mail server is set, or it does not take the mail: what was not sent is sent the
    next time."""
    if not settings.EMAIL_HOST:
        raise Refused(
            "メールのサーバーが決まっていません。設定 mail_host を入れてください。",
            "No mail server is set: give the setting mail_host.",
        )
    waiting: dict[int, list[int]] = defaultdict(list)
    unread = Notice.objects.filter(read_at=None, mailed_at=None, to__is_active=True).exclude(to__email="")
    for pk, to in unread.values_list("pk", "to"):
        waiting[to].append(pk)
    sent = 0
    for account in Account.objects.filter(pk__in=waiting):
        try:
            send_mail(SUBJECT, TEXT, settings.DEFAULT_FROM_EMAIL, [account.email])
        except (SMTPException, OSError) as fault:
            raise Refused(
                f"メールを送れませんでした({type(fault).__name__})。{sent}通は送りました。残りは次に送ります。",
                f"The mail could not be sent ({type(fault).__name__}); {sent} were, the rest waits for the next time.",
            ) from None
        Notice.objects.filter(pk__in=waiting[account.pk]).update(mailed_at=timezone.now())
        sent += 1
    if sent:
        audit.record("notice.mail", by=None, detail={"mails": sent})
    return sent
