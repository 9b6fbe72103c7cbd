"""`mimamori demo`: the whole path on a synthetic city, from files to a worker's screen."""

from __future__ import annotations

import json
import secrets
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import click

from mimamori.cli.entry import config, put_json, say, setup_django, tell
from mimamori.cli.options import JSON
from mimamori.config import Config
from mimamori.refusal import Refused

DELIVERIES = 6  # monthly, the figure for a demo
SEED = 20261031
WORKED_A_MONTH, DRAWN_A_NIGHT = 25, 2  # of each ward, so that some children of the demo city wait
FIRST = "製品に付いてくるはじめの条件。"
NOT_RUN = {
    "ja": "まだ行っていません。はじめの夜間処理が公開されてから行います。",
    "en": "Not run yet: it waits for the first published night.",
}
FOR_THE_DEMO = "体験用の都市(合成データ)で使うため、過去のデータによる検証の前に承認した。実在の児童には使わない。"


@dataclass(frozen=True)
class DemoAccount:
    """One invented person who may sign in to the demo."""

    username: str
    role: str
    ward: str | None
    name: str


# One account a role; two for the ward that the tour walks through, and two who decide pairs. The names are invented.
CAST = (
    DemoAccount("minami-worker", "ward_worker", "40134", "田島 さゆり"),
    DemoAccount("minami-supervisor", "ward_supervisor", "40134", "大久保 亮"),
    DemoAccount("higashi-worker", "ward_worker", "40131", "中原 美咲"),
    DemoAccount("centre-worker", "centre_worker", None, "井手 健"),
    DemoAccount("centre-supervisor", "centre_supervisor", None, "松尾 恵"),
    DemoAccount("coordinator", "coordinator", None, "古賀 直子"),
    DemoAccount("coordinator-2", "coordinator", None, "橋本 由紀"),
    DemoAccount("manager", "manager", None, "原田 修"),
    DemoAccount("data-officer", "data_officer", None, "江口 真"),
    DemoAccount("analyst", "analyst", None, "三宅 遥"),
    DemoAccount("auditor", "auditor", None, "福永 茂"),
    DemoAccount("administrator", "administrator", None, "野田 環"),
)


@click.command()
@click.option("--residents", type=int, default=20_000, show_default=True, help="合成する都市の人口 / residents")
@click.option("--seed", type=int, default=SEED, show_default=True, help="乱数の種 / seed")
@click.option("--port", type=int, default=None, help="待ち受けるポート / port (8000)")
@click.option("--no-serve", is_flag=True, help="画面を開かずに終える / stop before serving")
@JSON
def command(residents: int, seed: int, port: int | None, no_serve: bool, as_json: bool) -> int:
    """合成した都市で、ファイルから画面までを通して動かします / the whole path on a synthetic city."""
    settings = config()
    start = time.monotonic()
    port = port or settings.port
    url = f"http://{settings.bind}:{port}"
    _check_home(settings, residents, seed)
    _step("合成都市 / synthetic city", lambda: _city(settings, residents, seed))
    _step("データベース / database", _prepare_database)
    _step("受領 / receive", lambda: _receive(settings))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as aside:
        earlier = aside.submit(look_back, settings)  # beside what takes one processor alone
        accounts = _step("アカウント / accounts", _accounts)
        _step("抽出条件 / conditions", _conditions)
        _step("受け持てる数 / capacity", _capacity)
        _step("過去の日の状態 / an earlier day", earlier.result)  # one at a time with the night
    _step("夜間処理 / night", lambda: _night(settings))
    _step("過去のデータによる検証 / back-test", lambda: _backtest(settings))
    seconds = round(time.monotonic() - start, 1)
    say(f"準備ができました({seconds} 秒)。", f"Ready ({seconds} s).")
    for account in accounts:
        tell(f"  {account['username']:<20}{account['password']:<20}{account['role']:<20}{account['name']}")
    if as_json:
        put_json({"seconds": seconds, "url": url, "accounts": accounts})
    if no_serve:
        return 0
    say(f"\n{url} をブラウザーで開いてください。Ctrl-C で終わります。", f"\nOpen {url} in a browser; Ctrl-C ends it.")
    from mimamori.web.serving import serve

    serve(settings, port=port)
    return 0


Result = TypeVar("Result")


def _step(name: str, work: Callable[[], Result]) -> Result:
    """Run one step and tell its name and seconds."""
    start = time.monotonic()
    tell(f"▶ {name}")
    result = work()
    tell(f"  {time.monotonic() - start:.1f} s")
    return result


def _check_home(settings: Config, residents: int, seed: int) -> None:
    """A home holds one demo city; another size or seed needs another home, else two cities would be mixed."""
    made = _made(settings)
    if made.exists():
        if json.loads(made.read_text(encoding="utf-8")) != {"residents": residents, "seed": seed}:
            raise Refused(
                "ここには別の人口・種の合成都市があります。MIMAMORI_HOME で別のフォルダーを指定してください。",
                "This home holds a demo city of another size or seed; name another folder by MIMAMORI_HOME.",
            )
        return
    if settings.deliveries.exists():
        raise Refused(
            "ここには受領したデータがあり、合成都市と混ぜられません。MIMAMORI_HOME で別のフォルダーを指定します。",
            "This home holds deliveries; a synthetic city cannot be mixed in. Name another folder by MIMAMORI_HOME.",
        )


def _made(settings: Config) -> Path:
    """The file that says which demo city this home holds; written once the city is whole."""
    return settings.home / "demo" / "demo.json"


def _prepare_database() -> None:
    setup_django()
    from mimamori.web.database import prepare

    prepare()


def _city(settings: Config, residents: int, seed: int) -> None:
    from mimamori.city import build
    from mimamori.sources import load_registry

    out = settings.home / "demo" / "city"
    if _made(settings).exists():
        say("  前に作った都市を使います", "  reusing the city made before")
        return
    build(residents=residents, seed=seed, deliveries=DELIVERIES, noise=1.0, out=out, registry=load_registry())
    _made(settings).write_text(json.dumps({"residents": residents, "seed": seed}), encoding="utf-8")


def _receive(settings: Config) -> None:
    from mimamori.intake import receive
    from mimamori.privacy.keys import KeyRing
    from mimamori.sources import load_registry

    for day in sorted((settings.home / "demo" / "city" / "extracts").iterdir()):
        receipts = receive([day], config=settings, keyring=KeyRing(settings.keys), registry=load_registry())
        states = Counter(receipt.state for receipt in receipts)
        for receipt in receipts:
            if receipt.state == "refused":
                raise Refused(
                    f"{receipt.source} の提供が受領されませんでした。", f"The delivery of {receipt.source} was refused."
                )
        counts = {
            name: sum(getattr(receipt, name) for receipt in receipts)
            for name in ("stored", "quarantined", "out_of_scope")
        }
        tell(f"  {day.name}  {dict(states)}  {'  '.join(f'{name} {count:,}' for name, count in counts.items())}")


def _accounts() -> list[dict[str, Any]]:
    """Make the cast's accounts; each start gives them new passwords, so none needs to be kept on disk."""
    from mimamori.access.models import Account

    made = []
    for person in CAST:
        password = secrets.token_urlsafe(9)
        account, _ = Account.objects.update_or_create(
            username=person.username,
            defaults={"role": person.role, "ward": person.ward or "", "display_name": person.name, "is_active": True},
        )
        account.set_password(password)
        account.save()
        made.append({"username": person.username, "password": password, "role": person.role, "name": person.name})
    return made


def _conditions() -> None:
    """The first condition sets, written by the coordinator and approved by the manager."""
    from mimamori import governance
    from mimamori.access.models import Account
    from mimamori.screening import first_sets

    if governance.approved_sets():
        return
    coordinator, manager = (Account.objects.get(username=name) for name in ("coordinator", "manager"))
    for first in first_sets():
        version = governance.send_to_test(governance.propose(first, by=coordinator, note=FIRST), by=coordinator)
        governance.try_personas(version, by=coordinator)
        governance.record_proof(version, kind="backtest", passed=None, summary={"told": NOT_RUN}, by=None)
        governance.ask_approval(version, by=coordinator)
        governance.approve(version, by=manager, reason=FOR_THE_DEMO)


def look_back(settings: Config) -> None:
    """Make the day of the first deliveries again, for the back-test; runs in a process of its own."""
    setup_django()
    from mimamori import backtesting
    from mimamori.intake import deliveries
    from mimamori.karte import store

    day = min(delivery.as_of for delivery in deliveries(settings) if delivery.source == "resident_register")
    if all(kept != day for _, kept in store.kept(settings)):
        backtesting.make_again(settings, day)


def _backtest(settings: Config) -> None:
    """The versions in force before the day of the first deliveries. It comes after their approval, for it is held
    against the first published night; the reason of the approval says so."""
    from mimamori import backtesting, governance
    from mimamori.access.models import Account

    versions = governance.in_force()
    if all(governance.proofs_of(version)["backtest"].snapshot for version in versions):
        say("  済んでいます", "  done before")
        return
    coordinator = Account.objects.get(username="coordinator")
    for one in backtesting.try_backtest(settings, versions, by=coordinator, make=True):
        sentence = one.sentence()
        say(f"  {one.difficulty:<12}{sentence.ja}", f"  {one.difficulty:<12}{sentence.en}")


def _capacity() -> None:
    """Each ward works so many new children a month, and looks at a few who were not extracted."""
    from django.utils import timezone

    from mimamori.access.models import Account
    from mimamori.governance import capacity
    from mimamori.sources import load_registry

    today = timezone.localdate()
    if capacity.capacities(today):
        return
    coordinator = Account.objects.get(username="coordinator")
    for ward in load_registry().municipality.wards:
        capacity.set_capacity(ward.code, today, by=coordinator, findings=WORKED_A_MONTH, sample=DRAWN_A_NIGHT)


def _night(settings: Config) -> None:
    from mimamori import night
    from mimamori.intake import deliveries
    from mimamori.karte import store

    newest = max(delivery.as_of for delivery in deliveries(settings) if delivery.source == "resident_register")
    if store.published_day(settings) == newest:
        say("  公開済みのスナップショットを使います", "  reusing the published snapshot")
        return
    result = night.run(settings, as_of=newest, phase=lambda text: tell(f"  {text}"))
    for difficulty, count in result.findings.items():
        tell(f"  {difficulty:<12}{count:,}")
