"""`mimamori notify`: supervisors hear of what is overdue, and who has notices gets a mail. For the clock."""

from __future__ import annotations

import click

from mimamori.cli.entry import put_json, say
from mimamori.cli.options import JSON
from mimamori.cli.people import open_store


@click.command()
@click.option("--no-mail", is_flag=True, help="メールを送らない / send no mail")
@JSON
def command(no_mail: bool, as_json: bool) -> None:
    """期限を過ぎたケースを係長に知らせ、未読のお知らせがある人にメールを送る(個人の情報は載せない)/
    tell supervisors what is overdue and mail who has unread notices; a mail holds no personal data."""
    open_store()
    from django.utils import timezone

    from mimamori.support.mailing import mail_notices
    from mimamori.support.telling import escalate

    told = escalate(timezone.localdate())
    mailed = 0 if no_mail else mail_notices()
    if as_json:
        put_json({"escalated": told, "mailed": mailed})
    say(
        f"期限を過ぎたケース {told}件を知らせ、メールを {mailed}通送りました。",
        f"Told of {told} overdue, mailed {mailed}.",
    )
