"""What all tests share: the database mark, closed sockets but for loopback, and the standing cast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from pytest_socket import socket_allow_hosts
from tests.cast import CHILDREN, DAY, RESIDENTS, WORKERS, write_cast
from xdist.scheduler import LoadGroupScheduling

if TYPE_CHECKING:
    from django.test import Client

    from mimamori.access.models import Account
    from mimamori.config import Config
    from mimamori.karte.store import Snapshot

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "client", "admin_client"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="FOLDER", help="the browser tests take pictures of the pages into FOLDER")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: touches Django's database (run again on PostgreSQL)")


class OneDemo(LoadGroupScheduling):  # type: ignore[misc]  # xdist tells no types
    """The tests before a served demo go to one process, which makes it once; all others go where there is room.

    By their folder: pytest 9.2 does not tell of the groups that pytest-xdist 3.8 writes into a test's name.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneDemo | None:
    return OneDemo(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")


@pytest.fixture(autouse=True)
def only_loopback() -> None:
    """The network is closed: nothing may be fetched at run time."""
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session", autouse=True)
def emptying_passes_the_guards() -> Iterator[None]:
    """Tests with real transactions empty the database afterwards, which the trail's triggers refuse, as they should."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from mimamori.audit.chain import GENESIS
    from mimamori.audit.guards import lifted

    plain = BaseDatabaseOperations.execute_sql_flush

    def empty(self: BaseDatabaseOperations, statements: list[str]) -> None:
        from mimamori.audit.models import Head

        with lifted(self.connection):
            plain(self, statements)
        Head.objects.get_or_create(pk=1, defaults={"number": 0, "hash": GENESIS})

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseDatabaseOperations, "execute_sql_flush", empty)
        yield


@pytest.fixture(scope="session")
def cast_home(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The home of this test process with the cast's deliveries received and one published night."""
    from mimamori import config, intake, pipeline
    from mimamori.linkage import DECISIONS, LEDGER
    from mimamori.privacy.keys import KeyRing
    from mimamori.screening import first_sets
    from mimamori.sources import load_registry

    settings = config.load()
    registry, keyring = load_registry(), KeyRing(settings.keys)
    folder = write_cast(tmp_path_factory.mktemp("cast"), registry)
    for day in sorted(folder.iterdir()):
        for receipt in intake.receive([day], config=settings, keyring=keyring, registry=registry):
            assert (receipt.state, receipt.quarantined) == ("stored", 0), (receipt.source, receipt.reasons)
    pipeline.night(
        config=settings,
        keyring=keyring,
        registry=registry,
        as_of=DAY,
        ledger=LEDGER.empty_table(),
        decisions=DECISIONS.empty_table(),
        condition_sets=first_sets(),
        keep_ledger=lambda rows: None,
    )
    return settings


@pytest.fixture(scope="session")
def snapshot(cast_home: Config) -> Snapshot:
    """The cast's published snapshot."""
    from mimamori.karte import store
    from mimamori.privacy.keys import KeyRing

    return store.current(cast_home, KeyRing(cast_home.keys))


@pytest.fixture(scope="session")
def cast(snapshot: Snapshot) -> dict[str, str]:
    """Nickname → case number, for everybody of the cast."""
    from mimamori import engine

    found = {
        (row["name"], row["birth_date"].strftime("%Y%m%d")): row["case_no"]
        for row in engine.rows_of(snapshot.cursor(), "SELECT name, birth_date, case_no FROM persons")
    }
    numbers = {resident.nickname: found[resident.name, resident.born] for resident in RESIDENTS}
    assert len(set(numbers.values())) == len(RESIDENTS)
    assert set(CHILDREN) <= set(numbers)
    return numbers


@cache
def _hashed(password: str) -> str:
    """Hashed once a process: a real hash takes a quarter of a second, which a fixture of eleven people cannot pay."""
    from django.contrib.auth.hashers import make_password

    return make_password(password)


@pytest.fixture
def workers(db: None) -> dict[str, Account]:
    """One account a role, and the outsider (a worker of a ward where none of the families lives)."""
    from mimamori.access.models import Account

    made = {}
    for name, person in WORKERS.items():
        account = Account(
            username=person.username,
            role=person.role,
            ward=person.ward,
            display_name=person.display_name,
            password=_hashed("a long pass phrase"),
        )
        account.save()
        made[name] = account
    return made


@pytest.fixture
def findings(db: None, snapshot: Snapshot) -> dict[str, Any]:
    """The cast's findings on the worklist: case number → finding."""
    from mimamori import support
    from mimamori.support.models import Finding

    support.take_findings(snapshot.all_findings(), as_of=snapshot.as_of)
    return {finding.case_no: finding for finding in Finding.objects.all()}


@pytest.fixture
def sign_in(workers: dict[str, Account]) -> Callable[..., Client]:
    """A browser of its own for one of the cast: `sign_in("worker", "en").get("/")`."""
    from django.test import Client

    def signed_in(name: str, language: str = "ja") -> Client:
        browser = Client()
        browser.force_login(workers[name])
        browser.cookies["django_language"] = language
        return browser

    return signed_in
