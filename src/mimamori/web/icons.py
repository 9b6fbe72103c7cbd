"""The icons of the screens, as paths on a 24 × 24 grid; always beside a word, never alone."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS = {
    "lock": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "find": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 5 5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "warn": '<path d="M12 3.5 22 20.5H2z"/><path d="M12 10v4.5M12 17.4v.1"/>',
    "flag": '<path d="M5 21V4h13l-2.6 4.5L18 13H5"/>',
    "eye": '<path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "pen": '<path d="m4 20 1-4.5L16.5 4l3.5 3.5L8.5 19zM14 6.5 17.5 10"/>',
    "people": '<circle cx="9" cy="8" r="3.2"/><path d="M3 20c0-4 2.6-6.3 6-6.3s6 2.3 6 6.3M16 5.2a3 3 0 0 1 0 5.8'
    'M18 14.3c2 .9 3 2.9 3 5.7"/>',
    "print": '<path d="M7 8V3.5h10V8M7 17H4V9.5A1.5 1.5 0 0 1 5.5 8h13A1.5 1.5 0 0 1 20 9.5V17h-3M7 14h10v6.5H7z"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "ask": '<circle cx="12" cy="12" r="9"/><path d="M9.3 9.3a2.8 2.8 0 1 1 4 2.5c-.9.5-1.3 1-1.3 2M12 17v.1"/>',
    "phone": '<path d="M6 3.5h3l1.5 4.5L8.4 9.6a12 12 0 0 0 6 6L16 13.5l4.5 1.5v3a2.5 2.5 0 0 1-2.7 2.5'
    'C10.2 20 4 13.8 3.5 6.2A2.5 2.5 0 0 1 6 3.5z"/>',
    "link": '<path d="M9.5 14.5l5-5M8 12l-2.2 2.2a3.6 3.6 0 0 0 5 5L13 17M11 7l2.2-2.2a3.6 3.6 0 0 1 5 5L16 12"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>',
    "none": '<circle cx="12" cy="12" r="8.5"/><path d="M8 12h8"/>',
    "home": '<path d="M4 11.5 12 4l8 7.5M6 10v10h12V10"/>',
}


def icon(name: str) -> SafeString:
    """One icon, hidden from readers of the page aloud; a `KeyError` for a name that is not drawn."""
    paths = mark_safe(PATHS[name])  # noqa: S308 - constants above
    return format_html('<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', paths)
