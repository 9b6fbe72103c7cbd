"""The tables that the browser tests walk hold everything there is."""

from __future__ import annotations

from django.urls import get_resolver
from tests.browser.pages_table import NO_PAGES, PAGES


def test_every_view_is_in_the_table() -> None:
    named = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    told = {name for name in PAGES if "." not in name}
    assert told | set(NO_PAGES) == named, "give a new page its rows in pages_table.py"
    assert not told & set(NO_PAGES)
