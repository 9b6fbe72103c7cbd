"""`mimamori disclose`: everything held on one person, for that person."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mimamori.cli.entry import config, put_json, say
from mimamori.cli.options import JSON, check_new
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.exchange import Disclosure


@click.command()
@click.argument("case_no")
@click.option("--by", "by", required=True, metavar="ACCOUNT", help="文書を作る職員の利用者名 / who prepares it")
@click.option("--confirmed", is_flag=True, help="支援措置のある本人の請求と確認済み / a protected person's own request")
@click.option("--out", type=click.Path(path_type=Path), help="書き出すファイル(.html か .json)/ the file to write")
@JSON
def command(case_no: str, by: str, confirmed: bool, out: Path | None, as_json: bool) -> int:
    """本人に開示する文書を作ります / a document of everything held on one person."""
    if out is None and not as_json:
        raise Refused("--out か --json を指定してください。", "Give --out FILE or --json.")
    if out is not None:
        _check(out)
    open_store()
    from mimamori.exchange import as_document

    found = _gather(case_no, by=by, confirmed=confirmed)
    if out is not None:
        _write(out, found)
        say(f"{out.name} を作りました。", f"Wrote {out.name}.")
    if found.needs_a_person:
        say(
            f"渡す前に確認: あなたが見られない項目 {found.withheld} 件、職員の記録 {len(found.judgements)} 件。",
            f"To be checked first: {found.withheld} values you may not see, {len(found.judgements)} records of staff.",
        )
    if as_json:
        put_json(as_document(found))
    return 1 if found.needs_a_person else 0


def _check(out: Path) -> None:
    if out.suffix not in {".html", ".json"}:
        raise Refused("ファイル名は .html か .json にしてください。", "The file must end in .html or .json.")
    check_new(out)


def _gather(case_no: str, *, by: str, confirmed: bool) -> Disclosure:
    """As the account named."""
    from mimamori.exchange import document_for

    account = account_named(by)
    with denials_told(account, "disclose"):
        return document_for(case_no, by=account, confirmed=confirmed, language=config().language)


def _write(out: Path, found: Disclosure) -> None:
    """Readable by its maker alone, never over another file."""
    from mimamori.exchange import as_document, as_html

    text = as_html(found) if out.suffix == ".html" else json.dumps(as_document(found), ensure_ascii=False, indent=2)
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
