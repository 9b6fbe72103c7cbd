"""Why a pair is put before a person, in words: keys that contradict, or the grey zone's evidence item by item."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori.door import Waterfall

CONTRADICTIONS: dict[str, Promise] = {
    "key contradicts birth date": gettext_lazy("番号は同じですが、生年月日が大きくちがいます。"),
    "key contradicts name": gettext_lazy("番号は同じですが、氏名がまったくちがいます。"),
    "key contradicts name and birth date": gettext_lazy("番号は同じですが、氏名と生年月日がちがいます。"),
    "key belongs to a twin": gettext_lazy("番号は同じですが、ふたごのもう一人の名前です。"),
    "key belongs to another of the household": gettext_lazy("番号は同じですが、同じ世帯の別の人の名前です。"),
    "reading of another of the household": gettext_lazy("氏名は同じですが、フリガナは同じ世帯の別の人のものです。"),
    "name of another of the household": gettext_lazy("フリガナは同じですが、氏名は同じ世帯の別の人のものです。"),
    "birth date of another of the household": gettext_lazy("氏名は同じですが、生年月日は同じ世帯の別の人のものです。"),
    "sex of another of the household": gettext_lazy("氏名は同じですが、性別は同じ世帯で同じ日に生まれた人のものです。"),
    "address and guardian of others": gettext_lazy(
        "氏名と生年月日は同じですが、住所も保護者もちがいます。同姓同名で同じ日に生まれた別の人かもしれません。"
    ),
}
LEFT_OUT = "left out: "
SAMPLE = "sample"
ITEMS: dict[str, Promise] = {
    "family": gettext_lazy("氏"),
    "given": gettext_lazy("名"),
    "birth": gettext_lazy("生年月日"),
    "sex": gettext_lazy("性別"),
    "place": gettext_lazy("住所"),
    "household": gettext_lazy("世帯"),
    "rarity": gettext_lazy("氏名のめずらしさ"),
}
LEVELS: dict[str, Promise] = {
    "kanji and kana": gettext_lazy("漢字もカナも同じ"),
    "kanji": gettext_lazy("漢字が同じ"),
    "kana": gettext_lazy("カナが同じ"),
    "nearly": gettext_lazy("ほぼ同じ"),
    "sound": gettext_lazy("漢字が少しちがい、読みは同じ"),
    "both nearly": gettext_lazy("漢字もカナも少しちがう"),
    "same": gettext_lazy("同じ"),
    "partial": gettext_lazy("わかる部分は同じ"),
    "slip": gettext_lazy("書きまちがいくらいのちがい"),
    "near": gettext_lazy("年・月・日のうち2つが同じ"),
    "address": gettext_lazy("番地まで同じ"),
    "town": gettext_lazy("町まで同じ"),
    "number": gettext_lazy("世帯番号が同じ"),
    "guardian": gettext_lazy("保護者が世帯にいる"),
    "else": gettext_lazy("ちがう"),
}


def evidence(why: str) -> list[tuple[str, str]]:
    """The grey zone's evidence as (item, how far it agrees); empty for another kind of reason."""
    found = []
    for part in why.split("; "):
        item, colon, level = part.partition(": ")
        if not colon or item not in ITEMS:
            return []
        found.append((str(ITEMS[item]), _rarity(level) if item == "rarity" else str(LEVELS.get(level, level))))
    return found


def _rarity(bits: str) -> str:
    return gettext("ありふれた氏名") if bits.startswith("-") else gettext("めずらしい氏名")


def steps(found: Waterfall) -> list[tuple[str, str, float, float]]:
    """A waterfall in words: (what, how far it agrees, bits added, sum so far), from the prior to what is left over."""
    lines = [(gettext("はじめの見込み"), "", found.prior, found.prior)]
    for step in found.steps:
        item = str(ITEMS.get(step.comparison, step.comparison))
        lines.append((item, str(LEVELS.get(step.level, step.level)), step.bits, step.total))
    if found.rest:
        lines.append((gettext("そのほか"), "", found.rest, found.weight))
    return lines


def thresholds(found: Waterfall) -> str:
    """Where the sum stands between the two lines."""
    words = gettext("合計 %(weight)s(%(review)s から人が決め、%(accept)s から、ほかの条件もそろえば自動でつなぐ)")
    return words % {name: figure(getattr(found, name)) for name in ("weight", "review", "accept")}


def figure(bits: float) -> str:
    """A weight with its sign: +12.3, −5.4."""
    return f"{bits:+.1f}".replace("-", "−")


def sentence(why: str) -> str:
    """One sentence; a reason the web does not know stands as it was given."""
    if why == SAMPLE:
        return gettext(
            "自動でつないだ組から、質を確かめるために無作為に選びました。根拠は見せずに、記録だけで判断します。"
        )
    if why in CONTRADICTIONS:
        return str(CONTRADICTIONS[why])
    if why.startswith(LEFT_OUT):
        return gettext("同じ人だとすると、1人に2つの番号がつくため、つなげませんでした。")
    if evidence(why):
        return gettext("根拠が、人が決める幅の中にあります。")
    return why
