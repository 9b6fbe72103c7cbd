"""Persona files: what they may say, what is refused and in which words, and the city's own beside the package's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mimamori.personas import load_personas, shipped_personas
from mimamori.personas.load import Personas, check
from mimamori.personas.schema import PersonaFile
from mimamori.personas.town import settle
from mimamori.refusal import Refused
from mimamori.screening import shipped_indicators
from mimamori.sources import shipped_registry
from mimamori.sources.registry import parse

OWN = """
about = { ja = "市のもの", en = "The city's own" }
[[persona]]
id = "own_one"
label = { ja = "市のペルソナ", en = "The city's persona" }
story = { ja = "ふつうの子。", en = "An ordinary child." }
people.child = { born = 2019-05-14, sex = "1", school = { grade = 1 } }
people.mother = { born = 1987-01-22 }
expect.child = {}
"""


def personas_of(text: str) -> Personas:
    file = parse(text, PersonaFile, "own.toml")
    found = Personas(((file.about, file.persona),))
    check(found, shipped_registry(), shipped_indicators())
    return found


def test_a_city_adds_its_own_and_replaces_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMAMORI_HOME", str(tmp_path))
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "own.toml").write_text(OWN, encoding="utf-8")
    replaced = OWN.replace("own_one", "the_only_one_here")
    (tmp_path / "personas" / "bullying.toml").write_text(replaced, encoding="utf-8")
    here = {persona.id for persona in load_personas().all()}
    shipped = {persona.id for persona in shipped_personas().all()}
    assert here - shipped == {"own_one", "the_only_one_here"}
    assert "sudden_change_at_school" in shipped - here


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN + "colour = 'red'\n", "own.toml.*colour"),
        (OWN.replace("grade = 1", "grade = 1, class = 2"), "own.toml.*class"),
        (OWN.replace("expect.child = {}", 'expect.child = { absence = "maybe" }'), "own.toml.*maybe|own.toml.*absence"),
        (OWN.replace("expect.child = {}", "expect.nobody = {}"), "nobody of that name: nobody"),
        (OWN + OWN[OWN.index("[[persona]]") :], "own_one: the name is used twice"),
        (OWN + 'rows."school_affairs.marks" = [{ who = "child" }]\n', "no layout has the table school_affairs.marks"),
        (OWN + 'without.child = ["school_affairs.marks"]\n', "no layout has the table school_affairs.marks"),
        (OWN + 'rows."school_affairs.checkups" = [{ who = "child", iq = 90 }]\n', "school_affairs.checkups has no iq"),
        (OWN + "indicators.child = { shoe_size = 20 }\n", "there is no indicator shoe_size"),
        (OWN + 'rows."school_affairs.checkups" = [{ school_year = 2026 }]\n', "nobody of that name"),
    ],
)
def test_a_persona_that_cannot_be_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        personas_of(text)


def test_a_row_that_the_intake_would_not_have_is_told_with_its_system() -> None:
    """The real intake reads what a persona says: a code that no code table has goes into quarantine."""
    wrong = OWN + 'rows."pupil_register.transfers" = [{ who = "child", movement = "99", moved_on = 2026-04-01 }]\n'
    with pytest.raises(Refused, match="pupil_register"):
        settle(personas_of(wrong), shipped_registry())


def test_values_are_written_as_each_system_writes_them() -> None:
    from datetime import date

    from mimamori.personas.rows import written

    registry = shipped_registry()

    def text(source: str, table: str, field: str, value: Any) -> str:
        layout = registry.get(source)
        one = layout.table(table)
        return written(layout, one, one.item(field), value)

    assert text("child_allowance", "allowance", "started_on", date(2022, 2, 25)) == "5040225"
    assert text("child_allowance", "allowance", "started_on", date(2019, 4, 30)) == "4310430"
    assert text("disability_welfare", "handbooks", "issued_on", date(2022, 2, 25)) == "2022/02/25"
    assert text("school_affairs", "attendance", "month", date(2022, 2, 1)) == "202202"
    assert text("public_assistance", "members", "aid_living", True) == "1"
