"""A karte that leaves the screen on paper: who, when, why and what of it stand in the trail before it exists.

Of a protected child nothing is printed that tells where it is or goes, or what people wrote of it, unless somebody who
may print that says so each time; the address itself has no print variant at all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db import transaction

from mimamori import audit
from mimamori.access import Denied, Permission, check_may, may
from mimamori.access.models import Account
from mimamori.door.reading import open_karte
from mimamori.door.shapes import Karte
from mimamori.refusal import Refused

# Parts of a karte that may be printed; what stands in the second set is left out of a protected child's.
PARTS = (
    "reasons", "known", "family", "home", "baby", "health", "childcare", "school", "money", "disability",
    "consultations", "support", "notes", "timeline",
)  # fmt: skip
TELL_WHERE = frozenset(PARTS) - {"reasons", "known"}
# 用途: what a print is for.
USES: dict[str, tuple[str, str]] = {
    "conference": ("判定会議・要対協の資料", "Papers of a conference or the council"),
    "visit": ("訪問・面接の準備", "Preparing a visit or an interview"),
    "handover": ("担当者・区の間の引き継ぎ", "Handing the case over"),
    "guidance": ("児童相談所への送致・通知", "Referring to the child guidance centre"),
    "approval": ("決裁・報告", "Approval or report within the office"),
}


@dataclass(frozen=True)
class Printed:
    """A karte as it may be printed. `number`: of its line in the trail; `left_out`: parts withheld for protection;
    `whereless`: what tells where the child lives or goes is not in the karte either."""

    karte: Karte
    parts: frozenset[str]
    left_out: frozenset[str]
    use: str
    number: int
    whereless: bool


@transaction.atomic
def print_karte(
    account: Account,
    case_no: str,
    *,
    purpose: str,
    use: str,
    parts: Collection[str],
    protected: bool = False,
    language: str = "ja",
) -> Printed:
    """Open the karte for print, for a use (`USES`), in parts (`PARTS`).

    `protected`: print also what tells where a protected child is. Raises `Denied` where the role may not print (that),
    `Refused` where a use or part does not exist, and what `open_karte` raises.
    """
    check_may(account, Permission.PRINT_KARTE)
    chosen = frozenset(parts)
    if use not in USES or not chosen or not chosen <= frozenset(PARTS):
        raise Refused("用途と、印刷する項目をえらんでください。", "Choose what the print is for, and its parts.")
    karte = open_karte(account, case_no, purpose=purpose, language=language)
    guarded = karte.header.address_withheld
    if guarded and protected and not may(account, Permission.PRINT_PROTECTED):
        raise Denied(
            "支援措置のある児童の通う先と記録は、係長だけが印刷できます。",
            "Where a protected child goes, and the notes on it, are printed by a supervisor only.",
            permission=Permission.PRINT_PROTECTED,
            case_no=case_no,
        )
    left_out: frozenset[str] = frozenset()
    if guarded and not protected:
        left_out = chosen & TELL_WHERE
        chosen -= TELL_WHERE
        karte = whereless(karte)
    detail = {"parts": sorted(chosen), "left_out": sorted(left_out), "use": use, "protected": guarded and protected}
    number = audit.record("karte.print", by=account, case_no=case_no, purpose=karte.purpose, detail=detail)
    return Printed(karte, chosen, left_out, use, number, whereless=guarded and not protected)


def whereless(karte: Karte) -> Karte:
    """The karte without what tells where the child lives or goes."""
    header = replace(karte.header, ward="", ward_label="", school="", grade=None, class_name="", address="", attends="")
    return replace(
        karte, header=header, sections=(), family=(), couples=(), expected=(), household=(), timeline=(), since=None
    )
