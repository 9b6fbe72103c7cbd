"""Refusals: bad input or a broken rule, told to a person in their language."""

from __future__ import annotations


class Refused(Exception):
    """What was asked is refused and nothing has changed (exit code 2, or a form error on the web).

    Both texts say what, why and what now. They must never hold personal data: they reach logs and terminals.
    """

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en

    def text(self, language: str) -> str:
        """The message in `language` (`ja` unless `en` is asked for)."""
        return self.en if language.startswith("en") else self.ja
