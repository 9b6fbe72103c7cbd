"""Which column is which item: headings matched by label, alias or field name, whatever their widths and blanks."""

from __future__ import annotations

import unicodedata

from mimamori.sources import Table


def folded(heading: str) -> str:
    """A heading for comparing: widths and blanks do not matter (ﾌﾘｶﾞﾅ, 氏　名)."""
    return "".join(unicodedata.normalize("NFKC", heading).split())


def fields_of(table: Table) -> dict[str, str]:
    """Every folded heading that this table knows → its field; the leading columns stand for themselves."""
    known = {folded(word): item.field for item in table.items for word in (*item.headings(), item.field)}
    return known | {label: label for label in table.leading()}


def needed(table: Table) -> list[str]:
    """The fields that a heading must tell, in the table's order."""
    return [*list(table.leading())[:1], *(i.field for i in table.items if i.required or i.field in table.row_key)]


def label_of(table: Table, field: str) -> str:
    """The heading that the layout gives a field."""
    return next((item.label.ja for item in table.items if item.field == field), field)
