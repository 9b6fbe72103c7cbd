"""Kana as the systems write them: katakana, half width with separate marks, and the slips of people who type them."""

from __future__ import annotations

HIRAGANA = "".join(chr(code) for code in range(0x3041, 0x3097))
KATAKANA = "".join(chr(code + 0x60) for code in range(0x3041, 0x3097))
TO_KATAKANA = str.maketrans(HIRAGANA, KATAKANA)

# By number: half-width letters and their marks do not outlive an editor that normalises Unicode.
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"  # U+FF71–U+FF9D
_PLAIN = {
    **{kana: chr(0xFF71 + place) for place, kana in enumerate(_KANA)},
    **{kana: chr(0xFF66 + place) for place, kana in enumerate("ヲァィゥェォャュョッー")},
    "・": "\uff65",
    "\u3000": " ",
}
_VOICED_MARK, _HALF_VOICED_MARK = "\uff9e", "\uff9f"
_VOICED = dict(
    zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", "カキクケコサシスセソタチツテトハヒフヘホウ", strict=True)
)
_HALF_VOICED = dict(zip("パピプペポ", "ハヒフヘホ", strict=True))
_HALF_WIDTH = str.maketrans(
    {
        **_PLAIN,
        **{voiced: _PLAIN[plain] + _VOICED_MARK for voiced, plain in _VOICED.items()},
        **{voiced: _PLAIN[plain] + _HALF_VOICED_MARK for voiced, plain in _HALF_VOICED.items()},
    }
)
_SMALL_TO_LARGE = str.maketrans("ァィゥェォッャュョ", "アイウエオツヤユヨ")


def katakana(hiragana: str) -> str:
    return hiragana.translate(TO_KATAKANA)


def half_width(kana: str) -> str:
    """Half-width katakana; voiced marks become characters of their own."""
    return kana.translate(_HALF_WIDTH)


def large(kana: str) -> str:
    """Small kana written large, as older systems do: キョウコ → キヨウコ."""
    return kana.translate(_SMALL_TO_LARGE)


def other_long_vowel(kana: str) -> str:
    """A long vowel written another way: オウ → オー, ー → －, else オオ → オウ."""
    for before, after in (
        ("ョウ", "ョー"),
        ("ュウ", "ュー"),
        ("コウ", "コー"),
        ("ユウ", "ユー"),
        ("ヨウ", "ヨー"),
        ("ー", "－"),
        ("オオ", "オウ"),
    ):
        if before in kana:
            return kana.replace(before, after, 1)
    return kana


def other_spelling(kana: str) -> str:
    """ヅ for ズ, ヂ for ジ and the like."""
    for before, after in (("ヅ", "ズ"), ("ヂ", "ジ"), ("ヴ", "ブ"), ("ヲ", "オ"), ("ズ", "ヅ"), ("ジ", "ヂ")):
        if before in kana:
            return kana.replace(before, after, 1)
    return kana
