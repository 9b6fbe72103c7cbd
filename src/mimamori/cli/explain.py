"""`mimamori explain`: why records belong to a case."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from mimamori.cli.entry import config, put_json, setup_django
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.door.explaining import Explanation

# How a key came under its number, as `links.how` has it.
HOW = {
    "key": ("番号が一致", "by its own number"),
    "splink": ("確率による名寄せ", "by the weight of the evidence"),
    "decision": ("職員の判断", "a person decided"),
    "kept": ("前の夜からそのまま", "kept from an earlier night"),
    "new": ("ほかに同じ人の記録なし", "no other record of this person"),
}
PASS = {
    "name": ("氏名", "name"),
    "kana": ("カナ", "kana"),
    "given": ("名", "given name"),
    "birth": ("生年月日", "birth date"),
    "address": ("住所", "address"),
    "town": ("町", "town"),
}


@click.command()
@click.argument("case_no")
@click.option("--by", "by", required=True, metavar="ACCOUNT", help="見る職員の利用者名 / who looks")
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で標準出力へ / one JSON document")
def command(case_no: str, by: str, as_json: bool) -> int:
    """記録がこのケース番号にある理由。監査に残ります / why records belong to a case; logged."""
    setup_django()
    from mimamori.web.database import check_ready

    check_ready()
    found = _explained(case_no, by)
    if as_json:
        put_json(asdict(found))
        return 0
    from django.utils import translation

    with translation.override(config().language):
        _print(found, english=config().language == "en")
    return 0


def _explained(case_no: str, by: str) -> Explanation:
    """As the account named; a denial goes into the trail, as it does on the web."""
    from mimamori import audit
    from mimamori.access import Denied
    from mimamori.access.models import Account
    from mimamori.door.explaining import explain
    from mimamori.linkage import case_numbers

    if not case_numbers.valid(case_no):
        raise Refused(
            "ケース番号は K-0000-0000-0 の形です。打ちまちがいがないか確かめてください。",
            "A case number looks like K-0000-0000-0: check it for a slip.",
        )
    account = Account.objects.filter(username=by, is_active=True).first()
    if account is None:
        raise Refused("この利用者名の有効なアカウントはありません。", "There is no active account of this name.")
    try:
        return explain(account, case_no)
    except Denied as denied:
        detail = {"command": "explain", "permission": str(denied.permission)}
        audit.record("denied", by=account, case_no=denied.case_no, detail=detail)
        raise


def _print(found: Explanation, *, english: bool) -> None:
    from mimamori.web.pair_words import evidence, sentence

    click.echo(f"{found.case_no}  {found.as_of}")
    for key in found.keys:
        weight = "" if key.weight is None else f"  {key.weight:+.1f}"
        click.echo(f"  {key.ref:<36}{_how(key.how, english=english)}{weight}")
        for item, level in evidence(key.evidence):
            click.echo(f"      {item}: {level}")
    for pair in found.pairs:
        click.echo(f"  ? {pair.left_ref} ↔ {pair.right_ref}  {sentence(pair.why)}")
        for item, level in evidence(pair.why):
            click.echo(f"      {item}: {level}")


def _how(how: str, *, english: bool) -> str:
    if how.startswith("pass:"):
        columns = [PASS[column][english] for column in how.removeprefix("pass:").split("+")]
        return f"{' + '.join(columns)} {'agree, on one person only' if english else 'が一致し、ほかに同じ人がいない'}"
    return HOW[how][english]
