"""Protection at once: who is taken for one with a protected person is protected before a night has joined the two."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from mimamori.access.models import Shield
from mimamori.door.people import is_protected
from mimamori.door.snapshots import config, keyring
from mimamori.engine import rows_of
from mimamori.karte import store


@transaction.atomic
def shield(same: Iterable[tuple[str, str]]) -> None:
    """Shield every case that these pairs of keys, which people take for one person's, tie to a protected one in the
    snapshot in service; nobody else stays shielded."""
    if store.published_day(config()) is None:
        return
    snapshot = store.current(config(), keyring())
    pairs = list(same)
    rows = rows_of(
        snapshot.cursor(),
        "SELECT ref, case_no FROM links WHERE ref IN (SELECT unnest($refs::VARCHAR[]))",
        {"refs": sorted({ref for pair in pairs for ref in pair})},
    )
    case_of = {row["ref"]: row["case_no"] for row in rows}
    tied = _tied((case_of[left], case_of[right]) for left, right in pairs if {left, right} <= case_of.keys())
    protected = {person["case_no"] for person in snapshot.people(sorted(set().union(*tied))) if is_protected(person)}
    shields = {case_no: min(group & protected) for group in tied if group & protected for case_no in group - protected}
    Shield.objects.exclude(case_no__in=shields).delete()
    for case_no, protected_no in shields.items():
        Shield.objects.update_or_create(case_no=case_no, defaults={"protected_no": protected_no})


def _tied(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The numbers that are one person's, over every pair between them."""
    groups: list[set[str]] = []
    for pair in pairs:
        met = [group for group in groups if not group.isdisjoint(pair)]
        groups = [group for group in groups if group not in met] + [set(pair).union(*met)]
    return groups
