"""Take what departments and schools send: decode, check against the layout, refuse or quarantine, type, store."""

from mimamori.intake.answers import receive_answers
from mimamori.intake.delivery import Delivery, QuarantineRow, Reason, TableCounts
from mimamori.intake.receive import TOKYO, Receipt, receive
from mimamori.intake.state import load_state
from mimamori.intake.store import deliveries, find, quarantine

__all__ = [
    "TOKYO",
    "Delivery",
    "QuarantineRow",
    "Reason",
    "Receipt",
    "TableCounts",
    "deliveries",
    "find",
    "load_state",
    "quarantine",
    "receive",
    "receive_answers",
]
