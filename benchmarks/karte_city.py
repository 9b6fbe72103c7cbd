"""A city in service for `benchmarks.karte`: its night published, its findings taken in, twenty people signed in.

    python -m benchmarks.karte_city residents home

A process of its own, so that the memory of the night is given back before anybody is served. Leaves `home/people.json`:
of each person the session and a few children in scope, as the files have them.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

WARDS = ("40131", "40132", "40133", "40134", "40135", "40136", "40137")
PEOPLE = [("ward_worker", ward) for ward in WARDS * 2] + [("coordinator", "")] * 3 + [("centre_worker", "")] * 3
CHILDREN = 40  # of whom each person opens and searches
A_MONTH = 60  # new findings that a ward can work
NAMED = (
    "SELECT p.case_no, p.name, p.kana, p.birth_date, p.address, p.school_name, p.grade, p.class_name, p.roman"
    " FROM persons p WHERE p.is_child AND p.name IS NOT NULL AND p.birth_date IS NOT NULL"
    " AND ($ward = '' OR p.ward = $ward) AND ($found IS FALSE OR p.case_no IN (SELECT case_no FROM findings))"
    " ORDER BY hash(p.case_no) LIMIT $most"
)


def main(residents: int, home: Path) -> None:
    os.environ["MIMAMORI_HOME"] = str(home)
    from mimamori.cli.entry import setup_django  # noqa: PLC0415 - reads the home

    setup_django()
    from mimamori.web.database import prepare  # noqa: PLC0415

    prepare()
    publish(residents, home)
    people = sign_in()
    (home / "people.json").write_text(json.dumps(people, ensure_ascii=False, default=str), encoding="utf-8")


def publish(residents: int, home: Path) -> None:
    """A city of so many residents, received and put in service."""
    from mimamori import config, intake, pipeline  # noqa: PLC0415
    from mimamori.city import build  # noqa: PLC0415
    from mimamori.linkage import DECISIONS, LEDGER  # noqa: PLC0415
    from mimamori.privacy.keys import KeyRing  # noqa: PLC0415
    from mimamori.screening import first_sets  # noqa: PLC0415
    from mimamori.sources import load_registry  # noqa: PLC0415

    settings, registry = config.load(), load_registry()
    keyring = KeyRing(settings.keys)
    build(residents=residents, seed=1, deliveries=1, noise=1.0, out=home / "city", registry=registry)
    intake.receive([home / "city" / "extracts"], config=settings, keyring=keyring, registry=registry)
    pipeline.night(
        config=settings,
        keyring=keyring,
        registry=registry,
        as_of=None,
        ledger=LEDGER.empty_table(),
        decisions=DECISIONS.empty_table(),
        condition_sets=first_sets(),
        keep_ledger=lambda rows: None,
    )


def sign_in() -> list[dict[str, Any]]:
    """The worklist of that night, and twenty accounts with a session each; half of their children are extracted."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from mimamori import door, support  # noqa: PLC0415
    from mimamori.access.models import Account  # noqa: PLC0415
    from mimamori.engine import rows_of  # noqa: PLC0415

    snapshot = door.snapshots.current()
    support.take_findings(snapshot.all_findings(), as_of=snapshot.as_of, rooms=dict.fromkeys(WARDS, A_MONTH))
    chance = random.Random(1)  # noqa: S311 - repeatable
    people = []
    for place, (role, ward) in enumerate(PEOPLE):
        account = Account(username=f"person-{place}", role=role, ward=ward, display_name=f"職員 {place}")
        account.set_unusable_password()
        account.save()
        asked = {"ward": ward, "most": 20 * CHILDREN}
        found = rows_of(snapshot.cursor(), NAMED, {**asked, "found": True})
        others = rows_of(snapshot.cursor(), NAMED, {**asked, "found": False})
        children = [*chance.sample(found, min(CHILDREN // 2, len(found))), *chance.sample(others, CHILDREN // 2)]
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session["purposes"] = {child["case_no"]: "consultation" for child in children}
        session.create()
        people.append({"session": session.session_key, "role": role, "ward": ward, "children": children})
    return people


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
