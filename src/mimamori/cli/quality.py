"""`mimamori quality`: how well records were linked, against a synthetic city's truth or by what the night tells of
itself; samples for people to judge; training of the weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mimamori.cli.entry import config, put_json, say, setup_django, tell
from mimamori.cli.options import JSON, check_new
from mimamori.cli.people import account_named, denials_told, open_store
from mimamori.refusal import Refused

if TYPE_CHECKING:
    from mimamori.karte.store import Snapshot
    from mimamori.review.samples import SampleFound


@click.command()
@click.option("--truth", type=click.Path(path_type=Path), help="合成都市の truth フォルダー / a synthetic city's truth")
@click.option(
    "--train", "out", type=click.Path(path_type=Path), help="重みを学習して書き出すファイル / write trained weights"
)
@click.option(
    "--sample", "size", type=int, metavar="N", help="自動の組から N 件を無作為に選び、人が確かめる / draw links"
)
@click.option("--by", "by", metavar="ACCOUNT", help="標本を選ぶ職員の利用者名 / who draws the sample")
@click.option("--seed", type=int, help="標本の乱数の種(同じ種なら同じ標本)/ the seed of the sample")
@JSON
def command(  # noqa: PLR0917 - click gives options by name
    truth: Path | None, out: Path | None, size: int | None, by: str | None, seed: int | None, as_json: bool
) -> int:
    """名寄せの質。正解がなければ、誤りの見積もり・標本・番号と氏名の一致 / linkage quality, with or without a truth."""
    if out is not None:
        _train(truth, out)
    elif size is not None:
        _sample(size, by, seed, as_json=as_json)
    elif truth is not None:
        _against(truth, as_json=as_json)
    else:
        _report(as_json=as_json)
    return 0


def _against(truth: Path, *, as_json: bool) -> None:
    """The snapshot in service against `truth`."""
    from mimamori import engine
    from mimamori.linkage import quality

    con = _snapshot().cursor()
    links, pairs = (engine.table_of(con, sql) for sql in ("SELECT * FROM links", "SELECT * FROM pairs"))
    found = quality.measure(links, pairs, truth)
    if as_json:
        put_json(found)
        return
    for part, figures in [("linkage", found["linkage"]), *found["by_source"].items()]:
        tell(part)
        for name, value in figures.items():
            tell(f"  {name:<18}{value}")


def _report(*, as_json: bool) -> None:
    """What the snapshot in service tells of itself, and what people said of the newest sample."""
    from dataclasses import asdict

    from mimamori.cli.quality_lines import lines
    from mimamori.linkage import quality_report

    snapshot = _snapshot()
    found, sample = quality_report.report(snapshot.cursor()), _newest_sample()
    if as_json:
        told = {"snapshot": snapshot.name, "as_of": snapshot.as_of.isoformat()}
        put_json({**told, **quality_report.as_document(found), "sample": asdict(sample) if sample else None})
        return
    for line in lines(found, sample, as_of=snapshot.as_of, english=config().language == "en"):
        tell(line)


def _sample(size: int, by: str | None, seed: int | None, *, as_json: bool) -> None:
    """Draw a sample as the account named."""
    open_store()
    from mimamori.review import samples

    if by is None:
        raise Refused("標本を選ぶ人を --by に利用者名で示してください。", "Name who draws the sample: --by ACCOUNT.")
    account = account_named(by)
    with denials_told(account, "quality"):
        sample = samples.draw(size, by=account, seed=seed)
    drawn = sample.links.count()
    if as_json:
        put_json({"seed": sample.seed, "as_of": sample.as_of.isoformat(), "drawn": drawn, "strata": sample.strata})
        return
    say(
        f"{drawn} 件を選びました(種 {sample.seed})。「名寄せの確認」の一覧の終わりに並びます。",
        f"Drew {drawn} links (seed {sample.seed}): they stand at the end of the queue of linkage review.",
    )


def _snapshot() -> Snapshot:
    from mimamori.karte import store
    from mimamori.privacy.keys import KeyRing

    settings = config()
    return store.current(settings, KeyRing(settings.keys))


def _newest_sample() -> SampleFound | None:
    """None where none was drawn, or where people's store is not made yet."""
    setup_django()
    from mimamori.review import samples

    try:
        open_store()
    except Refused:
        return None
    return samples.newest_found()


def _train(truth: Path | None, out: Path) -> None:
    """Train on the newest deliveries of this home, which must be the city's whose truth is given."""
    from mimamori import engine, intake
    from mimamori.linkage import train
    from mimamori.privacy.keys import KeyRing
    from mimamori.sources import load_registry

    if truth is None or not (truth / "records.parquet").is_file():
        raise Refused(
            "学習には --truth に合成都市の正解が必要です。",
            "Training needs the truth of a synthetic city: --truth DIR.",
        )
    check_new(out)
    settings, registry = config(), load_registry()
    delivered = intake.deliveries(settings)
    if not delivered:
        raise Refused("受領した提供データがありません。", "Nothing has been received.")
    day = max(delivery.as_of for delivery in delivered)
    con = engine.connect(threads=settings.threads, memory_gib=settings.memory_gib)
    intake.load_state(con, config=settings, keyring=KeyRing(settings.keys), registry=registry, as_of=day)
    weights = train.train(con, registry, truth=truth, as_of=day)
    out.write_text(json.dumps(train.as_document(weights), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    say(f"{out.name} を書きました。{weights.made_from}", f"Wrote {out.name}: {weights.made_from}")
