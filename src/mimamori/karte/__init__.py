"""個人カルテ: one child whole. Built by night into an immutable, dated snapshot; opened read-only by the web."""

from mimamori.karte.build import build

__all__ = ["build"]
