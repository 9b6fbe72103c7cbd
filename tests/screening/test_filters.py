"""Filters say of every child what a plain three-valued reading says; nothing that a person wrote becomes SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mimamori import engine
from mimamori.refusal import Refused
from mimamori.screening import filters
from mimamori.screening.filters import WORK, WORK_FACTS, Ground, Node, chosen, clauses, dumped, edges, read, tally
from mimamori.screening.filters import run as running

MINAMI, HIGASHI = "40134", "40131"
FEES, ROLL = "school_lunch_fees", "school_affairs"
SOURCES = ("child_guidance", "resident_register", "pupil_register", FEES, ROLL)
RUN = ("carer", "absence")  # what the night screened for


@dataclass(frozen=True)
class Child:
    """One child with all that clauses ask about; None is not known."""

    ward: str | None = MINAMI
    months: int | None = 120
    arrears: float | None = 0
    absent: float | None = 0
    born: tuple[date, date] | None = (date(2016, 10, 1), date(2016, 10, 1))
    protection: str | None = "0"
    register: bool = True
    pupil: bool = True
    known: frozenset[str] = frozenset()
    listed: dict[str, tuple[int, bool]] = field(default_factory=dict)  # difficulty → tier, must
    work: frozenset[str] | None = None  # facts; None: nobody has had to do with the child
    first_listed: date | None = None
    assessed: date | None = None
    shielded: bool = False


def tables(children: list[Child], states: dict[str, str] | None = None) -> tuple[engine.Connection, Ground]:
    con = engine.connect(threads=1, memory_gib=1)
    con.execute(
        "CREATE TABLE indicators (case_no VARCHAR, ward VARCHAR, age_months INTEGER, "
        "lunch_arrears_months DOUBLE, absence_days_12m DOUBLE)"
    )
    con.execute(
        "CREATE TABLE persons (case_no VARCHAR, birth_first DATE, birth_last DATE, protection VARCHAR, "
        "in_register BOOLEAN, city_pupil BOOLEAN)"
    )
    con.execute("CREATE TABLE findings (case_no VARCHAR, difficulty VARCHAR, must BOOLEAN, tier INTEGER)")
    con.execute("CREATE TABLE known_cases (case_no VARCHAR, where_known VARCHAR)")
    con.execute("CREATE TABLE source_status (source VARCHAR, state VARCHAR)")
    for source in SOURCES:
        con.execute("INSERT INTO source_status VALUES (?, ?)", [source, (states or {}).get(source, "fresh")])
    work = []
    for number, one in enumerate(children):
        case_no = f"K-{number}"
        con.execute(
            "INSERT INTO indicators VALUES (?, ?, ?, ?, ?)", [case_no, one.ward, one.months, one.arrears, one.absent]
        )
        first, last = one.born or (None, None)
        con.execute(
            "INSERT INTO persons VALUES (?, ?, ?, ?, ?, ?)",
            [case_no, first, last, one.protection, one.register, one.pupil],
        )
        for difficulty, (tier, must) in one.listed.items():
            con.execute("INSERT INTO findings VALUES (?, ?, ?, ?)", [case_no, difficulty, must, tier])
        for where in sorted(one.known):
            con.execute("INSERT INTO known_cases VALUES (?, ?)", [case_no, where])
        if one.work is not None:
            facts: dict[str, bool] = {name: name in one.work for name in WORK_FACTS}
            work.append({"case_no": case_no, **facts, "first_listed": one.first_listed, "last_assessed": one.assessed})
    shielded = [f"K-{number}" for number, one in enumerate(children) if one.shielded]
    return con, Ground(pa.Table.from_pylist(work, schema=WORK), RUN, shielded)


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


# --- whatever may be written ------------------------------------------------------------------------------------------

DAYS = st.dates(date(2016, 9, 20), date(2016, 10, 12))
CLAUSES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(
        lambda name, low, more: {"indicator": name, "comparison": "between", "low": low, "high": low + more},
        st.sampled_from(["lunch_arrears_months", "absence_days_12m"]), st.integers(0, 4), st.integers(0, 3),
    ),
    st.builds(lambda low: {"indicator": "absence_days_12m", "comparison": ">=", "low": low}, st.integers(0, 4)),
    st.builds(lambda v: {"indicator": "lunch_arrears_months", "comparison": "in", "values": v},
              st.lists(st.integers(0, 4), min_size=1, max_size=3)),
    st.builds(lambda name: {"listed": name}, st.sampled_from(["carer", "absence", "abuse"])),
    st.builds(lambda name, tier: {"listed": name, "tier": tier}, st.sampled_from(RUN), st.integers(1, 3)),
    st.builds(lambda name: {"listed": name, "must": True}, st.sampled_from(RUN)),
    st.builds(lambda name: {"fact": name}, st.sampled_from(filters.FACTS)),
    st.builds(lambda name: {"work": name}, st.sampled_from(["open", "assessed", "conference"])),
    st.builds(lambda low, more: {"ages": [low, low + more]}, st.integers(9, 11), st.integers(0, 2)),
    st.builds(lambda codes: {"wards": codes}, st.sampled_from([[MINAMI], [HIGASHI], [MINAMI, HIGASHI]])),
    st.builds(lambda name, one, more: {"day": name, "since": f"{one}", "until": f"{one + timedelta(more)}"},
              st.sampled_from(["born", "first_listed", "assessed"]), DAYS, st.integers(0, 9)),
    st.builds(lambda one: {"day": "born", "until": one.isoformat()}, DAYS),
)  # fmt: skip
TREES = st.recursive(
    CLAUSES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda one: {"not": one}, inner),
    ),
    max_leaves=6,
).filter(lambda told: filters.schema.depth(filters.schema.NODE.validate_python(told)) <= filters.MOST_DEEP)
PEOPLE = st.lists(
    st.builds(
        Child,
        ward=st.sampled_from([MINAMI, HIGASHI, None]),
        months=st.one_of(st.none(), st.integers(9 * 12 - 2, 13 * 12)),
        arrears=st.one_of(st.none(), st.integers(0, 6).map(float)),
        absent=st.one_of(st.none(), st.integers(0, 6).map(float)),
        born=st.one_of(st.none(), st.tuples(DAYS, st.integers(0, 5)).map(lambda t: (t[0], t[0] + timedelta(t[1])))),
        protection=st.sampled_from(["0", "1", "2", None, ""]),
        register=st.booleans(),
        pupil=st.booleans(),
        known=st.frozensets(st.sampled_from(["council", "guidance"])),
        listed=st.dictionaries(st.sampled_from(RUN), st.tuples(st.integers(0, 3), st.booleans())),
        work=st.one_of(st.none(), st.frozensets(st.sampled_from(["open", "assessed", "conference"]))),
        first_listed=st.one_of(st.none(), DAYS),
        assessed=st.one_of(st.none(), DAYS),
        shielded=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)
STATES = st.dictionaries(st.sampled_from(SOURCES), st.sampled_from(["fresh", "stale", "missing"]))


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

CARER = {"all": [{"listed": "carer"}, {"not": {"fact": "council"}}, {"not": {"work": "conference"}}]}


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


NAUGHTY = ["'; DROP TABLE indicators; --", 'lunch"; SELECT 1', "indicators i", "K' OR '1'='1", "", "未納", "x" * 500]


@pytest.mark.parametrize("text", NAUGHTY)
@pytest.mark.parametrize(
    "written",
    [
        lambda text: {"indicator": text, "comparison": ">=", "low": 1},
        lambda text: {"indicator": "lunch_arrears_months", "comparison": text, "low": 1},
        lambda text: {"indicator": "lunch_arrears_months", "comparison": ">=", "low": text},
        lambda text: {"listed": text},
        lambda text: {"fact": text},
        lambda text: {"work": text},
        lambda text: {"wards": [text]},
        lambda text: {"day": text, "since": "2026-01-01"},
        lambda text: {"day": "born", "since": text},
        lambda text: {text: [{"fact": "known"}]},
    ],
)
def test_what_is_not_on_a_closed_list_is_refused(text: str, written: Any) -> None:
    with pytest.raises(Refused) as refused:
        read({"all": [{"fact": "known"}, written(text)]})
    assert refused.value.ja and refused.value.en


@settings(max_examples=40, deadline=None)
@given(told=TREES)
def test_statements_hold_no_value(told: dict[str, Any]) -> None:
    """Whatever the thresholds, days, wards and difficulties are: they are bound. Numbers in SQL are the house's own."""
    node = read(told)
    con, ground = tables([Child()])
    with running._asked(con, ground) as asked:
        sql = running._answered(node, asked)
    known = {"0"}  # protection, tier
    assert set(re.findall(r"(?<![\w$.])\d+(?:\.\d+)?(?!\w)", sql)) <= known
    for text in (*RUN, "abuse", "council", "guidance", MINAMI, HIGASHI, "2016"):
        assert f"'{text}" not in sql


def test_too_large_is_refused_before_it_is_read() -> None:
    deep: dict[str, Any] = {"fact": "known"}
    for _ in range(3000):
        deep = {"not": deep}
    with pytest.raises(Refused, match="too large"):
        read(deep)
    with pytest.raises(Refused, match="too large"):
        read("[" * 40_000)
    with pytest.raises(Refused, match="too large"):
        read({"all": [{"fact": "known"}] * (filters.MOST_CLAUSES + 1)})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"indicator": "lunch_arrears_months", "comparison": ">=", "low": 25}, "never takes 25"),
        ({"indicator": "home_visit", "comparison": "=", "values": [9]}, "never takes 9"),
        ({"indicator": "lunch_arrears_months", "comparison": ">=", "high": 2}, "takes low, nothing else"),
        ({"indicator": "no_such_thing", "comparison": ">=", "low": 1}, "no indicator"),
        ({"ages": [9, 3]}, "the lower bound is above"),
        ({"day": "born"}, "give since or until"),
        ({"listed": "carer", "tier": 1, "must": True}, "not both"),
        ({"wards": ["99999"]}, "no ward 99999"),
        ({"all": [{"all": []}]}, "all.1.all: must have 1 or more entries"),
        ({"all": [{"not": {"fact": "nothing"}}]}, "all.1.not.fact: must be"),
        ({"fact": "known", "work": "open"}, "one clause or group"),
    ],
)
def test_a_fault_is_named_by_its_place(told: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        read(told, "f.json")


@settings(max_examples=40, deadline=None)
@given(told=TREES)
def test_what_was_read_is_written_again(told: dict[str, Any]) -> None:
    assert read(dumped(read(told))) == read(told)


@pytest.mark.parametrize(
    ("told", "ja", "en"),
    [
        (
            CARER,
            "「ヤングケアラーの可能性(抽出されている)」、かつ「要対協に登録されていない」、かつ"
            "「会議(判定会議など)の記録がない」児童",
            "Children: “Young carer: listed” and “not registered with the council” and “no conference is recorded”",
        ),
        (
            {"any": [{"all": [{"ages": [3, 5]}, {"wards": [MINAMI, HIGASHI]}]}, {"listed": "abuse", "must": True}]},
            "(「3歳から5歳まで」、かつ「南区か東区に住んでいる」)、または「虐待で「必ず見る」」児童",
            "Children: (“3 to 5 years old” and “lives in Minami-ku or Higashi-ku”) or “Abuse: must be looked at”",
        ),
        (
            {"not": {"any": [{"fact": "known"}, {"indicator": "home_visit", "comparison": "in", "values": [2, 3]}]}},
            "(「要対協か児童相談所の支援をすでに受けている」、または「乳児家庭全戸訪問が 不在 か 拒否」)"
            "のどれにも当たらない児童",
            None,
        ),
        (
            {"all": [{"indicator": "lunch_arrears_yen", "comparison": ">=", "low": 12000},
                     {"day": "born", "since": "2016-04-02"}]},
            "「給食費の未納額が12,000円以上」、かつ「生年月日が2016年4月2日から」児童",
            None,
        ),
        (
            {"all": [{"fact": "known"}, {"any": [{"ages": [3, 3]}]}, {"not": {"all": [{"ages": [4, 4]}]}}]},
            "「要対協か児童相談所の支援をすでに受けている」、かつ「3歳」、かつ「4歳」に当たらない児童",
            None,
        ),
    ],
)  # fmt: skip
def test_a_filter_reads_as_a_sentence(told: dict[str, Any], ja: str, en: str | None) -> None:
    found = filters.sentence(read(told))
    assert found.ja == ja
    assert en is None or found.en == en


def test_every_name_has_words() -> None:
    assert set(filters.FACT_WORDS) == set(filters.FACTS)
    assert set(filters.WORK_WORDS) == set(WORK_FACTS)
    node: Node = read({"all": [{"work": name} for name in WORK_FACTS]})
    assert len(clauses(node)) == len(WORK_FACTS)
