"""Words of the screens that belong to a closed list: difficulties, states of knowledge, conditions, outcomes.

They are lazy: the language is the reader's, not the process's.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = dict[str, Promise]

DIFFICULTIES: Words = {
    "abuse": gettext_lazy("虐待"),
    "poverty": gettext_lazy("貧困"),
    "absence": gettext_lazy("不登校"),
    "bullying": gettext_lazy("いじめ"),
    "carer": gettext_lazy("ヤングケアラー"),
    "develop": gettext_lazy("発達"),
    "postnatal": gettext_lazy("産後うつ"),
}

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

WHY_UNKNOWN: Words = {
    "not_covered": gettext_lazy("対象外"),
    "not_due": gettext_lazy("まだその時期ではない"),
    "not_delivered": gettext_lazy("未受領"),
    "missing": gettext_lazy("未受領"),
    "stale": gettext_lazy("データが古い"),
}

FRESHNESS: dict[str, tuple[str, Promise]] = {
    "fresh": ("ok", gettext_lazy("受領")),
    "stale": ("warn", gettext_lazy("古い")),
    "missing": ("warn", gettext_lazy("未受領")),
}
