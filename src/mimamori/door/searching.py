"""Search for a child by whatever `karte.search` reads; the term's keyed hash and every hit are logged."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mimamori import audit
from mimamori.access import Permission, check_may
from mimamori.access.models import Account
from mimamori.access.rights import ward_limit
from mimamori.audit.models import Event
from mimamori.door.people import is_protected, school_of, sex_label, ward_label
from mimamori.door.scope import in_scope
from mimamori.door.shapes import Hit
from mimamori.door.snapshots import current
from mimamori.karte.query import parse
from mimamori.karte.words import matched
from mimamori.refusal import Refused

MANY = 30  # searches within an hour; a ward worker with forty families makes a few a day
SHORTEST = 2  # a term of one character would list half the city


def search(account: Account, text: str, *, language: str = "ja", limit: int = 50) -> list[Hit]:
    """Children in the account's scope that the term finds; none found and none in scope are the same empty list.

    Raises `Refused` for a term that is too short.
    """
    check_may(account, Permission.SEARCH_CHILD)
    term = unicodedata.normalize("NFKC", text).strip()
    if len(term) < SHORTEST:
        raise Refused("2文字以上で検索してください。", "Search with at least two characters.")
    snapshot = current()
    found = [person for person in snapshot.search(term, limit, ward=ward_limit(account)) if in_scope(account, person)]
    query = parse(term)
    detail = {
        "kind": kind_of(term),
        "term": audit.term_hash(term),
        "hits": len(found),
        "cases": [person["case_no"] for person in found],
    }
    with transaction.atomic():
        audit.record("search", by=account, detail=detail)
        _notice_many(account)
    return [
        Hit(
            case_no=person["case_no"],
            name=person["name"] or "",
            kana=person["kana"] or "",
            alias=person["alias"] or "",
            birth_date=person["birth_date"],
            age=person["age"],
            sex=sex_label(person["sex"], language),
            ward_label=ward_label(person["ward"], language),
            school=school_of(person),
            grade=person["grade"],
            protected=is_protected(person),
            matched=matched(person, query),
            near=person["near"],
        )
        for person in found
    ]


def _notice_many(account: Account) -> None:
    """A line of its own in the trail with every `MANY` searches of an account within an hour, this one counted."""
    since = timezone.now() - timedelta(hours=1)
    made = Event.objects.filter(action="search", actor=account.username, at__gte=since).count()
    if made and made % MANY == 0:
        audit.record("search.many", by=account, detail={"searches": made})


def kind_of(term: str) -> str:
    """What a search term looks like: case_no | birth_date | place | kana | roman | name."""
    query = parse(term)
    if query.places or query.grade or query.class_name:
        return "place"
    if re.fullmatch(r"[Kk]?-?\d{4}-?\d{4}-?\d", term):
        return "case_no"
    if re.search(r"\d", term):
        return "birth_date"
    if re.fullmatch(r"[ぁ-ゖァ-ヺー・\s]+", term):
        return "kana"
    return "roman" if term.isascii() else "name"
