"""The manual's pages that are written from the declarations: `PAGES` names each and what writes it; `make manual`."""

from collections.abc import Callable

from tools.manual.chapters import chapter_pages
from tools.manual.indicators import indicators_page
from tools.manual.sources import sources_page
from tools.manual.states import states_page

PAGES: dict[str, Callable[[], str]] = {
    "docs/sources.md": sources_page,
    "docs/indicators.md": indicators_page,
    "docs/manual/states.md": states_page,
    **chapter_pages(),
}

__all__ = ["PAGES"]
