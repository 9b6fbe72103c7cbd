"""The words a layout is written in: labels and items (columns), each checked when it is read."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Days = Annotated[int, Field(ge=1)]
PersonRole = Literal[
    "subject", "child", "mother", "father", "guardian", "recipient", "borrower", "parent", "applicant",
    "carer",  # who cares for the subject, and may be a child
]  # fmt: skip
Sensitivity = Annotated[int, Field(ge=1, le=4)]

# Numbers this system never holds (番号法; 住民記録標準仕様書): no column may be declared for them.
NEVER_HELD = ("個人番号", "マイナンバー", "住民票コード", "在留カード番号", "成年被後見人")
# Names the state tables and the karte use for themselves.
RESERVED = ("case_no", "op", "updated_at")


class Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(Declared):
    """A name on the screen, in both languages."""

    ja: Words
    en: Words

    def text(self, language: str) -> str:
        return self.en if language.startswith("en") else self.ja


class Item(Declared):
    """One column of a table.

    `type`: text, number (DOUBLE), integer (BIGINT), date, month (first day of it), code, flag (1/0, 有/無, true/false).
    `codes` names a table in the layout's `codes`. `uncertain` dates keep `<field>_raw` and `<field>_status` beside
    `<field>`.
    `identity` marks name, kana, address and the like: never shown outside the header, never in the analysis zone.
    """

    field: Name
    label: Label
    type: Literal["text", "number", "integer", "date", "month", "code", "flag"] = "text"
    codes: Name | None = None
    required: bool = False
    uncertain: bool = False
    identity: bool = False
    about: PersonRole | Literal["other"] | None = (
        None  # whom it speaks of; None: the row's subject; other: no key of theirs
    )
    sensitivity: Sensitivity | None = None  # None: the layout's
    purpose: Words | None = None  # None: the layout's
    legal_basis: Words | None = None  # None: the layout's
    seen_by: tuple[Name, ...] | None = None  # roles; None: every role that may open the karte at this sensitivity
    on_karte: bool = True
    loaded: bool = True  # an item switched off is not loaded
    aliases: tuple[str, ...] = ()  # other headings this column is known to arrive under
    width: Annotated[int, Field(ge=1)] | None = None  # bytes, in fixed-width files
    unit: Label | None = None

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if (self.type == "code") != (self.codes is not None):
            raise ValueError(f"{self.field}: code items, and only they, name a code table")
        if self.uncertain and self.type != "date":
            raise ValueError(f"{self.field}: only a date can be uncertain")
        if self.field in RESERVED or self.field.endswith("_case_no"):
            raise ValueError(f"{self.field}: the name is kept for the system itself")
        if any(word in heading for word in NEVER_HELD for heading in self.headings()):
            raise ValueError(f"{self.field}: this system never holds {self.label.ja}")
        return self

    def headings(self) -> tuple[str, ...]:
        """The headings the column may arrive under, the layout's own first."""
        return (self.label.ja, *self.aliases)

    def columns(self) -> tuple[str, ...]:
        """The columns the item makes in its state table."""
        return (self.field, f"{self.field}_raw", f"{self.field}_status") if self.uncertain else (self.field,)
