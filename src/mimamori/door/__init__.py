"""The one way a person reaches a child's data: who, why, which items; every reading is written into the trail.

Nothing here tells whether a child exists that the asker may not see: out of scope and non-existing are one `NotFound`.
"""

from mimamori.door.counting import children_by_ward
from mimamori.door.delivered import Delivered, QuarantinedRow, deliveries, quarantine, source_status
from mimamori.door.disclosing import Held, HeldSource, HeldTable, disclose
from mimamori.door.filtering import Filtered, askable, count_filtered, filtered, may_ask
from mimamori.door.headlines import headlines
from mimamori.door.narrowing import narrow
from mimamori.door.opinions import OpinionReasons, opinion_reasons
from mimamori.door.pairing import PairRelative, PairSide, open_pair, sensitive_refs
from mimamori.door.past_reasons import past_reasons
from mimamori.door.printing import PARTS, USES, Printed, print_karte
from mimamori.door.quality import ItemQuality, KeyQuality, TableReport, delivery_quality, delivery_report
from mimamori.door.reading import open_karte, openable, viewers
from mimamori.door.scope import NotFound
from mimamori.door.searching import search
from mimamori.door.shapes import (
    Change,
    Couple,
    FindingChange,
    FindingView,
    Flag,
    Happening,
    Header,
    Headline,
    Hit,
    Karte,
    KnownCell,
    Protection,
    Reason,
    Relative,
    Row,
    Section,
    Since,
    TableView,
    Together,
    Value,
    Viewing,
)
from mimamori.door.sharing import Shared, share
from mimamori.door.shielding import shield
from mimamori.door.siblings import siblings
from mimamori.door.snapshots import published
from mimamori.linkage.waterfall import Waterfall, waterfall

__all__ = [
    "PARTS",
    "USES",
    "Change",
    "Couple",
    "Delivered",
    "Filtered",
    "FindingChange",
    "FindingView",
    "Flag",
    "Happening",
    "Header",
    "Headline",
    "Held",
    "HeldSource",
    "HeldTable",
    "Hit",
    "ItemQuality",
    "Karte",
    "KeyQuality",
    "KnownCell",
    "NotFound",
    "OpinionReasons",
    "PairRelative",
    "PairSide",
    "Printed",
    "Protection",
    "QuarantinedRow",
    "Reason",
    "Relative",
    "Row",
    "Section",
    "Shared",
    "Since",
    "TableReport",
    "TableView",
    "Together",
    "Value",
    "Viewing",
    "Waterfall",
    "askable",
    "children_by_ward",
    "count_filtered",
    "deliveries",
    "delivery_quality",
    "delivery_report",
    "disclose",
    "filtered",
    "headlines",
    "may_ask",
    "narrow",
    "open_karte",
    "open_pair",
    "openable",
    "opinion_reasons",
    "past_reasons",
    "print_karte",
    "published",
    "quarantine",
    "search",
    "sensitive_refs",
    "share",
    "shield",
    "siblings",
    "source_status",
    "viewers",
    "waterfall",
]
