"""A source that the package does not know, added by files alone: a layout, an extract, an indicator."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cast import DAY, MINAMI, RESIDENTS, WOMAN, Resident
from tests.extracts import write_extract

from mimamori import engine, intake, pipeline
from mimamori.config import Config
from mimamori.karte import store
from mimamori.karte.snapshot import Snapshot
from mimamori.linkage import DECISIONS, LEDGER
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.screening import first_sets, load_indicators
from mimamori.screening.indicators.examples import outcomes
from mimamori.sources import load_registry, shipped_registry

CITY = Path(__file__).parent / "long_term_care"  # what a city would write
TOMI = Resident("grandmother", 204, "森下 トミ", "モリシタ トミ", "19500505", WOMAN, "H200", "母", MINAMI,
                "福岡市南区野間二丁目5番8号")  # fmt: skip


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A home with the city's own layout and indicator, the residents and the new source received, one night done."""
    home = tmp_path_factory.mktemp("city")
    for folder in ("layouts", "indicators"):
        shutil.copytree(CITY / folder, home / folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MIMAMORI_HOME", str(home))
        settings = Config(home=home, threads=1, memory_gib=1)
        registry, keyring = load_registry(), KeyRing(settings.keys)
        layout = registry.get("resident_register")
        rows = [resident.row() for resident in (*RESIDENTS[:6], TOMI)]
        write_extract(home / "in", layout, layout.table("residents"), DAY, rows=rows)
        receipts = intake.receive([home / "in", CITY / "in"], config=settings, keyring=keyring, registry=registry)
        assert [(receipt.source, receipt.state, receipt.stored, receipt.quarantined) for receipt in receipts] == [
            ("resident_register", "stored", 7, 0), ("long_term_care", "stored", 1, 1),
        ]  # fmt: skip
        pipeline.night(
            config=settings, keyring=keyring, registry=registry, as_of=DAY, ledger=LEDGER.empty_table(),
            decisions=DECISIONS.empty_table(), condition_sets=first_sets()[:1], keep_ledger=lambda rows: None,
        )  # fmt: skip
    return settings


@pytest.fixture
def snapshot(config: Config, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    monkeypatch.setenv("MIMAMORI_HOME", str(config.home))
    return store.current(config, KeyRing(config.keys))


def case_of(snapshot: Snapshot, name: str) -> str:
    [found] = engine.rows_of(snapshot.cursor(), "SELECT case_no FROM persons WHERE name = ?", [name])
    return str(found["case_no"])


def test_its_rows_are_on_the_karte_of_who_is_cared_for_and_who_cares(snapshot: Snapshot) -> None:
    for name, role in (("森下 トミ", None), ("森下 陽菜", "carer")):
        [part] = [part for part in snapshot.rows(case_of(snapshot, name)) if part.source == "long_term_care"]
        assert (part.table, part.role, [row["level"] for row in part.rows]) == ("certifications", role, ["23"])


@pytest.mark.parametrize(("name", "state"), [("森下 陽菜", "in_use"), ("森下 蓮", "none"), ("青木 陽斗", "none")])
def test_it_has_its_cell_of_known_and_unknown(snapshot: Snapshot, name: str, state: str) -> None:
    cells = {row["source"]: row for row in snapshot.known(case_of(snapshot, name))}
    assert (cells["long_term_care"]["state"], cells["long_term_care"]["as_of"]) == (state, DAY)


@pytest.mark.parametrize(("name", "value"), [("森下 陽菜", 3.0), ("森下 蓮", 3.0), ("青木 陽斗", 0.0)])
def test_its_indicator_has_a_value(snapshot: Snapshot, name: str, value: float) -> None:
    [found] = engine.rows_of(
        snapshot.cursor(), "SELECT relative_care_level AS v FROM indicators WHERE case_no = ?",
        [case_of(snapshot, name)],
    )  # fmt: skip
    assert found == {"v": value}


def test_its_indicator_is_tested_by_its_examples(snapshot: Snapshot) -> None:
    indicator = load_indicators().get("relative_care_level")
    assert indicator.sources == ("long_term_care",)
    assert all(outcome.ok for example in indicator.example for outcome in outcomes(indicator, example, load_registry()))


def at_home(home: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    """An installation with these layouts of its own, by name."""
    monkeypatch.setenv("MIMAMORI_HOME", str(home))
    (home / "layouts").mkdir()
    for name, text in files.items():
        (home / "layouts" / f"{name}.toml").write_text(text, encoding="utf-8")


def shipped(name: str) -> str:
    from importlib.resources import files

    return (files("mimamori.sources") / "layouts" / f"{name}.toml").read_text(encoding="utf-8")


def test_a_file_of_the_same_name_stands_in_the_place_of_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(
        tmp_path, monkeypatch, medical_subsidy=shipped("medical_subsidy").replace("福祉局医療助成課", "保健局医療課")
    )
    assert load_registry().get("medical_subsidy").owner.ja == "保健局医療課"
    assert [layout.name for layout in load_registry()] == [layout.name for layout in shipped_registry()]
    assert shipped_registry().get("medical_subsidy").owner.ja == "福祉局医療助成課"


CARE = (CITY / "layouts" / "long_term_care.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("long_term_care", CARE + "colour = 'red'\n", "long_term_care.toml.*colour"),
        ("care", CARE, "not named after its system"),
        ("long_term_care", CARE.replace("number = 18", "number = 6"), "same number"),
        ("long_term_care", CARE.replace("被保険者番号", "個人番号"), "never holds"),
        ("long_term_care", CARE.replace("[coverage]", "[coverage"), "not valid TOML"),
    ],
)
def test_a_layout_of_the_citys_is_checked_like_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, said: str
) -> None:
    at_home(tmp_path, monkeypatch, **{name: text})
    with pytest.raises(Refused, match=said):
        load_registry()


def test_a_layout_in_another_encoding_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(tmp_path, monkeypatch)
    (tmp_path / "layouts" / "long_term_care.toml").write_bytes(CARE.encode("cp932"))
    with pytest.raises(Refused, match="UTF-8"):
        load_registry()


def test_an_indicator_of_what_no_layout_has_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMAMORI_HOME", str(tmp_path))
    shutil.copytree(CITY / "indicators", tmp_path / "indicators")
    with pytest.raises(Refused, match=r"no layout has the item long_term_care\.certifications\.level"):
        load_indicators()
