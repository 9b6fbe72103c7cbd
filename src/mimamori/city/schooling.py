"""Which school a child goes to, how often it is absent, and what its family pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimamori.city import rates
from mimamori.city.consultations import Guidance
from mimamori.city.days import grade, school_year_of
from mimamori.city.people import CHILD, NOBODY, City
from mimamori.city.streams import Array, calibrated, scaled

YEARS_KEPT = 3  # school years of which the schools' records hold figures, this one included


@dataclass
class Schooling:
    """One entry per person."""

    pupil: Array  # of a city school, in the years of school age
    private: Array
    unschooled: Array  # of school age and in no school that the city knows
    special: Array  # code of the special class, text
    non_attending: Array  # (years × people), this school year last
    absence: Array  # (years × people) mean days a month
    visits: Array  # mean visits to the sick room a month
    arrears: Array  # school costs left unpaid
    lunch_arrears: Array
    aid: Array  # school expense aid


def draw_schooling(city: City, assistance: Array, guidance: Guidance) -> Schooling:
    people, homes, settings = city.people, city.homes, city.settings
    size, rng = len(people), city.streams.topic("schooling")
    year = school_year_of(city.today)
    stress, poor, single = city.of_home(homes.stress), city.of_home(homes.poor), city.of_home(homes.single)
    grades = grade(people.birth, year)
    # Who will be at school this year or was in one of the years kept.
    of_age = (people.role == CHILD) & (grades >= 1) & (grades <= 9 + YEARS_KEPT - 1) & ~people.outside
    private_share = np.where(grades <= 6, settings.private_elementary, settings.private_junior_high)
    private = of_age & (rng.random(size) < private_share * np.where(poor, 0.2, 1.1))
    foreign = city.of_home(homes.nation) != NOBODY
    unschooled = of_age & ~private & (rng.random(size) < np.where(foreign, 0.06, 0.0003))  # A
    pupil = of_age & ~private & ~unschooled
    costs = calibrated(1.2 * poor + 0.8 * stress, settings.collections_unpaid)
    arrears = rng.random(size) < costs
    near = np.where(poor, 8.0, 0.5) * np.where(single, 2.0, 1.0) * ~assistance[people.household]
    assisted = float(assistance[people.household][pupil].mean()) if pupil.any() else 0.0
    aid = pupil & assistance[people.household]
    able = pupil & ~aid
    aid[able] = rng.random(int(able.sum())) < scaled(near[able], max(0.0, settings.expense_aid - assisted))
    changed = city.stays.start[city.stay_on(np.arange(size), city.today)] > city.today - 365
    visits = rng.gamma(0.6, 0.15, size) * np.exp(0.4 * people.need)
    ratio = {name: np.log(value) for name, value in rates.NON_ATTENDANCE_RATIO.items()}
    score = (
        0.7 * people.need
        + ratio["expense_aid"] * aid
        + ratio["single_parent"] * single
        + ratio["changed_school"] * changed
        + ratio["abuse_referral"] * np.isin(np.arange(size), guidance.who)
        + ratio["sick_room_visit"] * np.minimum(visits * 10, 4)
    )
    non_attending = _non_attendance(rng, score, pupil, grades, settings.non_attendance_stays)
    yearly = rng.gamma(settings.absence_dispersion, settings.absence_year_mean / settings.absence_dispersion, size)
    long = rng.random(size) < rates.NON_ATTENDANCE_90_DAYS
    away = np.where(long, rng.uniform(8.6, 16, size), rng.uniform(3, 8, size))
    return Schooling(
        pupil=pupil,
        private=private,
        unschooled=unschooled,
        special=_special_classes(city, rng),
        non_attending=non_attending,
        absence=np.where(non_attending, away, np.minimum(yearly, 24) / 11),
        visits=np.where(non_attending[-1], visits + 0.4, visits),
        arrears=arrears,
        lunch_arrears=arrears & (rng.random(size) < rates.LUNCH_UNPAID / settings.collections_unpaid),
        aid=aid,
    )


def _non_attendance(rng: np.random.Generator, score: Array, pupil: Array, grades: Array, stays: float) -> Array:
    """(years × people): each grade has its share every year, and a part of last year's stays in it."""
    result = np.zeros((YEARS_KEPT, len(score)), dtype=bool)
    for back in range(YEARS_KEPT):
        place = YEARS_KEPT - 1 - back
        for one, share in rates.NON_ATTENDANCE.items():
            here = np.flatnonzero(pupil & (grades - back == one))
            if back == 0 or one == max(rates.NON_ATTENDANCE):
                result[place, here] = rng.random(len(here)) < calibrated(score[here], share)
                continue
            after = result[place + 1, here]
            kept = min(1.0, stays * share * len(here) / max(1, int(after.sum())))
            rest = calibrated(score[here][~after], min(0.5, (1 - stays) * share)) if (~after).any() else np.empty(0)
            chance = np.full(len(here), kept)
            chance[~after] = rest
            result[place, here] = rng.random(len(here)) < chance
    return result


def _special_classes(city: City, rng: np.random.Generator) -> Array:
    """Codes of special classes: 1 intellectual, 2 autism and emotions, 3 other, 4 tuition beside the regular class."""
    chance = rng.random(len(city.people)) < calibrated(1.2 * city.people.need, rates.SPECIAL_CLASS)
    kind = rng.choice(np.array(["1", "2", "3"], dtype=object), len(city.people), p=[0.45, 0.48, 0.07])  # A
    beside = rng.random(len(city.people)) < 0.015  # A
    return np.where(chance, kind, np.where(beside, "4", "0"))
