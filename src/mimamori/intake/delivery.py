"""What a stored delivery says of itself; nothing here is personal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import ConfigDict, TypeAdapter, with_config

COUNTED = ("received", "stored", "quarantined", "out_of_scope")  # rows: how many came, and what became of them
Notice = tuple[str, str]  # (ja, en): what a person should know of a file, without anything personal
_STRICT = ConfigDict(strict=True, extra="forbid")


@dataclass(frozen=True)
class Reason:
    """Why a row or a file is not taken as it is."""

    ja: str
    en: str


@dataclass(frozen=True)
class QuarantineRow:
    """One row that was not stored: where it stands and what is wrong, never what it says."""

    file: str
    line: int
    item: str
    reason_ja: str
    reason_en: str


@with_config(_STRICT)
@dataclass(frozen=True)
class TableCounts:
    """One file of a delivery, in rows. `blanks`: share of blank values per item, 0–1.

    `added`, `changed`, `gone` are against the delivery before, by the table's key (of a difference: its operations).
    `codes_unknown`, `wildcards` (values with a character that could not be given) and `dates` (statuses other than
    exact) are by item; `keys` and `keys_unmatched` (numbers that no register knows) by the person's role.
    """

    received: int
    stored: int
    quarantined: int
    kind: str
    sequence: int
    file: str
    sha256: str
    blanks: dict[str, float] = field(default_factory=dict)
    undeclared: int = 0  # columns that no item declares; they are not loaded
    out_of_scope: int = 0  # about nobody who lives with a child: counted, not stored
    added: int = 0
    changed: int = 0
    gone: int = 0
    codes_unknown: dict[str, int] = field(default_factory=dict)
    dates: dict[str, dict[str, int]] = field(default_factory=dict)
    wildcards: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)  # rows by school or office
    keys: dict[str, int] = field(default_factory=dict)
    keys_unmatched: dict[str, int] = field(default_factory=dict)


@with_config(_STRICT)
@dataclass(frozen=True)
class Delivery:
    """One stored delivery (`delivery.json`): one source, one as-of day, the n-th for that day."""

    source: str
    as_of: date
    n: int
    received_at: datetime
    tables: dict[str, TableCounts]
    reasons: list[str] = field(default_factory=list)
    missing_numbers: dict[str, list[int]] = field(default_factory=dict)  # by table: gaps in the numbers, as of then

    @property
    def id(self) -> str:
        return f"{self.as_of.isoformat()}.{self.n}"

    @property
    def totals(self) -> dict[str, int]:
        """The counts of all its tables together."""
        return {name: sum(getattr(table, name) for table in self.tables.values()) for name in COUNTED}

    def as_json(self) -> bytes:
        return _DOCUMENT.dump_json(self, indent=1)

    @classmethod
    def from_json(cls, document: bytes) -> Delivery:
        """Raises pydantic's `ValidationError` where it is no such document."""
        return _DOCUMENT.validate_json(document)


_DOCUMENT = TypeAdapter(Delivery)
