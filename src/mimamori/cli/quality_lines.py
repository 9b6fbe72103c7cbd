"""The lines of `mimamori quality` without a truth, for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mimamori.linkage.quality_report import Agreement, Expected, Group, Report
    from mimamori.review.samples import SampleFound

PARTS = {"name": ("氏名", "name"), "kana": ("カナ", "kana"), "birth": ("生年月日", "birth date")}
DIMENSIONS = {
    "all": ("全体", "all"),
    "source": ("系統", "source"),
    "ward": ("区", "ward"),
    "resident": ("住民種別", "kind of resident"),
    "age": ("年齢(この歳から)", "age from"),
    "school": ("学校", "school"),
}
EXPECTED = {
    "model": (
        "重みでつないだ {links:,} 件のうち、まちがいの見込みは {wrong:.2f} 件(モデルの確率の合計。確率は実際の"
        "割合に合わせたものではありません。重みだけではつながず、次の候補との差と名の一致も求め、標本で確かめます)",
        "of {links:,} links by weight, {wrong:.2f} are expected to be wrong (the sum of the model's probabilities,"
        " which are not calibrated: no link is made by weight alone, the lead and the given name count as well, and"
        " samples measure it)",
    ),
    "bound": (
        "一致の規則でつないだ {links:,} 件のうち、まちがいは多くて {wrong:.2f} 件(合成都市で測った割合の95%上限)",
        "of {links:,} links by exact passes, at most {wrong:.2f} are wrong (the upper 95 % limit measured on synthetic"
        " cities)",
    ),
}


def lines(found: Report, sample: SampleFound | None, *, as_of: date, english: bool) -> Iterator[str]:
    """One line after the other; what is closed for its size is said to be."""
    yield f"{as_of}  " + (f"{found.pairs_waiting:,} pairs wait" if english else f"人が決める組 {found.pairs_waiting:,}")
    for way in found.ways:
        yield f"  {way.space:<24}{way.how:<24}{way.refs:>12,}"
    yield from (f"  {_expected(one, english=english)}" for one in found.expected)
    yield from _sampled(sample, english=english)
    if not found.groups:
        yield "The next night counts how keys agree." if english else "番号と氏名の一致は、次の夜間処理から数えます。"
    for group in found.groups:
        yield _group(group, english=english)


def _expected(one: Expected, *, english: bool) -> str:
    return EXPECTED[one.basis][english].format(links=one.links, wrong=one.wrong)


def _sampled(sample: SampleFound | None, *, english: bool) -> Iterator[str]:
    if sample is None:
        yield (
            "No sample was drawn yet: mimamori quality --sample N --by ACCOUNT"
            if english
            else "標本はまだありません: mimamori quality --sample N --by ACCOUNT"
        )
        return
    words = "sample of {}, {} of {} judged, seed {}" if english else "標本 {}、{} / {} 件判断、種 {}"
    yield words.format(sample.as_of, sample.judged, sample.drawn, sample.seed)
    for one in sample.strata:
        shown = "—" if one.precision is None else _interval(one.precision.share, one.precision.low, one.precision.high)
        yield f"  {one.name:<28}{one.links:>10,}{one.right:>6}/{one.judged}/{one.drawn}  {shown}"
    if sample.overall is not None:
        whole = _interval(sample.overall.share, sample.overall.low, sample.overall.high)
        yield f"  {'all, weighted' if english else '全体(件数で重みづけ)'}  {whole}"


def _interval(share: float, low: float, high: float) -> str:
    return f"{share:.2%} ({low:.2%} – {high:.2%})"


def _group(group: Group, *, english: bool) -> str:
    head = f"{DIMENSIONS[group.dimension][english]} {group.code or '—'}"
    if group.rows is None:
        return f"{head}: " + ("withheld, too few" if english else "秘匿(件数が少ない)")
    parts = ", ".join(_part(part, told, english=english) for part, told in group.parts.items())
    held = "" if not group.held else (", not believed " if english else "、信じなかった番号 ") + f"{group.held:.2%}"
    return f"{head}: {group.rows:,}  {parts}{held}"


def _part(part: str, told: Agreement | None, *, english: bool) -> str:
    """Exactly / nearly / contradicts."""
    word = PARTS[part][english]
    return f"{word} —" if told is None else f"{word} {told.exact:.1%}/{told.nearly:.1%}/{told.contradicts:.1%}"
