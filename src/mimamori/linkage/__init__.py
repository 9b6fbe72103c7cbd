"""名寄せ: every row of every source under the right case number, and the families around the children."""

from mimamori.linkage.identity import LEDGER
from mimamori.linkage.link import DECISIONS, PAIRS, LinkResult, link
from mimamori.linkage.refs import mask, ref_sql

__all__ = ["DECISIONS", "LEDGER", "PAIRS", "LinkResult", "link", "mask", "ref_sql"]
