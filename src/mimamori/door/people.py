"""A person's row of `persons` in the shapes that pages read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mimamori.door.masking import code_in_words
from mimamori.door.shapes import Header, Protection
from mimamori.door.snapshots import registry
from mimamori.karte.store import Snapshot

REGISTER = "resident_register"
UNPROTECTED = {None, "", "0"}


def is_protected(person: Mapping[str, Any]) -> bool:
    """Every code but 0 counts: provisional, and past its last day as well."""
    return person["protection"] not in UNPROTECTED


def ward_label(ward: str | None, language: str) -> str:
    label = registry().municipality.ward_label(ward)
    return label.text(language) if label else ""


def sex_label(code: str | None, language: str) -> str:
    return code_in_words(registry().get(REGISTER), "sex", code, language)


def protection_of(person: Mapping[str, Any], language: str) -> Protection | None:
    if not is_protected(person):
        return None
    return Protection(
        label=code_in_words(registry().get(REGISTER), "protection", person["protection"], language),
        since=person["protection_from"],
        until=person["protection_to"],
        provisional=person["protection"] == "2",
    )


def register_is_fresh(snapshot: Snapshot) -> bool:
    """Whether the snapshot rests on a register extract young enough to trust what it says of protection."""
    return any(row["source"] == REGISTER and row["state"] == "fresh" for row in snapshot.source_status())


def header_of(snapshot: Snapshot, person: Mapping[str, Any], language: str) -> Header:
    """The head of a karte. The address is withheld where anybody protected lives there or may, and from everybody
    while the register is stale."""
    register = registry().get(REGISTER)
    guarded = is_protected(person) or snapshot.at_a_protected_address(person)
    withheld = guarded or not register_is_fresh(snapshot)
    address = " ".join(part for part in (person["address"], person["building"]) if part)
    return Header(
        case_no=person["case_no"],
        name=person["name"] or "",
        kana=person["kana"] or "",
        alias=person["alias"] or "",
        former_name=person["former_name"] or "",
        roman=person["roman"] or "",
        birth_date=person["birth_date"],
        birth_date_status=person["birth_date_status"] or "unknown",
        age=person["age"],
        sex=sex_label(person["sex"], language),
        sex_code=person["sex"] or "",
        ward=person["ward"] or "",
        ward_label=ward_label(person["ward"], language),
        school=school_of(person),
        grade=person["grade"],
        class_name=person["class_name"] or "",
        city_pupil=bool(person["city_pupil"]),
        address="" if withheld else address,
        address_withheld=withheld,
        in_register=bool(person["in_register"]),
        resident_type=code_in_words(register, "resident_type", person["resident_type"], language),
        protection=protection_of(person, language),
        guarded=guarded,
    )


def school_of(person: Mapping[str, Any]) -> str:
    """The school's name where the snapshot knows it, else its code."""
    return str(person.get("school_name") or person["school_code"] or "")
