"""Small bars as SVG: widths are attributes, since the content policy allows no style attribute."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def meter(parts: Sequence[tuple[float, str]], *, total: float, label: str) -> SafeString:
    """A stock of work or progress, read aloud as `label`. `parts`: (amount, kind), kind "", warn, mid, must or ok."""
    whole = max(total, sum(amount for amount, _kind in parts), 1)
    drawn, left = [], 0.0
    for amount, kind in parts:
        width = 100 * amount / whole
        if width > 0:
            gap = 0.6 if left else 0.0  # a white hair between two parts: the parts read without colour
            drawn.append((kind, f"{left + gap:.2f}", f"{max(width - gap, 0.4):.2f}"))
        left += width
    rects = format_html_join("", '<rect class="{}" x="{}" y="0" width="{}" height="10"/>', drawn)
    frame = '<svg class="meter" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    return format_html(frame, label, rects)


def freshness(days: int, promised: int) -> SafeString:
    """Age in days against the promised days (the tick at 70 %); full when twice as old."""
    width = min(56 * days / max(promised, 1), 80)
    over = " over" if days > promised else ""
    frame = (
        '<svg class="fr{}" viewBox="0 0 80 14" aria-hidden="true"><rect class="bg" y="3" width="80" height="8" rx="2"/>'
        '<rect class="age" y="3" width="{}" height="8" rx="2"/>'
        '<rect class="tick" x="55" y="0" width="2" height="14"/></svg>'
    )
    return format_html(frame, over, f"{width:.1f}")
