"""What of a child goes along to an agency: the chosen kinds of item and nothing else, as the trail tells.

Of a child who is protected, or lives where somebody is, nothing is given that tells where it lives or goes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from mimamori import audit
from mimamori.access.models import Account
from mimamori.door.printing import whereless
from mimamori.door.reading import open_karte
from mimamori.door.shapes import Karte

WITHOUT_PLACE = frozenset({"name", "worries"})  # kinds that tell nothing of where a child is


@dataclass(frozen=True)
class Shared:
    """`kinds`: those that may go along; `left_out`: chosen, and withheld for protection. `number`: of the line in the
    trail."""

    karte: Karte
    kinds: frozenset[str]
    left_out: frozenset[str]
    number: int


@transaction.atomic
def share(
    account: Account,
    case_no: str,
    *,
    kinds: Collection[str],
    purpose: str,
    referral: int,
    to: str,
    language: str = "ja",
) -> Shared:
    """Open the karte for a letter to an agency. `referral`, `to`: its key and the kind of agency, for the trail.
    Raises as `open_karte`."""
    karte = open_karte(account, case_no, purpose=purpose, language=language)
    chosen = frozenset(kinds)
    guarded = karte.header.address_withheld or karte.header.guarded
    left_out = chosen - WITHOUT_PLACE if guarded else frozenset()
    detail = {"referral": referral, "to": to, "kinds": sorted(chosen - left_out), "left_out": sorted(left_out)}
    number = audit.record("referral.print", by=account, case_no=case_no, purpose=karte.purpose, detail=detail)
    return Shared(whereless(karte) if guarded else karte, chosen - left_out, left_out, number)
