"""The trail: append-only, hash-chained, without foreign keys; written in the transaction of what it tells of."""

from mimamori.audit.actions import ACTIONS, action_label
from mimamori.audit.chain import canonical, row_hash
from mimamori.audit.terminal import at_terminal
from mimamori.audit.trail import Verdict, record, term_hash, verify

__all__ = [
    "ACTIONS",
    "Verdict",
    "action_label",
    "at_terminal",
    "canonical",
    "record",
    "row_hash",
    "term_hash",
    "verify",
]
