"""Japanese text and dates for comparing: names, kana, kanji variants, addresses; what was written is kept elsewhere.

Every function is pure and is meant to run once per distinct value.
"""
