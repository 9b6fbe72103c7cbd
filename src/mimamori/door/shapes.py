"""What templates read: frozen, already masked, labels already in the reader's language; days stay days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Protection:
    """支援措置. Every code but 0 counts, and its last day does not end it."""

    label: str
    since: date | None
    until: date | None
    provisional: bool = False


@dataclass(frozen=True)
class Flag:
    """Something the header says at once: `kind` council | guidance | not_in_register | twin …"""

    kind: str
    label: str
    day: date | None = None


@dataclass(frozen=True)
class Header:
    case_no: str
    name: str
    kana: str
    alias: str
    former_name: str
    roman: str
    birth_date: date | None
    birth_date_status: str  # exact | year | month | unknown | …
    age: int | None
    sex: str  # in words
    sex_code: str
    ward: str
    ward_label: str
    school: str
    grade: int | None
    class_name: str
    city_pupil: bool
    address: str  # empty where withheld
    address_withheld: bool
    in_register: bool
    resident_type: str  # in words
    protection: Protection | None
    guarded: bool = False  # somebody protected lives at the address, or may
    attends: str = ""  # of a child whose school is not known by name: the nursery's or school's kind, in words


@dataclass(frozen=True)
class KnownCell:
    """One of the cells 'known and unknown': `state` in_use | past | none | not_covered | missing | stale."""

    source: str
    number: int
    short_label: str
    network: str  # core | school
    state: str
    as_of: date | None


@dataclass(frozen=True)
class Reason:
    """One condition of a finding. `hidden`: from a source this role may not see; value and day are then withheld."""

    condition: str
    label: str
    domain: str
    state: str  # met | failed | unknown
    must: bool
    value: str
    unit: str
    source: str
    source_label: str
    day: date | None
    why: str  # of an unknown: not_covered | not_due | not_delivered | stale
    hidden: bool = False


@dataclass(frozen=True)
class Cause:
    """One condition whose answer differs from the run before's. `hidden`: as of a `Reason`."""

    label: str
    must: bool
    cause: str  # value | delivery | cover | first
    state_before: str  # met | failed | unknown
    state: str
    value_before: str
    value: str
    unit: str
    source_label: str
    day: date | None
    hidden: bool = False


@dataclass(frozen=True)
class FindingChange:
    """What changed in a finding since the run before. `tier_before`: None where the child was not listed then, `tier`
    where it is not listed any more. `by_set`, `arrived`, `by_age`: see `screening.changes`."""

    difficulty: str
    since: date
    kind: str  # new | gone | higher | lower | reasons | same
    must_before: bool
    tier_before: int | None
    must: bool
    tier: int | None
    by_set: bool = False
    arrived: bool = False
    by_age: bool = False
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class FindingView:
    """What the last published run says of the child for one difficulty. `change`: None without a run before."""

    difficulty: str
    must: bool
    tier: int
    reasons: tuple[Reason, ...]
    change: FindingChange | None = None

    @property
    def met(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.state == "met")

    @property
    def failed(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.state == "failed")

    @property
    def unknown(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.state == "unknown")


@dataclass(frozen=True)
class Value:
    """One item of a row. A day is in `day`; anything else is in `text`, codes in words."""

    field: str
    label: str
    text: str
    day: date | None = None
    masked: bool = False
    mark: str = ""  # of what tells a row's source and day: as of the row


@dataclass(frozen=True)
class Row:
    day: date | None
    values: tuple[Value, ...]
    as_of: date | None
    role: str = ""  # how the child stands in the row, where they are not its subject
    mark: str = ""  # new | changed since the reader last looked


@dataclass(frozen=True)
class TableView:
    name: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """One source system's rows. `hidden`: this role may not see the system's items at all."""

    source: str
    number: int
    label: str
    short_label: str
    owner: str
    network: str
    as_of: date | None
    freshness: str  # fresh | stale | missing
    state: str  # as in KnownCell
    tables: tuple[TableView, ...]
    hidden: bool = False
    items_withheld: int = 0


@dataclass(frozen=True)
class Relative:
    """One member of the family. `case_no` is given only where the reader may open that child."""

    kind: str  # parent | child | sibling | spouse | grandparent | grandchild | guardian | ward_of | household
    basis: str  # where it is known from
    name: str
    kana: str
    age: int | None
    sex: str
    sex_code: str
    is_child: bool
    same_household: bool
    case_no: str
    ward_label: str
    place_withheld: bool
    protected: bool
    died: bool
    parents: tuple[int, ...] = ()  # places in the family of those known to be this one's parents
    raised: str = ""  # of who raises the child: adoptive | foster
    twins: tuple[int, ...] = ()  # places of the siblings born with this one; -1 is the child of the karte
    half: bool = False  # a sibling of whom one parent is known to be another
    known: tuple[str, ...] = ()  # a child's own flags: council, guidance; only of whom the reader may open
    difficulties: tuple[str, ...] = ()  # a child's own findings
    must: bool = False
    mark: str = ""  # new | changed since the reader last looked


@dataclass(frozen=True)
class Couple:
    """Two of the family, by their places in it, and how they stand to each other by a source.

    `tie`: married | partners (not married) | apart (married, in two homes) | divorced | unknown.
    """

    left: int
    right: int
    tie: str
    source_label: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Together:
    """A time in which somebody lived with the child, by the register; an unknown day is None. `came_by`, `parted_by`:
    whose move began and ended it, in words of the register (転入, 出生 …); `goes_on`: they still live together."""

    kind: str  # what they were to the child then, as in Relative
    name: str
    age: int | None
    sex_code: str
    since: date | None
    until: date | None
    goes_on: bool
    came: str  # mate | child | both
    came_by: str
    parted: str
    parted_by: str


@dataclass(frozen=True)
class Happening:
    """One entry of the timeline. `text`: the record kind; `says`: what happened, in words of the source's codes."""

    day: date
    source: str
    source_label: str
    text: str
    as_of: date | None
    table: str = ""
    says: str = ""
    is_end: bool = False
    mark: str = ""  # new | changed since the reader last looked


@dataclass(frozen=True)
class Change:
    """How many rows of one record kind differ from when the reader last looked. `source`: also person (the header's
    facts) and family, which have no `table` and no labels."""

    source: str
    table: str
    source_label: str
    table_label: str
    new: int
    changed: int
    gone: int


@dataclass(frozen=True)
class Since:
    """What differs from the day on which the reader last opened this karte."""

    day: date
    changes: tuple[Change, ...]

    @property
    def count(self) -> int:
        """Rows that are new, changed or gone."""
        return sum(one.new + one.changed + one.gone for one in self.changes)


@dataclass(frozen=True)
class Karte:
    header: Header
    flags: tuple[Flag, ...]
    known: tuple[KnownCell, ...]
    findings: tuple[FindingView, ...]
    sections: tuple[Section, ...]
    family: tuple[Relative, ...]
    household: tuple[Together, ...]
    timeline: tuple[Happening, ...]
    viewers: int  # how many people opened this karte so far, this reader included
    purpose: str
    purpose_label: str
    snapshot: str
    as_of: date
    couples: tuple[Couple, ...] = ()
    expected: tuple[date, ...] = ()  # the days on which the mother expects children
    since: Since | None = None  # None where the reader never opened it before
    gone: tuple[FindingChange, ...] = ()  # what the run before listed it for, and the last one did not


@dataclass(frozen=True)
class Headline:
    """One child in a list."""

    case_no: str
    name: str
    kana: str
    birth_date: date | None
    age: int | None
    sex: str
    ward: str
    ward_label: str
    school: str
    grade: int | None
    protected: bool
    known: str  # council | guidance | both | empty
    difficulties: tuple[str, ...]
    reasons: tuple[Reason, ...]  # met first, must-look first
    unknowns: int


@dataclass(frozen=True)
class Hit:
    """One child that a search found."""

    case_no: str
    name: str
    kana: str
    alias: str
    birth_date: date | None
    age: int | None
    sex: str
    ward_label: str
    school: str
    grade: int | None
    protected: bool
    matched: tuple[str, ...] = ()  # what fitted the search: see `karte.words.matched`
    near: bool = False  # nobody fits as typed, this child nearly


@dataclass(frozen=True)
class Viewing:
    """One reading of a karte."""

    at: datetime
    who: str
    role: str
    ward: str
    purpose: str
