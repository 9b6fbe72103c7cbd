"""Dirt: what makes the same person look different in another system. Shares are at noise 1 (A)."""

from __future__ import annotations

import numpy as np

from mimamori.city.days import day_of
from mimamori.city.kana_forms import half_width, large, other_long_vowel, other_spelling
from mimamori.city.printing import kanji_era
from mimamori.city.streams import Array

VARIANTS = str.maketrans("高崎辺斎浜島沢桜広国恵徳吉真", "髙﨑邉齋濱嶋澤櫻廣國惠德吉眞")


def written_names(draw: Array, names: list[str], noise: float) -> list[str]:
    """Names as another clerk wrote them: variant kanji, a lost blank, trailing blanks, a lost character.

    `draw`: a number from 0 to 1 for each name, which says what happens to it.
    """
    draw = draw / max(noise, 1e-9)
    result = []
    for name, chance in zip(names, draw.tolist(), strict=True):
        if chance < 0.20:
            name = name.translate(VARIANTS)  # noqa: PLW2901 - a step of one name's way
        if chance < 0.04:
            name = name.replace(" ", "")  # noqa: PLW2901
        elif chance < 0.06:
            name = name.replace(" ", "\u3000") + "  "  # noqa: PLW2901
        elif 0.20 <= chance < 0.203 and len(name) > 3:
            name = name[:-1] + "〓"  # noqa: PLW2901
        result.append(name)
    return result


def written_kana(draw: Array, kana: list[str], noise: float) -> list[str]:
    """Readings: half width, small kana written large, long vowels and ヅ written another way, blanks."""
    draw = draw / max(noise, 1e-9)
    ways = ((0.10, half_width), (0.14, large), (0.17, other_long_vowel), (0.19, other_spelling))
    result = []
    for text, chance in zip(kana, draw.tolist(), strict=True):
        way = next((change for limit, change in ways if chance < limit), None)
        result.append("" if 0.19 <= chance < 0.20 else way(text) if way else text)
    return result


def partial_dates(rng: np.random.Generator, printed: list[str], values: Array, noise: float) -> list[str]:
    """Birth dates in eras of which the register knows no day (one in 2,000 people), or only about when."""
    result = list(printed)
    draw = rng.random(len(result)) / max(noise, 1e-9)
    for place in np.flatnonzero(draw < 0.0005).tolist():
        whole = kanji_era(day_of(values[place]))
        month = whole[: whole.index("月") + 1]
        result[place] = month + "日不詳" if draw[place] < 0.0003 else month + "頃"
    return result


def slipped_days(rng: np.random.Generator, values: Array, noise: float) -> Array:
    """Birth dates as somebody typed them: for one in 500 a day too late, or ten years off."""
    draw = rng.random(len(values)) / max(noise, 1e-9)
    result: Array = np.where(draw < 0.0015, values + 1, np.where(draw < 0.002, values - 3652, values))
    return result


def written_sexes(rng: np.random.Generator, sexes: Array, noise: float) -> list[str]:
    """Sexes as somebody ticked them: for one in 1,000 the other."""
    draw = rng.random(len(sexes)) / max(noise, 1e-9)
    return [str(3 - sex if chance < 0.001 else sex) for sex, chance in zip(sexes.tolist(), draw.tolist(), strict=True)]
