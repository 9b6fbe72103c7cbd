"""`mimamori explain`: why records belong to a case."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from mimamori.cli.entry import config, put_json
from mimamori.cli.options import JSON
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.door import Waterfall
    from mimamori.door.explaining import Explanation

BAR = 24  # signs of the longest bar
WORDS = 40  # columns of what was compared

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
    "kin": ("家族", "family"),
}


@click.command()
@click.argument("case_no")
@click.option("--by", "by", required=True, metavar="ACCOUNT", help="見る職員の利用者名 / who looks")
@JSON
def command(case_no: str, by: str, as_json: bool) -> int:
    """記録がこのケース番号にある理由。監査に残ります / why records belong to a case; logged."""
    open_store()
    found = _explained(case_no, by)
    if as_json:
        put_json(asdict(found))
        return 0
    from django.utils import translation

    with translation.override(config().language):
        _print(found, english=config().language == "en")
    return 0


def _explained(case_no: str, by: str) -> Explanation:
    """As the account named."""
    from mimamori.door.explaining import explain
    from mimamori.linkage import case_numbers

    if not case_numbers.valid(case_no):
        raise Refused(
            "ケース番号は K-0000-0000-0 の形です。打ちまちがいがないか確かめてください。",
            "A case number looks like K-0000-0000-0: check it for a slip.",
        )
    account = account_named(by)
    with denials_told(account, "explain"):
        return explain(account, case_no)


def _print(found: Explanation, *, english: bool) -> None:
    from mimamori.web.pair_words import sentence

    click.echo(f"{found.case_no}  {found.as_of}")
    for key in found.keys:
        weight = "" if key.weight is None else f"  {key.weight:+.1f}"
        click.echo(f"  {key.ref:<36}{_how(key.how, english=english)}{weight}")
        _print_waterfall(key.waterfall)
    for pair in found.pairs:
        click.echo(f"  ? {pair.left_ref} ↔ {pair.right_ref}  {sentence(pair.why)}")
        _print_waterfall(pair.waterfall)


def _print_waterfall(found: Waterfall | None) -> None:
    """One line a step: what was compared, how far it agrees, the bits it adds, the sum so far, and that as a bar."""
    from mimamori.web.pair_words import steps, thresholds

    if found is None:
        return
    lines = steps(found)
    scale = max(abs(total) for _item, _level, _bits, total in lines) / BAR
    for item, level, bits, total in lines:
        words = f"{item}: {level}" if level else item
        bar = ("+" if total >= 0 else "-") * round(abs(total) / scale) if scale else ""
        click.echo(f"      {_padded(words)}{bits:>+7.1f}{total:>+8.1f}  {bar}")
    click.echo(f"      {thresholds(found)}")


def _padded(words: str) -> str:
    """The words as wide as the column: a Japanese sign takes the place of two."""
    width = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)
    return words + " " * max(WORDS - width, 1)


def _how(how: str, *, english: bool) -> str:
    if how.startswith("pass:"):
        columns = [PASS[column][english] for column in how.removeprefix("pass:").split("+")]
        return f"{' + '.join(columns)} {'agree, on one person only' if english else 'が一致し、ほかに同じ人がいない'}"
    return HOW[how][english]
