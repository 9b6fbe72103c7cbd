"""Filters say of every child what a plain three-valued reading says; nothing that a person wrote becomes SQL."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from tests.screening.filter_cases import CARER, FEES, HIGASHI, MINAMI, PEOPLE, ROLL, RUN, STATES, TREES, Child, tables

from mimamori.screening import filters
from mimamori.screening.filters import Ground, chosen, clauses, dumped, edges, read, tally

# --- the plain reading (Kleene: True, False, None) --------------------------------------------------------------------

Truth = bool | None
SHOWN: dict[filters.Show, Truth] = {"met": True, "failed": False, "unknown": None}


def plainly(told: dict[str, Any], child: Child, states: dict[str, str]) -> Truth:
    if "all" in told:
        return both([plainly(one, child, states) for one in told["all"]])
    if "any" in told:
        return opposite(both([opposite(plainly(one, child, states)) for one in told["any"]]))
    if "not" in told:
        return opposite(plainly(told["not"], child, states))
    return of_clause(told, child, states)


def both(truths: list[Truth]) -> Truth:
    if any(truth is False for truth in truths):
        return False
    return None if any(truth is None for truth in truths) else True


def opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth


def believed(truth: bool, source: str, states: dict[str, str]) -> Truth:
    return truth or (False if states.get(source, "fresh") == "fresh" else None)


def of_clause(told: dict[str, Any], child: Child, states: dict[str, str]) -> Truth:  # noqa: PLR0911 - one a kind
    if "indicator" in told:
        source, value = {"lunch_arrears_months": (FEES, child.arrears), "absence_days_12m": (ROLL, child.absent)}[
            told["indicator"]
        ]
        if value is None:
            return None
        within = told.get("low", value) <= value <= told.get("high", value) and value in told.get("values", [value])
        return within or (None if states.get(source) == "stale" else False)
    if "listed" in told:
        if told["listed"] not in RUN:
            return None
        tier, must = child.listed.get(told["listed"], (99, False))
        return must if told.get("must") else 1 <= tier <= told["tier"] if "tier" in told else tier != 99
    if "fact" in told:
        known, guidance = child.known, "child_guidance"
        return {
            "council": believed("council" in known, guidance, states),
            "guidance": believed("guidance" in known, guidance, states),
            "known": believed(bool(known), guidance, states),
            "protected": believed(
                child.protection not in {None, "", "0"} or child.shielded, "resident_register", states
            ),
            "in_register": child.register,
            "city_pupil": believed(child.pupil, "pupil_register", states),
        }[told["fact"]]
    if "work" in told:
        done = told["work"] in (child.work or ())
        if told["work"] != "conference" or done:
            return done
        return False if believed(bool(child.known), "child_guidance", states) is False else None
    if "ages" in told:
        low, high = told["ages"]
        return None if child.months is None else low <= child.months // 12 <= high
    if "wards" in told:
        return None if child.ward is None else child.ward in told["wards"]
    return of_day(told, child)


def of_day(told: dict[str, Any], child: Child) -> Truth:
    since = date.fromisoformat(told.get("since", "0001-01-01"))
    until = date.fromisoformat(told.get("until", "9999-12-31"))
    if told["day"] != "born":
        day = child.first_listed if told["day"] == "first_listed" else child.assessed
        return day is not None and child.work is not None and since <= day <= until
    if child.born is None:
        return None
    first, last = child.born
    if since <= first and last <= until:
        return True
    return False if last < since or until < first else None


@settings(max_examples=80, deadline=None)
@given(told=TREES, children=PEOPLE, states=STATES)
def test_sql_says_what_a_plain_reading_says(
    told: dict[str, Any], children: list[Child], states: dict[str, str]
) -> None:
    con, ground = tables(children, states)
    node = read(told)
    expected = {f"K-{number}": plainly(told, child, states) for number, child in enumerate(children)}
    for show, truth in SHOWN.items():
        found = chosen(con, node, ground, show=show, limit=99)
        assert set(found) == {case_no for case_no, answer in expected.items() if answer is truth}
    counted = tally(con, node, ground)
    answers = list(expected.values())
    assert (counted.met, counted.failed, counted.unknown) == tuple(answers.count(t) for t in (True, False, None))
    for part in counted.parts:
        each = [plainly(dumped(part.node), child, states) for child in children]
        assert (part.met, part.failed, part.unknown) == tuple(each.count(truth) for truth in (True, False, None))


@settings(max_examples=40, deadline=None)
@given(told=TREES, children=PEOPLE)
def test_at_the_edge_the_answer_hangs_on_the_clause(told: dict[str, Any], children: list[Child]) -> None:
    """Turned the other way, that one clause turns the answer."""
    con, ground = tables(children)
    node = read(told)
    for edge in edges(con, node, ground, limit=99):
        child = children[int(edge.case_no[2:])]
        tree = frozen(told, child)
        turned = {opposite_of(tree, edge.clause, truth) for truth in (True, False)}
        assert edge.answer is plainly(told, child, {})
        assert len(turned) == 2


def frozen(told: dict[str, Any], child: Child) -> list[Any]:
    """The tree with each clause's answer in its place."""
    for group in ("all", "any"):
        if group in told:
            return [group, *(frozen(one, child) for one in told[group])]
    return ["not", frozen(told["not"], child)] if "not" in told else ["clause", plainly(told, child, {})]


def opposite_of(tree: list[Any], number: int, truth: bool) -> Truth:
    """The answer with clause `number` set to `truth`."""
    count = iter(range(99))

    def of(one: list[Any]) -> Truth:
        match one:
            case ["clause", answer]:
                return truth if next(count) == number else answer
            case ["not", inner]:
                return opposite(of(inner))
            case ["all", *parts]:
                return both([of(part) for part in parts])
            case [_, *parts]:
                return opposite(both([opposite(of(part)) for part in parts]))
        raise AssertionError(one)

    return of(tree)


# --- examples ---------------------------------------------------------------------------------------------------------


def test_a_young_carer_not_registered_and_without_conference() -> None:
    may_be = {"carer": (2, False)}
    children = [
        Child(listed=may_be),
        Child(listed=may_be, known=frozenset({"council"})),
        Child(listed=may_be, work=frozenset({"open", "conference"})),
        Child(listed=may_be, known=frozenset({"guidance"})),  # the centre's conferences are not recorded here
        Child(),
    ]
    con, ground = tables(children)
    found = tally(con, read(CARER), ground)
    assert (found.met, found.failed, found.unknown) == (1, 3, 1)
    assert chosen(con, read(CARER), ground, show="met", limit=9) == ["K-0"]
    assert chosen(con, read(CARER), ground, show="unknown", limit=9) == ["K-3"]
    by_clause = [
        (one.met, one.failed, one.unknown, one.alone) for one in found.parts if one.node in clauses(read(CARER))
    ]
    assert by_clause == [(4, 1, 0, 1), (1, 4, 0, 0), (1, 2, 2, 1)]


def test_where_guidance_was_not_delivered_nobody_counts_as_not_registered() -> None:
    con, ground = tables([Child(listed={"carer": (2, False)})], {"child_guidance": "missing"})
    found = tally(con, read({"not": {"fact": "council"}}), ground)
    assert (found.met, found.failed, found.unknown) == (0, 0, 1)


def test_two_date_bounds_and_already_supported_excluded() -> None:
    """Trial 22: counts per clause, and the children on the boundary."""
    told = {
        "all": [
            {"day": "born", "since": "2016-04-02", "until": "2017-04-01"},
            {"not": {"any": [{"fact": "known"}, {"work": "in_support"}]}},
        ]
    }
    days = ["2016-04-01", "2016-04-02", "2016-08-15", "2017-04-01", "2017-04-02", "2017-04-01", "2017-04-20"]
    children = [Child(born=(date.fromisoformat(day), date.fromisoformat(day))) for day in days]
    children[5] = Child(born=children[5].born, known=frozenset({"council"}))
    children.append(Child(born=None))
    con, ground = tables(children)
    node = read(told)
    found = tally(con, node, ground)
    assert (found.met, found.failed, found.unknown) == (3, 4, 1)
    born, known, in_support = (one for one in found.parts if one.node in clauses(node))
    assert (born.met, born.failed, born.unknown, born.alone) == (4, 3, 1, 3)
    assert (known.met, known.alone, in_support.met) == (1, 1, 0)
    # just within and just outside, but not the one far away, nor the one whom another clause keeps out
    assert [(one.case_no, one.answer) for one in edges(con, node, ground)] == [
        ("K-1", True), ("K-3", True), ("K-0", False), ("K-4", False),
    ]  # fmt: skip
    assert {one.clause for one in edges(con, node, ground)} == {0}


def test_of_one_ward_and_in_portions() -> None:
    children = [Child(ward=HIGASHI if number % 2 else MINAMI, months=200 - number) for number in range(10)]
    con, city = tables(children)
    ward = Ground(city.work, city.screened, city.shielded, MINAMI)
    node = read({"fact": "in_register"})
    assert tally(con, node, ward).met == 5
    assert chosen(con, node, ward, show="met", limit=2, offset=2) == ["K-4", "K-2"]
    assert chosen(con, node, city, show="met", limit=2) == ["K-9", "K-8"]
