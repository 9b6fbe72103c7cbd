"""Words of the screens that belong to a closed list of the web's own: states of knowledge, answers, freshness.

Most are lazy: the language is the reader's, not the process's. Difficulties, states and roles bring their own labels.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mimamori.insight import Stage
from mimamori.screening.indicators import DIFFICULTY_LABELS, WHY_LABELS
from mimamori.web.days import english

# What is known of a child in one source system (the fourteen cells): shape, word.
KNOWN: dict[str, tuple[str, Promise]] = {
    "in_use": ("on", gettext_lazy("利用中")),
    "past": ("past", gettext_lazy("過去")),
    "none": ("none", gettext_lazy("なし")),
    "not_covered": ("na", gettext_lazy("対象外")),
    "stale": ("old", gettext_lazy("古い")),
    "missing": ("miss", gettext_lazy("未受領")),
}

# A condition's answer: css class, sign, word.
ANSWERS: dict[str, tuple[str, str, Promise]] = {
    "met": ("yes", "✓", gettext_lazy("該当")),
    "failed": ("no", "−", gettext_lazy("非該当")),
    "unknown": ("unk", "?", gettext_lazy("不明")),
}

# Whether a source's last delivery is fresh: css class, word.
FRESHNESS: dict[str, tuple[str, Promise]] = {
    "fresh": ("ok", gettext_lazy("受領")),
    "stale": ("warn", gettext_lazy("古い")),
    "missing": ("warn", gettext_lazy("未受領")),
}

# How a finding is known already.
KNOWN_WHERE: dict[str, Promise] = {
    "council": gettext_lazy("要対協"),
    "guidance": gettext_lazy("児童相談所"),
    "both": gettext_lazy("要対協・児童相談所"),
}

# Answers of the assessment's checklist.
CHECK_ANSWERS: dict[str, Promise] = {
    "yes": gettext_lazy("はい"),
    "worry": gettext_lazy("気になる"),
    "unknown": gettext_lazy("わからない"),
}

# How far a finding has come, in statistics: word, what is counted.
STAGE_WORDS: dict[Stage, tuple[Promise, Promise]] = {
    Stage.WAITING: (gettext_lazy("未確認"), gettext_lazy("まだだれも確かめていない")),
    Stage.LOOKING: (gettext_lazy("確認中"), gettext_lazy("担当が確かめている")),
    Stage.SUPPORT: (gettext_lazy("支援が必要"), gettext_lazy("支援が必要と判断し、これからつなぐ")),
    Stage.REFERRED: (gettext_lazy("つないだ"), gettext_lazy("機関につないで返事をまっている、または支援中")),
    Stage.WATCHING: (gettext_lazy("見守り中"), gettext_lazy("日を決めて見守っている")),
    Stage.ENDED: (gettext_lazy("終わり"), gettext_lazy("必要なし・支援中と判明・データの誤り・支援終了・終結")),
}

# What a row is to who looked at the karte before.
MARKS: dict[str, Promise] = {"new": gettext_lazy("新"), "changed": gettext_lazy("変更")}

KINSHIP: dict[str, Promise] = {
    "parent": gettext_lazy("親"),
    "child": gettext_lazy("子"),
    "sibling": gettext_lazy("きょうだい"),
    "spouse": gettext_lazy("配偶者"),
    "grandparent": gettext_lazy("祖父母"),
    "grandchild": gettext_lazy("孫"),
    "guardian": gettext_lazy("保護者"),
    "ward_of": gettext_lazy("保護している児童"),
    "household": gettext_lazy("同じ世帯"),
}

# The same where the sex is known: male, female.
KIN_BY_SEX: dict[str, tuple[Promise, Promise]] = {
    "parent": (gettext_lazy("父"), gettext_lazy("母")),
    "child": (gettext_lazy("息子"), gettext_lazy("娘")),
    "spouse": (gettext_lazy("夫"), gettext_lazy("妻")),
    "grandparent": (gettext_lazy("祖父"), gettext_lazy("祖母")),
}
ADOPTIVE = (gettext_lazy("養父"), gettext_lazy("養母"))
OLDER_SIBLING = (gettext_lazy("兄"), gettext_lazy("姉"))
YOUNGER_SIBLING = (gettext_lazy("弟"), gettext_lazy("妹"))
SEXES = {"1": 0, "2": 1}

# Key spaces of the sources.
KEYS: dict[str, Promise] = {
    "addressee_no": gettext_lazy("宛名番号"),
    "pupil_no": gettext_lazy("児童生徒番号"),
    "own_no": gettext_lazy("系統の番号"),
}

# How a person stands in a row of a source.
PERSON_ROLES: dict[str, Promise] = {
    "subject": gettext_lazy("本人"),
    "child": gettext_lazy("児童"),
    "mother": gettext_lazy("母"),
    "father": gettext_lazy("父"),
    "guardian": gettext_lazy("保護者"),
    "recipient": gettext_lazy("受給者"),
    "borrower": gettext_lazy("借受人"),
    "parent": gettext_lazy("親"),
    "applicant": gettext_lazy("申請者"),
    "carer": gettext_lazy("世話をしている人"),
}

# How far a date of the residents' register is known, where it is no exact day.
DATE_STATES: dict[str, Promise] = {
    "year": gettext_lazy("年まで"),
    "month": gettext_lazy("月まで"),
    "overrun": gettext_lazy("終わった元号"),
    "unknown": gettext_lazy("不詳"),
    "noncalendar": gettext_lazy("暦にない日"),
    "invalid": gettext_lazy("日付でない"),
}


def difficulty_word(name: str) -> str:
    """A difficulty in the reader's language."""
    found = DIFFICULTY_LABELS.get(name)  # type: ignore[call-overload]  # any text may be asked for
    return str(found.en if english() else found.ja) if found else name


def closed_word() -> str:
    """What stands for a count that is closed."""
    return gettext("秘匿")


def why_word(name: str) -> str:
    """Why a condition is unknown."""
    found = WHY_LABELS.get(name)  # type: ignore[call-overload]
    return str(found.en if english() else found.ja) if found else name


def mark_word(name: str) -> str:
    """New, or changed, since the reader last looked."""
    return str(MARKS.get(name, name))


def kin_word(
    kind: str, *, sex: str, age: int | None = None, of: int | None = None, raised: str = "", half: bool = False
) -> str:
    """A relative in one word; `age` of the relative and `of` the child tell older siblings from younger ones.

    `raised`, `half`: as in `door.Relative`.
    """
    place = SEXES.get(sex)
    if raised == "foster":
        return gettext("里親")
    if raised == "adoptive" and place is not None:
        return str(ADOPTIVE[place])
    if place is not None and kind in KIN_BY_SEX:
        return str(KIN_BY_SEX[kind][place])
    found = str(KINSHIP.get(kind, kind))
    if place is not None and kind == "sibling" and age is not None and of is not None and age != of:
        found = str((OLDER_SIBLING if age > of else YOUNGER_SIBLING)[place])
    return gettext("%(kin)s(親の一方がちがう)") % {"kin": found} if half else found
