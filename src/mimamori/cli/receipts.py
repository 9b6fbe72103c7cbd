"""What became of deliveries, told line by line: the same whichever way they came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mimamori.cli.entry import config, tell

if TYPE_CHECKING:
    from mimamori.intake import Receipt


def tell_receipts(receipts: Iterable[Receipt]) -> None:
    """Rows received → stored + quarantined + out of scope, and the reasons below."""
    english = config().language == "en"
    for receipt in receipts:
        counts = f"{receipt.received:,} → {receipt.stored:,} + {receipt.quarantined:,} + {receipt.out_of_scope:,}"
        tell(f"{receipt.as_of}  {receipt.source:<24}{receipt.state:<12}{counts}")
        for ja, en in receipt.reasons:
            tell(f"    {en if english else ja}")
