"""What leaves the house: the document for a person who asks what is held on them, and tables for a spreadsheet."""

from mimamori.exchange.disclosure import Disclosure, Judgement, document_for
from mimamori.exchange.page import as_html
from mimamori.exchange.plain import as_document
from mimamori.exchange.separated import as_csv

__all__ = ["Disclosure", "Judgement", "as_csv", "as_document", "as_html", "document_for"]
