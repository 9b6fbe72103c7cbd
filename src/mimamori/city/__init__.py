"""A synthetic city that knows only the layouts: families, lives with a hidden risk, dirty extracts, the truth."""

from mimamori.city.build import Summary, build

__all__ = ["Summary", "build"]
