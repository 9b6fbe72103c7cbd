"""Tags and filters of the templates; each is a thin call into the module that knows (days, icons, bars, words)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mimamori.door import Reason, Relative, Together
from mimamori.support.states import label_of
from mimamori.web import bars, cells, days, frame, icons, kin_words, pair_words, words

register = template.Library()

register.simple_tag(icons.icon, name="icon")
register.filter("long_day", days.long_day)
register.filter("short_day", days.short_day)
register.filter("month_word", days.month_word)
register.filter("with_weekday", days.with_weekday)
register.filter("moment", days.moment)
register.filter("days_ago", days.days_ago)
register.filter("age", days.age)
register.simple_tag(days.due, name="due_of")
register.simple_tag(cells.table_rows, name="table_rows")
register.simple_tag(cells.facts, name="facts")
register.filter("mark", cells.mark)


@register.simple_tag
def meter(label: str, total: float, *parts: Any) -> SafeString:
    """{% meter label total 5 "warn" 8 "" %}: parts as amount and kind in turn."""
    pairs = [(float(parts[i] or 0), str(parts[i + 1])) for i in range(0, len(parts) - 1, 2)]
    return bars.meter(pairs, total=float(total or 0), label=label)


@register.simple_tag
def freshness(age_days: int | None, promised: int) -> SafeString:
    return bars.freshness(age_days or 0, promised)


@register.simple_tag
def difficulty(name: str) -> SafeString:
    """A difficulty: its word with its square."""
    return format_html('<span class="dif {}">{}</span>', name, words.difficulty_word(name))


@register.simple_tag
def tri(state: str) -> SafeString:
    """A condition's answer: sign and word."""
    kind, sign, word = words.ANSWERS[state]
    return format_html('<span class="tri {}">{} {}</span>', kind, sign, word)


@register.simple_tag
def known_mark(state: str) -> SafeString:
    """What is known of a child in one system: shape and word."""
    shape, word = words.KNOWN[state]
    return format_html('<span class="st"><i class="dot {}"></i>{}</span>', shape, word)


@register.simple_tag
def fresh_tag(state: str) -> SafeString:
    """Whether a source's delivery is fresh, old or missing."""
    kind, word = words.FRESHNESS[state]
    sign = "✓" if kind == "ok" else "!"
    return format_html('<span class="tag {}">{} {}</span>', kind, sign, word)


@register.simple_tag
def count(value: int | None) -> SafeString:
    """A count of a statistics table; a closed one is a word of its own, so that it is neither nothing nor zero."""
    if value is None:
        return format_html('<span class="veil-t">{}</span>', words.closed_word())
    return format_html("{}", cell(value))


@register.filter
def why_unknown(name: str | None) -> str:
    return words.why_word(name or "")


@register.simple_tag
def kinship(one: Relative | Together, age: int | None) -> str:
    """A relative in one word, as seen by a child of this age."""
    raised, half = (one.raised, one.half) if isinstance(one, Relative) else ("", False)
    return words.kin_word(one.kind, sex=one.sex_code, age=one.age, of=age, raised=raised, half=half)


register.simple_tag(kin_words.kin_source, name="kin_source")


@register.filter
def known_where(name: str) -> Any:
    return words.KNOWN_WHERE.get(name, name)


@register.filter
def state_word(name: str) -> str:
    """A finding's, an outcome's or a referral's state in words."""
    return label_of(name, "en" if days.english() else "ja")


@register.filter
def ward_word(code: str) -> str:
    return frame.ward_word(code) if code else ""


@register.filter
def measured(reason: Reason) -> str:
    """A reason's value with its unit; nothing where it is only a yes (no unit), or withheld."""
    if not reason.value or not reason.unit or reason.hidden:
        return ""
    return f"{reason.value}{' ' if days.english() else ''}{reason.unit}"


@register.filter
def label(value: Any) -> str:
    """A `Label` (ja, en), or a mapping of the same, in the reader's language; other values as text."""
    language = "en" if days.english() else "ja"
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get("ja") or "")
    return str(getattr(value, language, value if value is not None else ""))


@register.filter
def part(value: Mapping[Any, Any] | None, key: Any) -> Any:
    """One entry of a mapping, for keys that are data."""
    return value.get(key) if value else None


@register.filter
def ref_word(ref: str) -> str:
    """A key of a person in words, without its number's beginning: 宛名番号 …4471."""
    kind, _, rest = ref.partition(":")
    return f"{words.KEYS.get(kind, kind)} …{rest[-4:]}"


register.filter("pair_why", pair_words.sentence)
register.filter("pair_evidence", pair_words.evidence)
register.filter("bits", pair_words.figure)


@register.filter
def masked(case_no: str | None) -> str:
    """A case number for people who may see no child: its last group only."""
    return f"K-••••-••••-{case_no[-1:]}" if case_no else ""


@register.filter
def cell(value: Any) -> str:
    """One value of a source's row as text: days in the reader's form, numbers with commas, nothing as a dash."""
    if value is None or value == "":
        return "—"
    if isinstance(value, datetime):
        return days.moment(value)
    if isinstance(value, date):
        return days.long_day(value)
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.1f}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{int(value):,}"
    return str(value)
