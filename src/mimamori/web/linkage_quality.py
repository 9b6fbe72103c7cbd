"""The page 名寄せの質 in words: how numbers were linked, the weights, samples, and how keys agree with names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from mimamori.access.models import Account
from mimamori.door.linkage_quality import (
    AGE_BANDS,
    Agreement,
    Bin,
    Expected,
    Group,
    LinkageQuality,
    Report,
    linkage_quality,
)
from mimamori.privacy.small_cells import SMALL, close_line
from mimamori.review import samples
from mimamori.review.samples import SampleFound, StratumFound
from mimamori.sources import load_registry
from mimamori.web.days import english
from mimamori.web.frame import language, ward_word
from mimamori.web.pair_words import figure
from mimamori.web.pictures import shares, ways, weights
from mimamori.web.pictures.shares import Mark, ShareRow
from mimamori.web.statistics import Line, Table
from mimamori.web.words import KEYS, closed_word

REGISTER = "addressee_no"  # the register's own numbers are what others are linked to

# How a number was linked, as `links.how` has it (a pass by its first word): word, colour in the picture.
WAYS: dict[str, tuple[Promise, str]] = {
    "key": (gettext_lazy("番号が一致"), "for"),
    "pass": (gettext_lazy("一致の規則"), "mid"),
    "splink": (gettext_lazy("根拠の重み"), "unsure"),
    "decision": (gettext_lazy("職員の判断"), "sum"),
    "kept": (gettext_lazy("前の夜のまま"), "start"),
    "new": (gettext_lazy("ほかに記録なし"), "empty"),
}
PASS: dict[str, Promise] = {
    "name": gettext_lazy("氏名"),
    "kana": gettext_lazy("カナ"),
    "given": gettext_lazy("名"),
    "birth": gettext_lazy("生年月日"),
    "address": gettext_lazy("住所"),
    "town": gettext_lazy("町"),
}
DIMENSIONS: dict[str, Promise] = {
    "source": gettext_lazy("系統"),
    "ward": gettext_lazy("区"),
    "resident": gettext_lazy("住民種別"),
    "age": gettext_lazy("年齢"),
    "school": gettext_lazy("学校"),
}
PARTS: dict[str, tuple[Promise, str]] = {
    "name": (gettext_lazy("氏名"), "circle"),
    "kana": (gettext_lazy("カナ"), "square"),
    "birth": (gettext_lazy("生年月日"), "diamond"),
}
DRAWN = 14  # groups in one picture; of more, those whose names agree least


@dataclass(frozen=True)
class Figure:
    """One picture with the sentence above it and where its numbers come from."""

    title: str
    sentence: str
    svg: SafeString
    source: str
    day: date


@dataclass(frozen=True)
class AgreementTable:
    """One dimension: the picture, and (word, rows, cells by part, share not believed) for the table."""

    figure: Figure
    head: str
    lines: tuple[tuple[str, str, tuple[str, ...], str], ...]
    cut: int  # groups that are in the table alone


@dataclass(frozen=True)
class SampleTable:
    """What the newest sample shows: way, links, drawn, judged, right, share with interval; and the whole."""

    found: SampleFound
    figure: Figure
    lines: tuple[tuple[str, StratumFound, str], ...]
    overall: str


@dataclass(frozen=True)
class QualityPage:
    snapshot: str
    as_of: date
    pairs_waiting: int
    ways: Table
    ways_figure: Figure
    legend: tuple[tuple[str, str], ...]
    expected: tuple[str, ...]
    weights: Figure | None
    bins: tuple[tuple[str, Bin], ...]
    agreement: tuple[AgreementTable, ...]
    sample: SampleTable | None


def quality_page(account: Account) -> QualityPage | None:
    """Everything on the page; None before the first night. Raises `Denied` by role."""
    found = linkage_quality(account)
    if found is None:
        return None
    table = _ways(found)
    sample = samples.newest(account)
    return QualityPage(
        snapshot=found.snapshot,
        as_of=found.as_of,
        pairs_waiting=found.report.pairs_waiting,
        ways=table,
        ways_figure=_ways_figure(table, found),
        legend=tuple((kind, str(word)) for word, kind in WAYS.values()),
        expected=tuple(_expected(one) for one in found.report.expected),
        weights=_weights(found),
        bins=tuple((_bits(one, found.report.step), one) for one in found.report.bins),
        agreement=tuple(
            _agreement(found, dimension, groups) for dimension in DIMENSIONS if (groups := found.report.of(dimension))
        ),
        sample=_sample(sample) if sample else None,
    )


def way_word(how: str) -> str:
    """A way of linking in words: 一致の規則(氏名・カナ・生年月日)."""
    way, _, rest = how.partition(":")
    word = str(WAYS[way][0]) if way in WAYS else how
    if way == "pass":
        columns = (", " if english() else "・").join(str(PASS.get(column, column)) for column in rest.split("+"))
        return gettext("%(way)s(%(columns)s)") % {"way": word, "columns": columns}
    return word


def space_word(space: str) -> str:
    """A key space: 児童生徒番号, 児童相談所の番号."""
    kind, _, source = space.partition(":")
    if not source:
        return str(KEYS.get(kind, kind))
    return gettext("%(source)sの番号") % {"source": _source_word(source)}


def _source_word(name: str) -> str:
    known = {layout.name: layout for layout in load_registry()}
    return known[name].short_label.text(language()) if name in known else name


def _ways(found: LinkageQuality) -> Table:
    counts: dict[str, dict[str, int]] = {}
    for way in found.report.ways:
        if way.space != REGISTER:
            told = counts.setdefault(way.space, dict.fromkeys(WAYS, 0))
            told[way.how.partition(":")[0]] = told.get(way.how.partition(":")[0], 0) + way.refs
    lines = []
    for space, told in counts.items():
        *cells, total = close_line([told[way] for way in WAYS])
        lines.append(Line(space, space_word(space), (total, *cells)))
    # Ways are not added up over the sources: the sums would tell the closed counts.
    totals = [line.cells[0] for line in lines]
    known = [total for total in totals if total is not None]
    whole = Line("", gettext("合計"), (sum(known) if len(known) == len(totals) else None,))
    columns = (gettext("番号の数"), *(str(word) for word, _ in WAYS.values()))
    title = gettext("番号は、どうつながったか")
    return Table(title, gettext("番号"), columns, tuple(lines), whole, gettext("公開した版"), found.as_of)


def _ways_figure(table: Table, found: LinkageQuality) -> Figure:
    total = table.total.cells[0]
    sentence = gettext("系統の番号 %(n)s のつなぎ方") % {"n": closed_word() if total is None else f"{total:,}"}
    drawn = [(line.word, line.cells[1:], line.cells[0]) for line in table.lines]
    svg = ways.picture(drawn, [kind for _, kind in WAYS.values()], sentence=sentence)
    return Figure(table.title, sentence, svg, table.source, found.as_of)


def _expected(one: Expected) -> str:
    figures = {"links": f"{one.links:,}", "wrong": f"{one.wrong:,.2f}"}
    if one.basis == "model":
        return gettext(
            "根拠の重みでつないだ %(links)s 件のうち、まちがいの見込みは %(wrong)s 件です(重みから出る確率の合計)。"
        ) % figures + gettext(
            "この確率は、実際の割合に合わせたものではありません。家族の中では項目どうしが似るためです。"
            "そこで、重みだけではつながず、次の候補との差と名の一致も求め、標本を人が確かめて測ります。"
        )
    return (
        gettext(
            "一致の規則でつないだ %(links)s 件のうち、まちがいは多くて %(wrong)s 件です"
            "(合成都市で測った割合の95%%上限)。"
        )
        % figures
    )


def _bits(one: Bin, step: int) -> str:
    return f"{figure(one.low)} – {figure(one.low + step)}"


def _weights(found: LinkageQuality) -> Figure | None:
    report: Report = found.report
    if not report.bins:
        return None
    sentence = gettext("重みを計算した %(all)s 組のうち、%(unsure)s 組は人が決めます") % {
        "all": f"{sum(one.same + one.unsure + one.apart for one in report.bins):,}",
        "unsure": f"{sum(one.unsure for one in report.bins):,}",
    }
    svg = weights.picture(report.bins, step=report.step, accept=report.accept, review=report.review, sentence=sentence)
    return Figure(gettext("根拠の重みと、人が決める幅"), sentence, svg, gettext("公開した版"), found.as_of)


def _group_word(found: LinkageQuality, group: Group) -> str:
    code = group.code
    if not code:
        return gettext("わからない")
    match group.dimension:
        case "source":
            return _source_word(code)
        case "ward":
            return ward_word(code)
        case "resident":
            label = load_registry().get("resident_register").codes["resident_type"].get(code)
            return label.text(language()) if label else code
        case "age":
            return _age_word(int(code))
        case _:
            return found.schools.get(code, code)


def _age_word(first: int) -> str:
    following = next((band for band in AGE_BANDS if band > first), None)
    if following is None:
        return gettext("%(first)d歳以上") % {"first": first}
    return gettext("%(first)d–%(last)d歳") % {"first": first, "last": following - 1}


def _agreement(found: LinkageQuality, dimension: str, groups: Sequence[Group]) -> AgreementTable:
    told = list(groups)
    drawn = told if len(told) <= DRAWN else sorted(told, key=_least_first)[:DRAWN]
    head = str(DIMENSIONS[dimension])
    sentence = _least(found, told)
    rows = [ShareRow(_group_word(found, group), _marks(group), _instead(group)) for group in drawn]
    title = gettext("%(dimension)sごと") % {"dimension": head}
    svg = shares.picture(rows, sentence=f"{title}: {sentence}")
    lines = tuple(
        (
            _group_word(found, group),
            closed_word() if group.rows is None else f"{group.rows:,}",
            tuple(_cell(group.parts[part]) for part in PARTS),
            "—" if group.held is None else f"{group.held:.2%}",
        )
        for group in told
    )
    return AgreementTable(
        Figure(title, sentence, svg, gettext("公開した版"), found.as_of), head, lines, len(told) - len(drawn)
    )


def _least_first(group: Group) -> float:
    """The share of names that agree exactly; above all others where it is not shown."""
    name = group.parts["name"]
    return 2.0 if name is None else name.exact


def _least(found: LinkageQuality, groups: Sequence[Group]) -> str:
    """The group whose names agree least, in a sentence."""
    least = min(groups, key=_least_first)
    name = least.parts["name"]
    if name is None:
        return gettext("どの区分も、件数が少ないため示しません")
    if name.exact == 1:
        return gettext("どの区分でも、くらべた氏名はすべて同じ")
    told = {"group": _group_word(found, least), "share": f"{name.exact:.2%}"}
    return gettext("氏名の一致がいちばん低いのは %(group)s(%(share)s)") % told


def _marks(group: Group) -> tuple[Mark, ...]:
    return tuple(Mark(shape, told.exact) for part, (_, shape) in PARTS.items() if (told := group.parts[part]))


def _instead(group: Group) -> str:
    return (
        gettext("秘匿(%(least)d件未満)") % {"least": SMALL + 1}
        if group.rows is None
        else gettext("くらべられる記録が少ない")
    )


def _cell(told: Agreement | None) -> str:
    """Exactly / nearly / contradicts."""
    return "—" if told is None else f"{told.exact:.1%} / {told.nearly:.1%} / {told.contradicts:.1%}"


def _sample(found: SampleFound) -> SampleTable:
    lines = tuple((_stratum_word(one), one, _interval(one)) for one in found.strata)
    rows = []
    if found.overall is not None:
        whole = Mark("diamond", found.overall.share, found.overall.low, found.overall.high)
        rows.append(ShareRow(gettext("全体"), (whole,)))
    for word, one, _ in lines:
        marks = (Mark("circle", one.precision.share, one.precision.low, one.precision.high),) if one.precision else ()
        rows.append(ShareRow(word, marks, gettext("まだ判断がない")))
    if found.overall is None:
        overall = sentence = gettext("標本 %(drawn)d 件は、まだだれも判断していません") % {"drawn": found.drawn}
    else:
        overall = _span(found.overall.share, found.overall.low, found.overall.high)
        sentence = gettext("自動でつないだ組のうち、正しいのは %(share)s と見積もられます") % {"share": overall}
    title = gettext("標本による正しさ")
    svg = shares.picture(rows, sentence=sentence)
    return SampleTable(found, Figure(title, sentence, svg, gettext("標本の判断"), found.as_of), lines, overall)


def _stratum_word(one: StratumFound) -> str:
    if one.low is None:
        return way_word(one.name)
    return gettext("%(way)s(%(low)s から)") % {"way": way_word("splink"), "low": figure(one.low)}


def _interval(one: StratumFound) -> str:
    return "—" if one.precision is None else _span(one.precision.share, one.precision.low, one.precision.high)


def _span(share: float, low: float, high: float) -> str:
    """A share with its 95 % interval."""
    return gettext("%(share)s(95%%区間 %(low)s–%(high)s)") % {
        "share": f"{share:.2%}", "low": f"{low:.2%}", "high": f"{high:.2%}",
    }  # fmt: skip
