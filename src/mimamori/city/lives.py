"""What happens in the families: the hidden risk drives it, so that an oracle exists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimamori.city import rates
from mimamori.city.days import YEAR, add_months, age, grade, school_year
from mimamori.city.people import CHILD, NOBODY, City
from mimamori.city.streams import Array, calibrated, choose, pick, scaled

HISTORY_YEARS = 3  # of consultations before today; one year of later events follows


@dataclass
class Lives:
    """Per person unless said otherwise; days are whole numbers, flags are booleans."""

    hazard: Array  # relative hazard of an abuse consultation
    mother_age: Array  # at birth, 0 where there is no mother
    notice_weeks: Array
    weight: Array  # grams at birth
    weeks: Array
    epds: Array
    epds_q10: Array
    visit: Array  # result code of the home visit
    missed: Array  # (people × 4) check-ups not attended
    pupil: Array  # a city school's
    private: Array
    non_attending: Array
    absence: Array  # mean days a month
    arrears: Array  # per person: the child's family leaves school costs unpaid
    assistance: Array  # per household
    aid: Array  # pupils with school expense aid
    handbook: Array  # kind of a handbook, 0: none
    consulted: Array  # positions of children, one entry per consultation
    consulted_on: Array
    council: Array  # children registered
    later: Array  # children with a consultation after today
    later_on: Array


def live(city: City) -> Lives:
    """Draw everybody's life from the hidden risk."""
    people, homes, today = city.people, city.homes, city.today
    size, rng = len(people), city.streams.topic("lives")
    stress, poor, single = city.of_home(homes.stress), city.of_home(homes.poor), city.of_home(homes.single)
    child = people.role == CHILD
    has_mother = people.mother != NOBODY
    mother_age = np.where(has_mother, age(people.birth[people.mother], people.birth), 0)
    notice = np.where(rng.random(size) < calibrated(1.0 * stress + poor, 0.05), 12 + rng.integers(0, 20, size), 8)
    weight = (rng.normal(3020, 400, size) - 60 * np.maximum(stress, 0)).clip(600, 4800).astype(np.int64)
    weight = np.where(people.twin, weight - 600, weight).clip(500, None)
    epds_high = rng.random(size) < calibrated(0.8 * stress + 0.5 * city.of_home(homes.isolation), rates.EPDS_HIGH)
    epds = np.where(epds_high, 9 + rng.integers(0, 9, size), rng.integers(0, 9, size))
    refused = rng.random(size) < calibrated(1.2 * stress + 0.6 * city.of_home(homes.isolation), 0.01)
    visit = np.where(refused, "3", pick(rng, {"1": 0.96, "2": 0.03, "4": 0.01}, size))
    attended = np.array(list(city.settings.checkup_attended.values()))
    missed = np.stack(
        [rng.random(size) < calibrated(0.9 * stress + 0.4 * poor, 1 - share) for share in attended], axis=1
    )
    assistance = rng.random(len(homes.ward)) < scaled(
        np.exp(0.6 * homes.stress) * np.where(homes.poor, 12, 0.4) * np.where(homes.single, 2, 1),
        city.settings.assistance_people,
    )
    ratios = {
        "mother_under_20": has_mother & (mother_age < 20),
        "mother_20_24": has_mother & (mother_age >= 20) & (mother_age < 25),
        "late_notice": notice >= 20,
        "low_birth_weight": weight < 2500,
        "epds_high": epds_high,
        "assistance": assistance[people.household],
        "near_assistance": poor & ~assistance[people.household],
        "single_parent": single,
        "missed_checkup": missed.any(axis=1),
        "visit_refused": visit == "3",
    }
    hazard = np.exp(city.settings.latent_effect * stress)
    for name, flag in ratios.items():
        hazard = hazard * np.where(flag, rates.ABUSE_RATIO[name], 1.0)
    hazard = np.where(child & (age(people.birth, today) < 18), np.minimum(hazard, rates.RATIO_CAP), 0.0)
    grades = grade(people.birth, int(school_year(np.array([today]))[0]))
    school_age = child & (grades >= 1) & (grades <= 9)
    private = school_age & (rng.random(size) < np.where(grades <= 6, city.settings.private_elementary, 0.12) * ~poor)
    pupil = school_age & ~private
    non_attending = np.zeros(size, dtype=bool)
    for one, share in rates.NON_ATTENDANCE.items():
        here = np.flatnonzero(pupil & (grades == one))
        score = 0.7 * people.need[here] + 0.5 * stress[here] + 0.7 * single[here] + 0.6 * poor[here]
        non_attending[here] = rng.random(len(here)) < calibrated(score, share)
    yearly = rng.gamma(city.settings.absence_dispersion, city.settings.absence_year_mean / 0.5, size)
    absence = np.where(non_attending, rng.uniform(3, 14, size), np.minimum(yearly, 24) / 11)
    arrears = rng.random(size) < calibrated(1.2 * poor + 0.8 * stress, 0.02)
    aid = pupil & (rng.random(size) < scaled(np.where(poor, 8.0, 0.5) * np.exp(-0.1 * stress), 0.22 if size else 0))
    handbook = np.where(
        child & (rng.random(size) < calibrated(people.need, 0.024)), pick(rng, {1: 0.2, 2: 0.67, 3: 0.13}, size), 0
    )
    handbook = np.where(~child & (rng.random(size) < 0.045), pick(rng, {1: 0.6, 2: 0.1, 3: 0.3}, size), handbook)
    consulted, consulted_on = _consultations(city, rng, hazard, HISTORY_YEARS, today - round(HISTORY_YEARS * YEAR))
    sibling = np.isin(people.household, people.household[consulted])
    again = np.minimum(hazard * np.where(np.isin(np.arange(size), consulted), 8.0, np.where(sibling, 6.0, 1.0)), 60.0)
    later, later_on = _consultations(city, rng, again, 1, today + 1)
    return Lives(
        hazard=hazard,
        mother_age=mother_age,
        notice_weeks=notice,
        weight=weight,
        weeks=np.where(weight < 2300, 35, 39) + rng.integers(-1, 2, size),
        epds=epds,
        epds_q10=(rng.random(size) < np.where(epds_high, 0.3, 0.012)).astype(np.int64),
        visit=visit,
        missed=missed,
        pupil=pupil,
        private=private,
        non_attending=non_attending,
        absence=absence,
        arrears=arrears,
        assistance=assistance,
        aid=aid,
        handbook=handbook,
        consulted=consulted,
        consulted_on=consulted_on,
        council=np.unique(consulted[rng.random(len(consulted)) < 0.35]),
        later=later,
        later_on=later_on,
    )


def _consultations(
    city: City, rng: np.random.Generator, hazard: Array, years: float, start: int
) -> tuple[Array, Array]:
    """Children and days of abuse consultations within `years` from `start`, in proportion to the hazard."""
    count = round(rates.ABUSE_CONSULTATIONS * len(city.children) * years)
    who = choose(rng, hazard, max(1, count))
    day = start + rng.integers(0, round(years * YEAR), len(who))
    day = np.maximum(day, city.people.birth[who] + 7)
    inside = day < start + round(years * YEAR)
    return who[inside], day[inside]


def checkup_days(births: Array) -> Array:
    """Due days (people × 4): 4, 10, 19 and 42 months after birth, when the city asks for them."""
    return np.stack([add_months(births, months) for months in (5, 11, 20, 43)], axis=1)
