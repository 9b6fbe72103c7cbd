"""Dirt: what makes the same person look different in another system. Shares are at noise 1 (A)."""

from __future__ import annotations

import numpy as np

from mimamori.city.kana_forms import half_width, large, other_long_vowel, other_spelling

VARIANTS = str.maketrans("高崎辺斎浜島沢桜広国恵徳吉真", "髙﨑邉齋濱嶋澤櫻廣國惠德吉眞")


def written_names(rng: np.random.Generator, names: list[str], noise: float) -> list[str]:
    """Names as another clerk wrote them: variant kanji, a lost blank, trailing blanks, a lost character."""
    draw = rng.random(len(names)) / max(noise, 1e-9)
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


def written_kana(rng: np.random.Generator, kana: list[str], noise: float) -> list[str]:
    """Readings: half width, small kana written large, long vowels and ヅ written another way, blanks."""
    draw = rng.random(len(kana)) / max(noise, 1e-9)
    ways = ((0.10, half_width), (0.14, large), (0.17, other_long_vowel), (0.19, other_spelling))
    result = []
    for text, chance in zip(kana, draw.tolist(), strict=True):
        way = next((change for limit, change in ways if chance < limit), None)
        result.append("" if 0.19 <= chance < 0.20 else way(text) if way else text)
    return result
