"""The whole zone, scanned for whatever could name somebody of the cast; who may make it; what the trail tells of it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from tests.cast import DAY, RESIDENTS

from mimamori import config, engine, modelling
from mimamori.access import Denied
from mimamori.access.models import Account
from mimamori.audit.models import Event
from mimamori.config import Config
from mimamori.engine import read_parquet
from mimamori.karte.store import Snapshot
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.screening import ConditionSet, first_sets
from mimamori.sources import load_registry

pytestmark = pytest.mark.django_db
SETS: dict[str, ConditionSet] = {one.difficulty: one for one in first_sets()}
SHORT = 5  # characters below which a name would be met by chance among hex digits; such values are held whole


@pytest.fixture
def home(cast_home: Config) -> Iterator[Config]:
    settings = config.load()
    yield settings
    for project in ("abuse-try", "poverty-try", "again"):
        if (settings.zone / project).exists():
            modelling.remove(settings, project, by=None)


def gathered(home: Config, *projects: str, **asked: Any) -> None:
    sets = {project: SETS["poverty" if project.startswith("poverty") else "abuse"] for project in projects}
    modelling.gather(home, sets, by=None, days=[DAY], **asked)


def canaries(snapshot: Snapshot) -> set[str]:
    """Every text of the night that stands for somebody: persons, keys, and the identity items of every source."""
    con = snapshot.cursor()
    found: set[str] = set()
    parts = [("persons", {"sex", "ward", "status", "relation", "resident_type", "grade", "birth_date_status",
                          "protection", "class_name"})]  # fmt: skip
    parts.append(("links", {"how"}))
    for layout, table in load_registry().tables():
        kept = {column for item in table.items if not item.identity for column in item.columns()}
        parts.append((f"row_{layout.name}__{table.name}", kept | {"_as_of", "op", "updated_at", "_row"}))
    for table_name, plain in parts:
        if table_name not in snapshot.tables:
            continue
        told = engine.table_of(con, f"SELECT * FROM {engine.identifier(table_name)}")
        for name, column in zip(told.column_names, told.columns, strict=True):
            if name not in plain and pa.types.is_string(column.type):
                found |= {text for text in column.to_pylist() if text}
    found |= {text.split(":", 1)[1] for text in found if re.match(r"[a-z_]+:.", text)}
    births = [row[0] for row in con.execute("SELECT birth_date FROM persons WHERE birth_date IS NOT NULL").fetchall()]
    found |= {birth.strftime(way) for birth in births for way in ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d")}
    words = {word for text in found for word in re.split(r"[ \u3000]", text)}
    return {text for text in found | words if len(text) > 1}


def cells(home: Config, project: str) -> Iterator[tuple[str, Any]]:
    """Every value of every file of the project, and the text of its manifest."""
    key = KeyRing(home.keys).zone_key(project)
    for path in sorted((home.zone / project).iterdir()):
        if path.suffix == ".parquet":
            table = read_parquet(path, key)
            for name, column in zip(table.column_names, table.columns, strict=True):
                yield from ((name, value) for value in column.to_pylist() if value is not None)
        else:
            yield path.name, path.read_text(encoding="utf-8")


def test_the_zone_holds_nothing_that_names_anybody(home: Config, snapshot: Snapshot) -> None:
    gathered(home, "abuse-try", "poverty-try")
    told = canaries(snapshot)
    planted = {RESIDENTS[0].name, RESIDENTS[0].name.split()[0], RESIDENTS[0].kana}
    assert planted <= told and len(told) > 200
    births = {row[0] for row in snapshot.cursor().execute("SELECT birth_date FROM persons").fetchall()}
    for project in ("abuse-try", "poverty-try"):
        files = {path.name for path in (home.zone / project).iterdir()}
        assert files == {"manifest.json", f"{DAY}.parquet"}
        for name, value in cells(home, project):
            if isinstance(value, date):
                assert (name, value) == ("day", DAY) and value not in births
            elif isinstance(value, str):
                assert value not in told, (name, value)
                # the words of labels are everybody's: 中央 is a ward, and may be a name
                assert name == "manifest.json" or not [one for one in told if len(one) >= SHORT and one in value]
            elif isinstance(value, float):
                assert not (float(10**6) <= abs(value)), (name, value)  # as long as a number of an office


def test_the_manifest_holds_no_number_and_no_name_of_a_person(home: Config, snapshot: Snapshot) -> None:
    gathered(home, "abuse-try")
    text = (home.zone / "abuse-try" / "manifest.json").read_text(encoding="utf-8")
    con = snapshot.cursor()
    for column in ("case_no", "name", "kana", "address", "birth_date", "household_no"):
        for (value,) in con.execute(f"SELECT DISTINCT CAST({column} AS VARCHAR) FROM persons").fetchall():
            assert value is None or value not in text or value == snapshot.name.split(".")[0]
    assert KeyRing(home.keys).pseudonym_key("abuse-try:1").hex() not in text
    assert KeyRing(home.keys).zone_key("abuse-try").hex() not in text


def test_hashing_every_addressee_number_matches_nothing(home: Config, snapshot: Snapshot) -> None:
    """Trial 25: whoever has the zone and a list of all numbers, and not the key, finds nobody."""
    gathered(home, "abuse-try")
    refs = [row[0] for row in snapshot.cursor().execute("SELECT ref FROM links").fetchall()]
    numbers = sorted({int(ref.split(":")[-1]) for ref in refs if ref.startswith("addressee_no:")})
    span = range(max(0, numbers[0] - 1000), min(numbers[-1] + 1000, numbers[0] + 60_000))
    assert set(span) & set(numbers)
    cases = [row[0] for row in snapshot.cursor().execute("SELECT case_no FROM persons").fetchall()]
    texts = [*(str(number) for number in span), *(f"addressee_no:{number}" for number in span), *refs, *cases]
    tokens = {value for name, value in cells(home, "abuse-try") if name in {"token", "household"}}
    assert tokens and all(re.fullmatch(r"[0-9a-f]{32}", token) for token in tokens)
    for text in texts:
        data = text.encode()
        tried = {hashlib.sha256(data).hexdigest()[:32], hashlib.md5(data).hexdigest()}
        tried |= {hmac.digest(key, b"child:" + data, "sha256")[:16].hex() for key in (b"", b"abuse-try", b"mimamori")}
        assert not tried & tokens


def test_the_same_child_differs_between_projects_and_under_the_next_key(home: Config) -> None:
    def tokens(project: str) -> set[str]:
        return set(modelling.panel(home, project, by=None).table["token"].to_pylist())

    gathered(home, "abuse-try", "again")
    first, other = tokens("abuse-try"), tokens("again")
    assert first and len(first) == len(other) and not first & other
    gathered(home, "abuse-try")
    assert tokens("abuse-try") == first  # the same key again
    gathered(home, "abuse-try", rotate=True)
    assert not tokens("abuse-try") & first


def test_scores_come_home_inside_the_system_and_the_trail_tells_it(home: Config, cast: dict[str, str]) -> None:
    gathered(home, "abuse-try")
    tokens = modelling.panel(home, "abuse-try", by=None).table["token"].to_pylist()
    home_again = modelling.bring_home(home, "abuse-try", [*tokens, "f" * 32])
    assert set(home_again) == set(tokens)
    assert len(set(home_again.values())) == len(tokens)
    assert set(home_again.values()) <= set(cast.values())
    event = Event.objects.get(action="zone.relink")
    assert event.details == {
        "project": "abuse-try", "key_version": 1, "asked": len(tokens) + 1, "found": len(tokens),
    }  # fmt: skip
    assert not [one for one in (*tokens, *cast.values()) if one in event.detail]


def test_only_who_may_use_the_zone_makes_and_reads_it(home: Config, workers: dict[str, Account]) -> None:
    sets = {"abuse-try": SETS["abuse"]}
    for name, account in workers.items():
        if name == "analyst":
            continue
        for act in (
            lambda by: modelling.gather(home, sets, by=by, days=[DAY]),
            lambda by: modelling.panel(home, "abuse-try", by=by),
            lambda by: modelling.remove(home, "abuse-try", by=by),
        ):
            with pytest.raises(Denied):
                act(account)
    [made] = modelling.gather(home, sets, by=workers["analyst"], days=[DAY])
    panel = modelling.panel(home, "abuse-try", by=workers["analyst"])
    assert panel.table.num_rows == made.days[0].rows > 0
    modelling.remove(home, "abuse-try", by=workers["analyst"])
    told = Event.objects.filter(action__startswith="zone.").values_list("action", "actor")
    assert list(told) == [(f"zone.{what}", workers["analyst"].username) for what in ("make", "read", "remove")]


def test_the_day_in_service_has_no_event_and_is_judged_as_the_night_judged_it(home: Config, snapshot: Snapshot) -> None:
    gathered(home, "abuse-try", "poverty-try")
    judged = 0
    for project, difficulty in (("abuse-try", "abuse"), ("poverty-try", "poverty")):
        table = modelling.panel(home, project, by=None).table
        assert table["event"].null_count == table.num_rows > 0
        case_of = modelling.bring_home(home, project, table["token"].to_pylist())
        found = {(case_of[row["token"]], row["must"], row["points"]) for row in table.to_pylist() if row["listed"]}
        night = [row for row in snapshot.all_findings() if row["difficulty"] == difficulty]
        assert found == {(row["case_no"], row["must"], row["points"]) for row in night}
        judged += len(found)
    assert judged


def test_a_difficulty_without_a_record_by_child_is_refused(home: Config) -> None:
    with pytest.raises(Refused, match="nothing to learn from"):
        modelling.gather(home, {"carer-try": SETS["carer"]}, by=None, days=[DAY])


def test_a_day_of_which_nothing_is_kept_is_refused_and_leaves_nothing(home: Config) -> None:
    with pytest.raises(Refused, match="No state of"):
        modelling.gather(home, {"abuse-try": SETS["abuse"]}, by=None, days=[DAY - timedelta(days=92)])
    assert not (home.zone / "abuse-try").exists()
