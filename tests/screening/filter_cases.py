"""Children with all that clauses ask about, the tables they lie in, and whatever a filter may say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from mimamori import engine
from mimamori.screening import filters
from mimamori.screening.filters import WORK, WORK_FACTS, Ground

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


CARER = {"all": [{"listed": "carer"}, {"not": {"fact": "council"}}, {"not": {"work": "conference"}}]}

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
