"""Births and what the health centre sees of them: drawn from the hidden risk, with the shares of the city."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimamori.city import rates
from mimamori.city.days import add_months, age
from mimamori.city.people import CHILD, NOBODY, City
from mimamori.city.streams import Array, calibrated, pick


@dataclass
class Health:
    """One entry per person; what belongs to a birth stands with the child."""

    mother_age: Array  # at birth, 0 where there is no mother
    notice_weeks: Array
    weight: Array  # grams at birth
    weeks: Array
    epds: Array
    epds_q10: Array
    visit: Array  # result code of the home visit
    missed: Array  # (people × 4) check-ups not attended
    verdict: Array  # (people × 4) code of the judgement
    specified: Array  # the mother was a 特定妊婦
    handbook: Array  # kind of a handbook, 0: none
    teeth: Array  # untreated


def _banded(score: Array, shares: dict[int, float], child: Array) -> Array:
    """The lower end of the band in which each score lies, so that the bands have their shares among `child`."""
    ends = np.cumsum(list(shares.values())) / sum(shares.values())
    limits = np.quantile(score[child], np.minimum(ends[:-1], 1.0)) if child.any() else np.zeros(len(ends) - 1)
    result: Array = np.array(list(shares))[np.searchsorted(limits, score)]
    return result


def draw_health(city: City) -> Health:
    """Draw pregnancy, birth, EPDS, visit, check-ups and handbooks of everybody."""
    people, homes, settings = city.people, city.homes, city.settings
    size, rng = len(people), city.streams.topic("health")
    stress, poor, isolation = city.of_home(homes.stress), city.of_home(homes.poor), city.of_home(homes.isolation)
    child, has_mother = people.role == CHILD, people.mother != NOBODY
    mother_age = np.where(has_mother, age(people.birth[people.mother], people.birth), 0)
    bands = dict(settings.notice_weeks)
    band = _banded(1.0 * stress + poor + rng.logistic(size=size), bands, child)
    width = {low: high - low for low, high in zip(bands, [*list(bands)[1:], 36], strict=True)}
    notice = band + (rng.random(size) * np.array([width[int(one)] for one in band])).astype(np.int64)
    notice = np.where(band == min(bands), 6 + rng.integers(0, 6, size), notice)
    weight = rng.normal(3020, 400, size) - 60 * np.maximum(stress, 0) - np.where(people.twin, 600, 0)
    weight += 2500 - np.quantile(weight[child], rates.LOW_BIRTH_WEIGHT)
    early = weight + rng.normal(0, 180, size)
    preterm = early < np.quantile(early[child], settings.preterm)
    weeks = np.where(preterm, 36 - (rng.exponential(1.6, size)).astype(np.int64).clip(0, 10), 37 + pick(
        rng, np.array([0.12, 0.25, 0.32, 0.24, 0.07]), size))  # fmt: skip
    high = rng.random(size) < calibrated(0.8 * stress + 0.5 * isolation, rates.EPDS_HIGH)
    q10_low = max(0.0, settings.epds_question_10 - 0.3 * rates.EPDS_HIGH) / (1 - rates.EPDS_HIGH)
    attended = np.array(list(settings.checkup_attended.values()))
    missed = np.stack(
        [rng.random(size) < calibrated(0.9 * stress + 0.4 * poor, 1 - share) for share in attended], axis=1
    )
    shares = dict(settings.visit_result)
    refuses = calibrated(1.2 * stress + 0.6 * isolation, shares.pop("3"))
    visit = np.where(rng.random(size) < refuses, "3", pick(rng, shares, size))
    at_risk = 1.0 * stress + 1.5 * (mother_age < 20) + 1.2 * (notice >= 20) + 0.8 * city.of_home(homes.illness)
    return Health(
        mother_age=mother_age,
        notice_weeks=notice,
        weight=weight.clip(500, 4900).astype(np.int64),
        weeks=weeks,
        epds=np.where(high, 9 + rng.integers(0, 9, size), rng.integers(0, 9, size)),
        epds_q10=(rng.random(size) < np.where(high, 0.3, q10_low)).astype(np.int64) * rng.integers(1, 4, size),
        visit=visit,
        missed=missed,
        verdict=_verdicts(city, rng),
        specified=has_mother & (rng.random(size) < calibrated(at_risk, rates.SPECIFIED_MOTHERS)),
        handbook=_handbooks(city, rng),
        teeth=rng.poisson(0.35 * np.where(poor, 3.0, 1.0)),
    )


def _verdicts(city: City, rng: np.random.Generator) -> Array:
    """(people × 4) judgements: 要観察 and 要精密 more often where the child's own need is high."""
    people, settings = city.people, city.settings
    made = []
    for kind, observed in settings.checkup_observed.items():
        score = 0.8 * people.need + rng.logistic(size=len(people))
        close = rates.CLOSE_EXAMINATION.get(kind, 0.02)  # A for the two that are not published
        limits = np.quantile(score, [1 - close - observed, 1 - close])
        verdict = np.array(["1", "3", "4"], dtype=object)[np.searchsorted(limits, score)]
        extra = rng.random(len(people))
        verdict = np.where((verdict == "1") & (extra < 0.04), "2", np.where(extra > 0.995, "5", verdict))  # A
        made.append(verdict)
    return np.stack(made, axis=1)


def _handbooks(city: City, rng: np.random.Generator) -> Array:
    """Kind of handbook: 1 physical, 2 intellectual, 3 mental; of children by their need, of adults by illness."""
    people, settings = city.people, city.settings
    child = people.role == CHILD
    kinds = {1: settings.handbook_physical, 2: settings.handbook_intellectual, 3: settings.handbook_mental}
    chance = rng.random(len(people)) < calibrated(1.2 * people.need, sum(kinds.values()))
    result = np.where(child & chance, pick(rng, kinds, len(people)), 0)
    grown = np.where(city.of_home(city.homes.illness), 0.2, 0.0)
    result = np.where(~child & (rng.random(len(people)) < grown), 3, result)
    return np.where(~child & (result == 0) & (rng.random(len(people)) < 0.03), 1, result)  # A


def checkup_days(births: Array) -> Array:
    """Due days (children × 4): 5, 11, 20 and 43 months after birth, the last day the city expects each by."""
    return np.stack([add_months(births, months) for months in (5, 11, 20, 43)], axis=1)
