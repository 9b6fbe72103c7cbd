"""The tables that the browser tests walk hold everything there is."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from django import forms
from django.urls import get_resolver
from tests.browser.forms_table import FORMS, NOT_KEPT, TOGETHER
from tests.browser.pages_table import NO_PAGES, PAGES

import mimamori.web

TEMPLATES = Path(mimamori.web.__file__).parent / "templates"


def test_every_view_is_in_the_table() -> None:
    named = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    told = {name for name in PAGES if "." not in name}
    assert told | set(NO_PAGES) == named, "give a new page its rows in pages_table.py"
    assert not told & set(NO_PAGES)


def typed_fields() -> set[str]:
    """Every form class with a field of free text, and every such field that a template writes itself."""
    for module in pkgutil.walk_packages(mimamori.web.__path__, "mimamori.web."):
        if "wsgi" not in module.name and "settings" not in module.name:
            importlib.import_module(module.name)
    classes = {
        one.__name__
        for one in subclasses(forms.Form)
        if one.__module__.startswith("mimamori.")
        for field in one.base_fields.values()
        if type(field) is forms.CharField and not field.widget.is_hidden
    }
    written = {
        f"{path.relative_to(TEMPLATES)}:{name[1]}"
        for path in TEMPLATES.rglob("*.html")
        for tag in re.findall(r"<(?:input|textarea)\b[^>]*>", path.read_text("utf-8"))
        if not re.search(r'type="(?:hidden|checkbox|radio|file)"', tag)
        if (name := re.search(r'\bname="(\w+)"', tag))
    }
    return classes | written


def subclasses(one: type[forms.Form]) -> Iterator[type[forms.Form]]:
    below: list[type[forms.Form]] = one.__subclasses__()
    for form in below:
        yield form
        yield from subclasses(form)


def test_every_form_with_text_is_in_the_table() -> None:
    # A pair's form is written by its template.
    told = set(FORMS) | set(NOT_KEPT) | set(TOGETHER)
    assert told == typed_fields() - {"PairForm"}, "give a new form its rows in forms_table.py"
    assert set(TOGETHER.values()) <= set(FORMS)


def test_whatever_is_typed_is_kept() -> None:
    """No form but those of NOT_KEPT is without autosave."""
    for path in TEMPLATES.rglob("*.html"):
        for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.DOTALL):
            fields = re.findall(r'pieces/field\.html|<(?:input|textarea)\b[^>]*\bname="(\w+)"', form)
            texts = [name for name in fields if f"{path.relative_to(TEMPLATES)}:{name}" not in NOT_KEPT]
            typed = "pieces/field.html" in form or "<textarea" in form or 'class="inp"' in form
            assert not typed or not texts or "data-draft=" in form, path.name
