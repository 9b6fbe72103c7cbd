"""The project's linkage on a public data set: folded words, exact passes, Splink's residue and verdicts.

Nothing is read through layouts: the tables that `linkage.sides` makes of a city's sources are made of the set instead.
A name in letters is its own reading. The set's addresses are folded to `area|rest` as `text.address` folds a city's:
Japanese areas and numbers are not for them. A column that the city does not have, a middle initial or a number, is one
comparison more, and a set this small affords two blocks more. Weights and thresholds are learned from the residue
without the truth (`linkage.learn`); the weights of a city are where that begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import pyarrow as pa
from benchmarks.public_data import PublicSet

from mimamori import engine
from mimamori.linkage.agreement import make_macros
from mimamori.linkage.folding import fold_values
from mimamori.linkage.learn import learn
from mimamori.linkage.model import BLOCKING, COMPARISONS, Comparison, Level, Model, Weights, load_weights
from mimamori.linkage.passes import link_by_passes
from mimamori.linkage.residue import judge, make_residue, score
from mimamori.text.names import fold_word, roman_key

SEEKS, KNOWN = "pupil_no", "addressee_no"  # spaces in which each person has one number
MIDDLE = Comparison(
    "middle",
    "middle_l IS NULL OR middle_r IS NULL",
    (Level("same", "middle_l = middle_r", 0.95), Level("else", "ELSE", 0.05)),
)
NUMBER = Comparison(
    "number",
    "number_l IS NULL OR number_r IS NULL",
    (
        Level("same", "number_l = number_r", 0.9),
        Level("slip", "damerau_levenshtein(number_l, number_r) = 1", 0.05),
        Level("else", "ELSE", 0.05),
    ),
)
_CHANCE = {"middle": {"same": 0.07, "else": 0.93}, "number": {"same": 1e-4, "slip": 1e-3, "else": 0.9989}}


def model_of(*, number: bool) -> Model:
    """The city's comparisons and blocks, and those for the columns that only public sets have."""
    more = (MIDDLE, NUMBER) if number else (MIDDLE,)
    blocks = (("given",), ("family",), ("number",)) if number else (("given",), ("family",))
    return Model((*COMPARISONS, *more), (*BLOCKING, *blocks), tuple(one.name for one in more))


def first_weights(model: Model) -> Weights:
    """The city's weights, and a guess for the levels that it does not have."""
    city = load_weights()
    more = {
        one.name: {level.name: (level.expected, _CHANCE[one.name][level.name]) for level in one.levels}
        for one in model.comparisons
        if one.name in _CHANCE
    }
    return replace(city, probabilities={**city.probabilities, **more})


@dataclass(frozen=True)
class Linked:
    """`pairs(left, right, weight, verdict, mutual)`, what was learned, and how many seconds that took.

    Pairs of exact passes have the weight 1000 and the verdict `pass`; of the others each seeker's best is given, with
    the verdict same, unsure or NULL and `mutual`, whether it is the known person's best as well.
    """

    pairs: pa.Table
    weights: Weights
    learning: float


def link(one: PublicSet, *, number: bool) -> Linked:
    con = engine.connect()
    make_macros(con)
    make_sides(con, one)
    model = model_of(number=number)
    link_by_passes(con, SEEKS, one_to_one=True)
    make_residue(con, everybody=True, model=model)
    start = perf_counter()
    weights = learn(con, first_weights(model), model)
    learning = perf_counter() - start
    score(con, weights, model)
    judge(con, weights)
    found = engine.table_of(
        con,
        "SELECT left_ref, right_ref, 1000.0::DOUBLE AS weight, 'pass' AS verdict, true AS mutual FROM edges UNION ALL"
        " SELECT left_ref, right_ref, weight, verdict, their_rank = 1 FROM judged WHERE my_rank = 1",
    )
    return Linked(found.rename_columns(["left", "right", "weight", "verdict", "mutual"]), weights, learning)


def make_sides(con: engine.Connection, one: PublicSet) -> None:
    """Make the tables of `linkage.sides` (`seeking`, `seekers`, `knowing`, `known`), and what passes and residue read
    beside them: `register_rows`, `register_names`, and `edges` without a row."""
    for side, table in (("left", one.left), ("right", one.right)):
        con.register("given_rows", table)
        con.execute(f"CREATE OR REPLACE TEMP TABLE public_{side} AS FROM given_rows")
        con.unregister("given_rows")
    both = "(SELECT family, given, middle FROM public_left UNION ALL SELECT family, given, middle FROM public_right)"
    fold_values(con, f"SELECT unnest([family, given, middle]) FROM {both}", "word_folds", folded=fold_word)
    fold_values(con, f"SELECT concat_ws(' ', given, family) FROM {both}", "letter_keys", letters=roman_key)
    for side, space, persons, names in (("left", SEEKS, "seeking", "seekers"), ("right", KNOWN, "knowing", "known")):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {persons} AS SELECT '{space}' AS space, record AS ref,"
            " birth_first, birth_last, sex, addresses[1].address AS address,"
            f" NULL::VARCHAR AS household_no, NULL::VARCHAR AS guardian_name FROM public_{side}"
        )
        turned = one.turned_names and side == "left"
        con.execute(f"CREATE OR REPLACE TEMP TABLE {names} AS {_names_sql(side, persons, turned=turned)}")
    con.execute("CREATE OR REPLACE TEMP TABLE register_rows AS SELECT *, true AS newest FROM knowing")
    con.execute("CREATE OR REPLACE TEMP TABLE register_names AS FROM known")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE edges"
        " (left_ref VARCHAR, right_ref VARCHAR, how VARCHAR, weight DOUBLE, priority DOUBLE)"
    )


def _names_sql(side: str, persons: str, *, turned: bool) -> str:
    """A row per name and way to write the address; `turned`: read in the other order too."""
    orders = (("f", "g"), ("g", "f")) if turned else (("f", "g"),)
    return " UNION ".join(
        f"SELECT p.*, nullif(concat({family}.folded, {given}.folded), '') AS name, {family}.folded AS family,"
        f" {given}.folded AS given, nullif(concat({family}.folded, {given}.folded), '') AS kana,"
        f" {family}.folded AS family_kana, {given}.folded AS given_kana,"
        f" nullif(concat({family}.folded, {given}.folded), '') AS kana_key, l.letters,"
        " a.written.address AS address, a.written.town AS town, left(m.folded, 1) AS middle, s.number"
        f" FROM (SELECT * EXCLUDE (address) FROM {persons}) p JOIN public_{side} s ON s.record = p.ref"
        " CROSS JOIN unnest(s.addresses) a(written)"
        " LEFT JOIN word_folds f ON f.raw = s.family LEFT JOIN word_folds g ON g.raw = s.given"
        " LEFT JOIN word_folds m ON m.raw = s.middle"
        " LEFT JOIN letter_keys l ON l.raw = concat_ws(' ', s.given, s.family)"
        " AND s.given IS NOT NULL AND s.family IS NOT NULL"
        + ("" if family == "f" else " WHERE s.given IS NOT NULL AND s.family IS NOT NULL")
        for family, given in orders
    )
