"""What leaves the house: the document that a person gets who asks what is held on them."""

from mimamori.exchange.disclosure import Disclosure, Judgement, document_for
from mimamori.exchange.page import as_html
from mimamori.exchange.plain import as_document

__all__ = ["Disclosure", "Judgement", "as_document", "as_html", "document_for"]
