"""`mimamori accounts`: who may sign in."""

from __future__ import annotations

import secrets
import sys
from typing import Any

import click

from mimamori.cli.entry import put_json, say
from mimamori.cli.options import JSON
from mimamori.cli.people import open_store
from mimamori.refusal import Refused


@click.group()
def command() -> None:
    """アカウントの作成・一覧・停止 / accounts: create, list, disable."""


@command.command()
@click.option("--username", required=True, help="利用者名 / user name")
@click.option("--role", required=True, help="役割 / role (ward_worker, coordinator …)")
@click.option("--ward", default="", help="区のコード5桁 / code of the ward")
@click.option("--name", required=True, help="氏名 / the person's name")
@click.option("--email", default="", help="お知らせがあることを伝えるメール / where it is told that notices wait")
@click.option(
    "--password-stdin", is_flag=True, help="パスワードを標準入力から読む / read the password from standard input"
)
@JSON
def create(  # noqa: PLR0917 - click gives options by name
    username: str, role: str, ward: str, name: str, email: str, password_stdin: bool, as_json: bool
) -> int:
    """アカウントを作ります。パスワードを渡さなければ、作って一度だけ表示します / make an account."""
    open_store()
    from mimamori.access.accounts import create_account
    from mimamori.sources import load_registry

    if ward and load_registry().municipality.ward_label(ward) is None:
        codes = ", ".join(found.code for found in load_registry().municipality.wards)
        raise Refused(f"この区のコードはありません。区のコード: {codes}", f"There is no such ward. Codes: {codes}")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else secrets.token_urlsafe(12)
    account = create_account(
        username=username, role=role, ward=ward, display_name=name, password=password, by=None, email=email
    )
    made: dict[str, Any] = {"username": account.username, "role": account.role, "ward": account.ward}
    if not password_stdin:
        made["password"] = password
    say(f"アカウント {username} を作りました。", f"Made the account {username}.")
    if as_json:
        put_json(made)
    elif not password_stdin:
        click.echo(password)
    return 0


@command.command("email")
@click.argument("username")
@click.argument("address", default="")
def email_command(username: str, address: str) -> None:
    """お知らせのメールの宛先を決める(空にすると送らない)/ where an account is mailed; empty: nowhere."""
    open_store()
    from mimamori.access.accounts import set_email

    set_email(username, address, by=None)
    say(f"{username} のメールの宛先を直しました。", f"Set where {username} is mailed.")


@command.command("list")
@JSON
def list_accounts(as_json: bool) -> int:
    """アカウントの一覧 / all accounts."""
    open_store()
    from mimamori.access.models import Account

    rows = [
        {
            "username": account.username,
            "name": account.display_name,
            "role": account.role,
            "ward": account.ward,
            "active": account.is_active,
            "last_sign_in": account.last_login,
        }
        for account in Account.objects.all()
    ]
    if as_json:
        put_json(rows)
        return 0
    for row in rows:
        active = "" if row["active"] else "停止"
        click.echo(f"{row['username']:<24}{row['role']:<20}{row['ward']:<8}{row['name']}  {active}")
    return 0


@command.command()
@click.option("--username", required=True, help="利用者名 / user name")
def disable(username: str) -> int:
    """アカウントを止めます。開いている画面も次の操作から使えません / stop an account at once."""
    open_store()
    from mimamori.access.accounts import disable_account

    disable_account(username, by=None)
    say(f"アカウント {username} を停止しました。", f"Disabled the account {username}.")
    return 0
