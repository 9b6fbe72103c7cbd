"""Filters over all children of an account's scope. What an account may not see it cannot ask about either: a filter
would tell by whom it takes."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from mimamori import audit
from mimamori.access import Denied, Permission, check_may, may
from mimamori.access.models import Account
from mimamori.access.rights import ward_limit
from mimamori.door.masking import Reader
from mimamori.door.reasons import layouts_by_name
from mimamori.door.scope import max_sensitivity
from mimamori.door.snapshots import current
from mimamori.karte.snapshot import Snapshot
from mimamori.screening import filters, load_indicators
from mimamori.screening.filters import Edge, Ground, Node, Show, Tally, WorkTest, clauses
from mimamori.screening.indicators import Indicator
from mimamori.sources import Label, Layout


@dataclass(frozen=True)
class Filtered:
    """What a filter takes of the account's scope: counts, the case numbers of one portion, and who stands at an edge.
    Nothing of a child is read yet: `headlines` does that, and logs it."""

    tally: Tally
    cases: tuple[str, ...]
    edges: tuple[Edge, ...]


def filtered(account: Account, node: Node, work: pa.Table, *, show: Show, limit: int, offset: int = 0) -> Filtered:
    """Ask a filter of the children in the account's scope; the trail is told what was asked. `work`: rows of
    `filters.WORK`. Raises `Denied` by role, and where the filter asks what the account may not see."""
    _check(account, node)
    snapshot = current()
    ground, con = _ground(snapshot, work, ward_limit(account)), snapshot.cursor()
    found = Filtered(
        filters.tally(con, node, ground),
        tuple(filters.chosen(con, node, ground, show=show, limit=limit, offset=offset)),
        tuple(filters.edges(con, node, ground)),
    )
    audit.record("filter.ask", by=account, detail={"snapshot": snapshot.name, "filter": filters.dumped(node)})
    return found


def count_filtered(account: Account | None, node: Node, work: pa.Table) -> Tally:
    """The counts alone, not closed yet; None is the command line, which counts the whole city."""
    if account is not None:
        _check(account, node)
    snapshot = current()
    found = filters.tally(
        snapshot.cursor(), node, _ground(snapshot, work, ward_limit(account) if account is not None else None)
    )
    audit.record("filter.ask", by=account, detail={"snapshot": snapshot.name, "filter": filters.dumped(node)})
    return found


def askable(account: Account) -> list[tuple[Label, list[Indicator]]]:
    """The indicators that the account may ask about, by area of life: of which it sees every item."""
    check_may(account, Permission.SEE_SCREENING)
    reader, layouts = Reader(account.role, max_sensitivity(account), "ja"), layouts_by_name()
    areas = [
        (area, [one for one in indicators if _sees(reader, layouts, one)])
        for area, indicators in load_indicators().areas
    ]
    return [(area, indicators) for area, indicators in areas if indicators]


def may_ask(account: Account, node: Node) -> bool:
    """Whether the filter asks nothing that the account may not see."""
    seen = {one.id for _, indicators in askable(account) for one in indicators}
    conference = any(isinstance(clause, WorkTest) and clause.work == "conference" for clause in clauses(node))
    return filters.names(node) <= seen and (may(account, Permission.SEE_RECORDS) or not conference)


def _check(account: Account, node: Node) -> None:
    check_may(account, Permission.SEE_WORKLIST)
    if not may_ask(account, node):
        raise Denied(
            "このしぼりこみは、あなたの役割では見られない項目を使っています。",
            "This filter asks about items that your role may not see.",
            permission="filter",
        )


def _sees(reader: Reader, layouts: dict[str, Layout], indicator: Indicator) -> bool:
    for named in indicator.items:
        source, table, field = named.split(".")
        layout = layouts[source]
        if not reader.may_see_source(layout) or not reader.may_see(layout, layout.table(table).item(field)):
            return False
    return True


def _ground(snapshot: Snapshot, work: pa.Table, ward: str | None) -> Ground:
    return Ground(work, frozenset(snapshot.meta.get("difficulties", ())), tuple(snapshot.shielded), ward)
