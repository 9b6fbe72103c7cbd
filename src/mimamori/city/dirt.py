"""Dirt: what makes the same person look different in another system. Shares are at noise 1 (A)."""

from __future__ import annotations

import numpy as np

from mimamori.city.days import day_of, from_parts, parts
from mimamori.city.kana_forms import half_width, large, other_long_vowel, other_spelling
from mimamori.city.printing import kanji_era
from mimamori.city.streams import Array

VARIANTS = str.maketrans("高崎辺斎浜島沢桜広国恵徳吉真", "髙﨑邉齋濱嶋澤櫻廣國惠德吉眞")
# Other characters, not other forms of one: what no table of variants brings together (籐, 祗), and what a clerk's
# keyboard offers for the same sound (誤変換).
MISTAKEN = str.maketrans("藤祇幸菜奈香佳太汰翔祥美実花華", "籐祗倖奈菜佳香汰太祥翔実美華花")


def written_names(person: Array, group: Array, names: list[str], noise: float) -> list[str]:
    """Names as another clerk wrote them: variant kanji, a lost blank, trailing blanks, a lost or a mistaken character.

    `person` and `group`: numbers from 0 to 1 for each name, which say what happens to it. What happens to a family
    name happens to the whole group (brothers and sisters on one sheet); the rest is each person's own.
    """
    own, shared = person / max(noise, 1e-9), group / max(noise, 1e-9)
    result = []
    for name, chance, common in zip(names, own.tolist(), shared.tolist(), strict=True):
        family, blank, given = name.partition(" ")
        if common < 0.20:
            family = family.translate(VARIANTS)
        elif common < 0.206:
            family = family.translate(MISTAKEN)
        if chance < 0.20:
            given = given.translate(VARIANTS)
        elif chance < 0.21:
            given = given.translate(MISTAKEN)
        if chance < 0.04:
            blank = ""
        elif chance < 0.06:
            blank, given = "\u3000", given + "  "
        elif 0.21 <= chance < 0.213 and len(given) > 1:
            given = given[:-1] + "〓"
        result.append(family + blank + given)
    return result


def written_kana(person: Array, group: Array, kana: list[str], noise: float) -> list[str]:
    """Readings: an office writes half width, or small kana large; long vowels, ヅ and blanks are one's own slips."""
    own, shared = person / max(noise, 1e-9), group / max(noise, 1e-9)
    result = []
    for text, chance, common in zip(kana, own.tolist(), shared.tolist(), strict=True):
        if chance < 0.01:
            result.append("")
            continue
        slipped = other_long_vowel(text) if chance < 0.04 else other_spelling(text) if chance < 0.06 else text
        result.append(half_width(slipped) if common < 0.10 else large(slipped) if common < 0.14 else slipped)
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
    """Birth dates as somebody typed them: of one in 500 a day too late, month and day swapped, or a wrong digit."""
    draw = rng.random(len(values)) / max(noise, 1e-9)
    years, months, days = parts(values)
    swapped = np.where(days <= 12, from_parts(years, days, months), values + 1)
    decade = np.where((months == 2) & (days == 29), values + 1, from_parts(years - 10, months, days))
    slips = [draw < 0.001, draw < 0.0015, draw < 0.002]
    result: Array = np.select(slips, [values + 1, swapped, decade], default=values)
    return result


def written_sexes(rng: np.random.Generator, sexes: Array, noise: float) -> list[str]:
    """Sexes as somebody ticked them: for one in 1,000 the other."""
    draw = rng.random(len(sexes)) / max(noise, 1e-9)
    return [str(3 - sex if chance < 0.001 else sex) for sex, chance in zip(sexes.tolist(), draw.tolist(), strict=True)]
