"""The personas of the package: they are complete, run through the real intake and night, and the first sets hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from mimamori import engine
from mimamori.personas import AS_OF, Persona, Report, judge, shipped_personas
from mimamori.personas.families import families_of
from mimamori.personas.ordinary import attended, months
from mimamori.personas.schema import School
from mimamori.personas.town import Town, rows_by_table, settle
from mimamori.screening import ConditionSet, first_sets
from mimamori.screening.indicators import DIFFICULTIES
from mimamori.sources import shipped_registry

PERSONAS = shipped_personas().all()
BANDS = {"infant": range(2), "preschool": range(2, 6), "elementary": range(6, 12), "teen": range(12, 19)}


@pytest.fixture(scope="session")
def the_town() -> Town:
    return settle(shipped_personas(), shipped_registry())


@pytest.fixture(scope="session")
def report(the_town: Town) -> Report:
    return judge(first_sets(), the_town)


def age(persona: Persona, who: str) -> int:
    born = persona.people[who].born
    return AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day))


def set_of(difficulty: str, **changed: object) -> ConditionSet:
    [found] = [one for one in first_sets() if one.difficulty == difficulty]
    return ConditionSet.model_validate(found.model_dump() | changed)


def test_the_first_sets_hold_before_every_persona(report: Report) -> None:
    assert [label.en for label in report.differences()] == []
    assert report.passed
    children = sum(len(persona.expect) for persona in PERSONAS)
    assert len(report.outcomes) == children * len(DIFFICULTIES)


def test_there_are_at_least_forty_for_each_difficulty_and_age_and_some_of_whom_nothing_is_to_be_found() -> None:
    assert len(PERSONAS) >= 40
    expected: Counter[tuple[str, str]] = Counter()
    bands: dict[str, set[str]] = {}
    for persona in PERSONAS:
        for who, outcomes in persona.expect.items():
            band = next(name for name, years in BANDS.items() if age(persona, who) in years)
            for difficulty, what in outcomes.items():
                if what in {"must", "listed"}:
                    expected[difficulty, what] += 1
                    bands.setdefault(difficulty, set()).add(band)
    assert all(sum(expected[name, what] for what in ("must", "listed")) >= 2 for name in DIFFICULTIES)
    assert expected["abuse", "must"] and expected["absence", "must"] and expected["postnatal", "must"]
    assert bands["abuse"] == set(BANDS)
    assert bands["poverty"] >= {"preschool", "elementary", "teen"}
    assert bands["develop"] >= {"preschool", "teen"}
    assert bands["carer"] >= {"elementary", "teen"}
    nobody = [persona for persona in PERSONAS if all(not outcomes for outcomes in persona.expect.values())]
    assert len(nobody) >= 10
    ids = {persona.id for persona in PERSONAS}
    assert ids >= {"quiet_seventeen", "private_school", "moved_twice_for_work", "twins_one_absent"}
    assert ids >= {"fled_from_violence", "october_not_delivered"}


def test_their_files_speak_of_all_systems() -> None:
    tables = rows_by_table(families_of(PERSONAS, shipped_registry()), shipped_registry())
    spoken = {source for source, _ in tables}
    assert {layout.name for layout in shipped_registry() if not layout.optional} <= spoken


def test_the_night_itself_finds_what_is_judged(the_town: Town, report: Report) -> None:
    """The findings of the night, by difficulty, and those that judging worked out anew from its indicators."""
    whose = {number: key for key, number in the_town.numbers.items()}
    found = {(*whose[row["case_no"]], row["difficulty"]) for row in the_town.tables["findings"].to_pylist()}
    judged = {(one.persona, one.who, one.difficulty) for one in report.outcomes if one.found != "not"}
    expected = {(persona.id, who) for persona in PERSONAS for who in persona.expect}
    assert {one for one in found if one[:2] in expected} == judged
    assert len(judged) >= 40


def test_every_child_of_the_town_is_judged(the_town: Town) -> None:
    """Nobody stands by of whom no persona says what should become of them."""
    whose = {number: key for key, number in the_town.numbers.items()}
    children = {whose[row["case_no"]] for row in the_town.tables["indicators"].to_pylist()}
    expected = {(persona.id, who) for persona in PERSONAS for who in persona.expect}
    assert children <= expected


def test_a_set_that_finds_too_little_fails_and_says_what_differed(the_town: Town) -> None:
    report = judge([set_of("bullying", tiers=[99])], the_town)
    assert set(report.failed()) == {"sudden_change_at_school", "hurt_again_and_again", "attends_in_the_health_room"}
    wrong = [one for one in report.outcomes if not one.passed]
    assert {(one.expected, one.found) for one in wrong} == {("listed", "not")}
    told = [label.ja for label in report.differences()]
    assert all(
        re.search(r"いじめ\(本人\): 「抽出される」はずが「抽出されない」。点数 [\d.]+ / 99。当たる条件: ", one)
        for one in told
    )
    summary = report.summary()
    assert len(summary["failed"]) == 3
    assert all(one["ja"] and one["en"] for one in (summary["told"], *summary["failed"]))
    assert Counter(one["passed"] for one in summary["outcomes"])[False] == 3


def test_a_set_that_finds_too_much_fails(the_town: Town) -> None:
    report = judge([set_of("carer", tiers=[5])], the_town)
    assert "grandmother_at_home" in report.failed()
    assert {one.found for one in report.outcomes if one.persona == "grandmother_at_home"} == {"listed"}


def test_a_must_look_that_only_gives_points_fails(the_town: Town) -> None:
    plain = set_of("postnatal", tiers=[60, 40, 10]).model_dump()
    for condition in plain["conditions"]:
        if condition["id"] == "q10":
            condition |= {"must": False, "points": 90, "domain": "infancy"}
    report = judge([ConditionSet.model_validate(plain)], the_town)
    [wrong] = [one for one in report.outcomes if one.persona == "question_ten" and not one.passed]
    assert (wrong.expected, wrong.found) == ("must", "listed")


def test_a_child_who_did_not_come_through_proves_nothing(the_town: Town) -> None:
    numbers = {key: number for key, number in the_town.numbers.items() if key != ("quiet_seventeen", "child")}
    report = judge(first_sets(), Town(the_town.personas, the_town.tables, numbers))
    assert report.failed() == ("quiet_seventeen",)
    assert {one.found for one in report.outcomes if one.persona == "quiet_seventeen"} == {None}
    assert "did not come through" in report.arrived["quiet_seventeen"][0].en


def test_two_taken_for_one_are_told(the_town: Town) -> None:
    twin = the_town.numbers["twins_one_absent", "child"]
    numbers = {**the_town.numbers, ("twins_one_absent", "brother"): twin}
    report = judge(first_sets(), Town(the_town.personas, the_town.tables, numbers))
    assert "taken for one person" in report.arrived["twins_one_absent"][0].en


def test_a_month_adds_up() -> None:
    school = School(grade=5, absent={"2026-10": 6}, run={"2026-10": 4}, excused={"2026-10": 2}, late={"2026-10": 3})
    [october] = [month for month in months() if f"{month:%Y-%m}" == "2026-10"]
    told = attended(school, october)
    assert told["absent_days"] + told["present_days"] == told["due_days"] == told["class_days"] - told["excused_days"]
    assert (told["absent_days"], told["longest_absence"], told["late_count"]) == (6, 4, 3)
    assert len(list(months())) == 12


def test_no_two_people_share_a_number_and_no_two_families_a_name() -> None:
    people = [one for family in families_of(PERSONAS, shipped_registry()) for one in family.members.values()]
    assert len({one.addressee_no for one in people}) == len(people)
    surnames: dict[str, set[str]] = {}
    for one in people:
        surnames.setdefault(one.name.split()[0], set()).add(one.persona)
    assert all(len(personas) == 1 for personas in surnames.values())


@pytest.fixture(scope="session")
def unprotected() -> Iterator[Town]:
    """The family that fled, as if nobody were protected."""
    [persona] = [one for one in PERSONAS if one.id == "fled_from_violence"]
    people = {who: one.model_copy(update={"protected_from": None}) for who, one in persona.people.items()}
    bare = persona.model_copy(update={"people": people})
    shipped = shipped_personas()
    yield settle(type(shipped)(((shipped.groups[0][0], (bare,)),)), shipped_registry())


def test_without_protection_the_other_home_would_be_seen(unprotected: Town, the_town: Town) -> None:
    """What the persona of a protected child holds closed is open in the same family without protection."""
    assert sibling_consultations(the_town) == 0
    assert sibling_consultations(unprotected) == 1
    assert judge(first_sets(), unprotected).arrived


def sibling_consultations(town: Town) -> float:
    con = engine.connect(threads=1, memory_gib=1)
    con.register("indicators", town.tables["indicators"])
    case_no = town.numbers["fled_from_violence", "child"]
    [row] = engine.rows_of(con, "SELECT sibling_guidance_24m AS v FROM indicators WHERE case_no = ?", [case_no])
    return float(row["v"])
