"""Texts that stand where nothing is known: no evidence for anything, whatever column they are in.

不明, －, 000-0000-0000, 同上, N/A, ●●●: all mean an empty cell. Two of them agree on nothing.
"""

from __future__ import annotations

import re
import unicodedata

# Unseen: soft hyphen, zero-width blanks and joiners, marks of direction, byte order mark (a class of `re`).
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
HIRAGANA = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)})

_WHAT = (
    "氏名|姓名|名前|本名|氏|姓|名|カナ|フリガナ|住所|現住所|居所|所在地?|連絡先|電話(番号)?|番号|生年月日|性別|世帯|保護者(氏名|名)?"
    "|情報|データ|記録|記載|記入|入力|登録|届出?|設定|回答|申告|該当|取得|確認"
)
_UNKNOWN = (
    "不明|不詳|不定|未詳|未定|未記入|未入力|未登録|未設定|未確認|未取得|未回答|未命名|未届|未提出|無記入|無記名|無回答"
    "|確認中|調査中|照会中|空欄|空白|非公開|非表示|非開示|非通知|秘匿|匿名|省略|拒否|同上|同左|同右|同前|仝上?|ナシ|無シ?"
    "|フメイ|フショウ|ミテイ|ダミー|テスト|サンプル"
)
_NOTHING = re.compile(
    rf"({_WHAT})?({_UNKNOWN})+|名無シ(ノ権兵衛)?|ナナシ(ノゴンベエ?)?|X{{2,}}"
    "|NULL|NONE|UNKNOWN|UNDEFINED|NOTKNOWN|TBD|BLANK|EMPTY|TEST|DUMMY"
)
_IN_LETTERS = re.compile(r"N/A|#[A-Z0-9/!?]+")  # with their signs: without these, Na is somebody's name
_REMARK = re.compile(r"[(\[「【〔<].*[)\]」】〕>]$")
# Letters and digits by their kind, yet nothing by themselves; nines fill a field to its end.
_FILLING = re.compile("[ー々〻ヽヾ〇0]*|ー*9[9ー]{2,}")


def says_nothing(text: str) -> bool:
    """Whether a text, in whatever width and script it is written, only stands in for one that is not known."""
    return folded_says_nothing(
        without_invisible(unicodedata.normalize("NFKC", text)).upper().translate(HIRAGANA).strip()
    )


def folded_says_nothing(text: str) -> bool:
    """The same of a text in NFKC, capitals and katakana."""
    if text.isalnum():
        bare = text
    elif _IN_LETTERS.fullmatch(text):
        return True
    else:
        bare = _bare(_REMARK.sub("", text)) or _bare(text)
    return bool(_FILLING.fullmatch(bare) or _NOTHING.fullmatch(bare))


def without_invisible(text: str) -> str:
    return _INVISIBLE.sub("", text)


def _bare(text: str) -> str:
    """Letters and digits alone."""
    return "".join(filter(str.isalnum, text))
