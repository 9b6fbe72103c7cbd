"""Weights from the data's own pairs, without a truth: for registers of which nobody knows who is who.

Each round scores the residue and believes the pairs that are one another's best and likelier than that the seeker's
person is not known; their levels are counted anew (m). What is believed of a pair counts its rivals: of one seeker's
candidates one at most is right (Sadinle 2017, doi:10.1080/01621459.2016.1148612, without its sampling).
"""

from __future__ import annotations

from dataclasses import replace
from math import log2

from mimamori.engine import Connection, rows_of
from mimamori.linkage.model import MODEL, Model, Weights
from mimamori.linkage.residue import judge, score
from mimamori.linkage.train import chance, probabilities

ROUNDS = 4
RANDOM_PAIRS = 1_000_000  # for u
EXPERIENCE = 20  # pairs that `Level.expected` weighs: what the data do not show is rare, not impossible
FIRST_SHARE = 0.9  # of the seekers whose person is known; learned from the first round on
ODDS = 99.0  # of a link without a person; a question is worth asking at even odds


def learn(con: Connection, first: Weights, model: Model = MODEL) -> Weights:
    """Weights and thresholds of the residue (`make_residue` with everybody), from `first` as a beginning.

    `review` is where a best candidate is as likely the person as not, `accept` where it is so at 99 to 1, both in match
    weight; `margin` stays. Leaves `judged` as the last round saw it. Raises `ValueError` where there is no residue.
    """
    (row,) = rows_of(
        con,
        "SELECT (SELECT count(DISTINCT ref) FROM residue_seekers) AS seekers, (SELECT count(*) FROM knowing"
        " WHERE ref NOT IN (SELECT right_ref FROM edges)) AS free",
    )
    seekers, free = row["seekers"], row["free"]
    if not (seekers and free):
        raise ValueError("no residue to learn from")
    by_chance = chance(con, first, pairs=RANDOM_PAIRS, model=model)
    weights, share = replace(first, prior=FIRST_SHARE / free), FIRST_SHARE
    for _ in range(ROUNDS):
        score(con, weights, model)
        judge(con, replace(weights, accept=1000.0, review=-1000.0))
        con.execute(f"CREATE OR REPLACE TEMP TABLE believed AS {_BELIEVED}", {"unknown": 1 - share})
        con.execute("CREATE OR REPLACE TEMP TABLE same_person AS FROM believed WHERE mutual AND likely >= 0.5")
        (told,) = rows_of(con, "SELECT coalesce(sum(likely), 0) AS known FROM believed")
        share = min(max(told["known"] / seekers, 1 / (seekers + 1)), seekers / (seekers + 1))
        weights = replace(
            weights,
            probabilities=probabilities(con, by_chance, experience=EXPERIENCE, model=model),
            prior=share / free,
            accept=log2(ODDS * (1 - share)),
            review=log2(1 - share),
            made_from=f"learned without a truth from {seekers:,} seekers and {free:,} known persons",
        )
    return weights


# `likely`: that this pair is right and none of the seeker's others, nor that the person is not known.
_BELIEVED = """
    SELECT *, pow(2, least(weight, 60)) / (sum(pow(2, least(weight, 60))) OVER (PARTITION BY left_ref) + $unknown)
        AS likely, my_rank = 1 AND their_rank = 1 AS mutual
    FROM judged
"""
