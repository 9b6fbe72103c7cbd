"""What happens in the families: the hidden risk drives it, so that an oracle exists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimamori.city import rates
from mimamori.city.consultations import Guidance, draw_guidance
from mimamori.city.days import age
from mimamori.city.health import Health, draw_health
from mimamori.city.people import CHILD, MOTHER, NOBODY, City
from mimamori.city.schooling import Schooling, draw_schooling
from mimamori.city.streams import Array, scaled


@dataclass
class Lives:
    hazard: Array  # per person: relative hazard of an abuse consultation
    assistance: Array  # per household
    health: Health
    school: Schooling
    guidance: Guidance


def live(city: City) -> Lives:
    """Draw everybody's life from the hidden risk."""
    health = draw_health(city)
    assistance = _assistance(city)
    hazard = _hazard(city, health, assistance)
    guidance = draw_guidance(city, hazard)
    return Lives(hazard, assistance, health, draw_schooling(city, assistance, guidance), guidance)


def _assistance(city: City) -> Array:
    """Households on public assistance: single mothers and children have their own shares, others what is left."""
    homes, people, settings = city.homes, city.people, city.settings
    rng, size = city.streams.topic("assistance"), len(homes.ward)
    weight = np.exp(0.6 * homes.stress) * np.where(homes.poor, 12, 0.4)
    family = np.arange(size) < homes.families
    lone_mothers = np.zeros(size, dtype=bool)
    lone_mothers[people.household[people.role == MOTHER]] = True
    lone_mothers &= homes.single
    two = family & ~lone_mothers
    of_single = len(np.flatnonzero(lone_mothers[people.household[city.children]])) / max(1, len(city.children))
    rest = (settings.assistance_children - rates.ASSISTANCE_SINGLE_MOTHERS * of_single) / max(0.01, 1 - of_single)
    in_family = family[people.household].mean()
    others = (settings.assistance_people - settings.assistance_children * in_family) / max(0.01, 1 - in_family)
    chance = np.zeros(size)
    for group, share in (
        (lone_mothers, rates.ASSISTANCE_SINGLE_MOTHERS),
        (two, max(0.004, rest)),
        (~family, max(0.0, others)),
    ):
        chance[group] = scaled(weight[group], share)
    result: Array = rng.random(size) < chance
    return result


def _hazard(city: City, health: Health, assistance: Array) -> Array:
    """The product of the published ratios, cut at the cap, on a factor of the family's stress itself."""
    people, homes = city.people, city.homes
    poor, assisted = city.of_home(homes.poor), assistance[people.household]
    has_mother = people.mother != NOBODY
    flags = {
        "mother_under_20": has_mother & (health.mother_age < 20),
        "mother_20_24": has_mother & (health.mother_age >= 20) & (health.mother_age < 25),
        "unmarried_at_birth": city.of_home(homes.reason == "unmarried"),
        "late_notice": health.notice_weeks >= 20,
        "low_birth_weight": health.weight < 2500,
        "mental_illness": city.of_home(homes.illness),
        "epds_high": health.epds >= 9,
        "violence": city.of_home(homes.violence),
        "assistance": assisted,
        "near_assistance": poor & ~assisted,
        "single_parent": city.of_home(homes.single),
        "missed_checkup": health.missed.any(axis=1),
        "visit_refused": health.visit == "3",
        "twins": people.twin,
    }
    hazard = np.exp(city.settings.latent_effect * city.of_home(homes.stress))
    for name, flag in flags.items():
        hazard = hazard * np.where(flag, rates.ABUSE_RATIO[name], 1.0)
    years = age(people.birth, city.today)
    able = (people.role == CHILD) & (years < 18) & (people.birth <= city.today) & ~people.outside
    able &= people.enter <= city.today
    if city.settings.pure_chance:
        hazard = np.ones(len(people))
    result: Array = np.where(able, np.minimum(hazard, rates.RATIO_CAP), 0.0)
    return result
