"""`mimamori screen filter`: how many children a filter takes, by clause; small counts closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mimamori.cli.columns import aligned
from mimamori.cli.entry import config, put_json, say, tell
from mimamori.cli.options import JSON
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.refusal import Refused

if TYPE_CHECKING:  # loaded when it runs
    from mimamori.privacy.small_cells import Cell
    from mimamori.screening.filters import Node, Tally, Told


@click.command("filter")
@click.argument("which", metavar="NAME|FILE")
@click.option("--by", default="", help="この利用者の範囲で数える(利用者名、既定は全市)/ within this user's scope")
@JSON
def filter_command(which: str, by: str, as_json: bool) -> None:
    """条件を組み合わせて児童を数える(保存した名前か、TOML・JSON のファイル)/
    count the children a filter takes (a saved name, or a file of TOML or JSON)."""
    open_store()
    from mimamori import door, support

    node = _node(which)
    if by:
        account = account_named(by)
        with denials_told(account, "screen filter"):
            found = door.count_filtered(account, node, support.work_facts())
    else:
        found = door.count_filtered(None, node, support.work_facts())
    _put(node, found, as_json=as_json)


def _node(which: str) -> Node:
    """The filter of a file, or the one that is saved under the name."""
    from mimamori.screening import filters
    from mimamori.support import saved_filters

    path = Path(which)
    if path.is_file():
        try:
            return filters.read(path.read_text(encoding="utf-8-sig"), path.name)
        except (UnicodeDecodeError, OSError):
            raise Refused(f"{path.name}: UTF-8 で保存してください。", f"{path.name}: save it as UTF-8.") from None
    found = saved_filters.named(which)
    if found is None:
        raise Refused(
            f"「{which}」という名前で保存したしぼりこみも、ファイルもありません。",
            f"Neither a saved filter nor a file is called {which!r}.",
        )
    return found


def _put(node: Node, found: Tally, *, as_json: bool) -> None:
    from mimamori.screening import filters

    lines = [_closed(one) for one in found.parts]
    if as_json:
        whole = {name: lines[0][name] for name in ("met", "failed", "unknown")}
        put_json(
            {"filter": filters.dumped(node), "sentence": filters.sentence(node).model_dump(), **whole, "parts": lines}
        )
        return
    language = config().language
    heading = (
        ("met", "unknown", "failed", "alone", "") if language == "en" else ("該当", "不明", "非該当", "これだけ", "")
    )
    rows = [
        (*(_shown(line[name]) for name in ("met", "unknown", "failed", "alone")), line["said"][language])
        for line in lines
    ]
    for text in aligned(heading, rows, right=frozenset({0, 1, 2, 3})):
        tell(text)
    say("1〜9人の数は * で示します。", "Counts from 1 to 9 are shown as *.")


def _closed(one: Told) -> dict[str, Any]:
    """A part's counts; the three add up to a whole that is known, so they close together."""
    from mimamori.privacy.small_cells import CLOSED, SMALL, close_line
    from mimamori.screening import filters

    met, failed, unknown, _whole = close_line([one.met, one.failed, one.unknown])
    alone: Cell = CLOSED if 1 <= one.alone <= SMALL or met is CLOSED else one.alone
    said = filters.said(one.node).model_dump()
    return {"said": said, "met": met, "failed": failed, "unknown": unknown, "alone": alone}


def _shown(count: Cell) -> str:
    return "*" if count is None else f"{count:,}"
