"""個人カルテ: one child whole. Built by night into an immutable, dated snapshot; opened read-only by the web."""

from mimamori.karte.build import build
from mimamori.karte.rows import build_rows

__all__ = ["build", "build_rows"]
