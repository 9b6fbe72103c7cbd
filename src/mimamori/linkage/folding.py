"""Folding once per distinct value: distinct values → Python → Arrow → join; 1.6 million rows fold in seconds.

Of addresses nearly every one is another, but only their numbers are: these are folded once per distinct shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pyarrow as pa

from mimamori.engine import Connection, identifier, table_of

Fold = Callable[[str], str | None]

# What parts a name as written; the same signs as in `text.names` (RE2's \s knows ASCII blanks only).
_SEPARATORS = r"[\s\x{3000}\x{00a0}・･·‧•∙⋅,，、.．=＝゠]+"
# Words for nothing that are set wide (不　明): a blank parts no name there.
_SET_WIDE = ("不明", "不詳", "未詳", "未定", "未記入", "なし", "無し", "同上", "ふめい", "フメイ", "ﾌﾒｲ")


def fold_values(con: Connection, values: str, into: str, /, **functions: Fold) -> None:
    """Make the table `into(raw, <name>…)`: each distinct value of `values` and what each function makes of it.

    `values` is a query of one text column. An empty result of a function is NULL: no evidence.
    """
    raw = table_of(con, f"SELECT DISTINCT v.raw FROM ({values}) v(raw) WHERE v.raw IS NOT NULL").column("raw")
    texts = raw.to_pylist()
    folds = tuple(functions.values())
    rows = [[fold(text) or None for fold in folds] for text in texts]  # one text after the other: parts are shared
    _keep(con, into, {"raw": raw, **_columns(functions, rows)})


def fold_shapes(con: Connection, values: str, into: str, /, **functions: Fold) -> None:
    """The same table as `fold_values`, for functions that look at numbers by their place only and write them plainly.

    Texts that differ in their digits only are one shape (一丁目#番#号). Each shape is folded with numbers that stand in
    for any others; where these do not come out whole, its texts are folded one by one.
    """
    con.execute(
        "CREATE OR REPLACE TEMP TABLE shaped AS SELECT raw,"
        " CASE WHEN strpos(plain, chr(1)) = 0 THEN regexp_replace(plain, '[0-9]+', chr(1), 'g') END AS shape,"
        " list_transform(regexp_extract_all(plain, '[0-9]+'), lambda n: coalesce(nullif(ltrim(n, '0'), ''), '0'))"
        " AS numbers"
        " FROM (SELECT raw, translate(raw, '０１２３４５６７８９', '0123456789') AS plain"
        f" FROM (SELECT DISTINCT v.raw FROM ({values}) v(raw) WHERE v.raw IS NOT NULL))"
    )
    shapes = table_of(con, "SELECT DISTINCT shape FROM shaped WHERE shape IS NOT NULL").column("shape").to_pylist()
    forms = {shape: [_form(fold, shape) for fold in functions.values()] for shape in shapes}
    whole = {shape: form for shape, form in forms.items() if None not in form}
    _keep(con, "shape_forms", {"shape": pa.array(whole, pa.string()), **_columns(functions, list(whole.values()))})
    fold_values(con, "SELECT raw FROM shaped ANTI JOIN shape_forms USING (shape)", into, **functions)
    most = max((shape.count(_NUMBER) for shape in whole), default=0)
    filled = ", ".join(f"nullif({_filled(name, most)}, '')" for name in functions)
    con.execute(f"INSERT INTO {identifier(into)} SELECT raw, {filled} FROM shaped JOIN shape_forms USING (shape)")


_NUMBER = "\x01"  # one run of digits in a shape
_STAND_IN = 7_000_000_000  # + its place; no address has such a number
_STOOD = re.compile(r"70000000(\d\d)")


def _form(fold: Fold, shape: str) -> str | None:
    """What `fold` makes of a shape, ⟨place⟩ for each number; None where the numbers of a text must be seen."""
    words = shape.split(_NUMBER)
    if len(words) > 100 or not re.search(r"[^\W\d]", shape):
        return None
    made = fold(words[0] + "".join(f"{_STAND_IN + place}{word}" for place, word in enumerate(words[1:]))) or ""
    if re.search(rf"\d{_STOOD.pattern}|{_STOOD.pattern}\d", made):  # joined to what stood beside it
        return None
    return _STOOD.sub(lambda found: f"{_NUMBER}{found[1]}{_NUMBER}", made)


def _filled(name: str, most: int) -> str:
    """SQL of a form with a text's own numbers in their places."""
    sql = f"shape_forms.{identifier(name)}"
    for place in range(most):
        sql = f"replace({sql}, '{_NUMBER}{place:02}{_NUMBER}', coalesce(numbers[{place + 1}], ''))"
    return sql


def _columns(functions: dict[str, Fold], rows: Sequence[Sequence[str | None]]) -> dict[str, pa.Array]:
    columns = zip(*rows, strict=True) if rows else ([] for _ in functions)
    return {name: pa.array(column, pa.string()) for name, column in zip(functions, columns, strict=True)}


def _keep(con: Connection, into: str, columns: dict[str, pa.Array]) -> None:
    con.register("folded_values", pa.table(columns))
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(into)} AS SELECT * FROM folded_values")
    finally:
        con.unregister("folded_values")


def words_sql(column: str) -> str:
    """SQL of a name's parts as a list of two: what stands before the first blank, and the rest (NULL without one)."""
    clean = f"trim(regexp_replace({column}, '{_SEPARATORS}', ' ', 'g'))"
    return (
        f"CASE WHEN strpos({clean}, ' ') = 0 THEN [{clean}, NULL]"
        f" WHEN length({clean}) < 8 AND replace({clean}, ' ', '') IN {_SET_WIDE} THEN [replace({clean}, ' ', ''), NULL]"
        f" ELSE [split_part({clean}, ' ', 1), substr({clean}, strpos({clean}, ' ') + 1)] END"
    )
