"""The households of a city and the hidden risk of each."""

from __future__ import annotations

import numpy as np

from mimamori.city import rates
from mimamori.city.days import NEVER, YEAR
from mimamori.city.names import Names
from mimamori.city.people import NOBODY, Households
from mimamori.city.settings import Settings
from mimamori.city.stays import HISTORY_YEARS
from mimamori.city.streams import Array, Streams, calibrated, choose, pick


def make_households(
    settings: Settings, streams: Streams, names: Names, *, families: int, others: int, family_people: int
) -> Households:
    """`families` households with children, then `others` without; `family_people` live in the first."""
    rng = streams.topic("homes")
    count = families + others
    weights = {ward: share * settings.ward_children[ward] for ward, share in rates.WARD_SHARE.items()}
    ward = np.concatenate([pick(rng, weights, families), pick(rng, dict(rates.WARD_SHARE), others)])
    stress = rng.normal(size=count)
    single_share = (settings.single_mothers + settings.single_fathers) * settings.residents / families
    single = (rng.random(count) < calibrated(0.5 * stress, min(single_share, 0.4))) & (np.arange(count) < families)
    reason = np.where(single, pick(rng, dict(rates.SINGLE_MOTHER_REASON), count), "").astype(object)
    poverty = np.where(single, rates.POVERTY_ONE_ADULT, rates.POVERTY_TWO_ADULTS)
    poor = rng.random(count) < np.clip(poverty * np.exp(0.5 * stress - 0.125), 0, 0.95)
    nation = _nations(rng, settings, names, families=families, others=others, family_people=family_people)
    family = names.family(rng, count)
    for place, one in enumerate(names.nations):
        here = np.flatnonzero(nation == place)
        family[here] = rng.integers(one["families"][0], one["families"][1], len(here))
    native = nation == NOBODY
    can_step = ~single & native & (np.arange(count) < families)
    step = can_step & (rng.random(count) < settings.stepfamilies)
    renamed = native & ((reason == "divorce") & (rng.random(count) < settings.name_back) | step)
    violence = rng.random(count) < calibrated(1.1 * stress + 0.8 * (reason == "divorce"), settings.violence)
    return Households(
        families=families,
        ward=ward,
        family=family,
        other_family=np.where(renamed, names.family(rng, count), family),
        nation=nation,
        reason=reason,
        step=step,
        stress=stress,
        isolation=0.4 * stress + 0.9 * rng.normal(size=count),
        poor=poor,
        violence=violence & (np.arange(count) < families),
        illness=rng.random(count) < calibrated(0.9 * stress, settings.mental_illness),
        split_on=np.full(count, NEVER),
        remarried_on=np.full(count, NEVER),
    )


def _nations(
    rng: np.random.Generator, settings: Settings, names: Names, *, families: int, others: int, family_people: int
) -> Array:
    """The nation of each household: families by the share of foreign children, the others by what is left of people."""
    adults = max(1, settings.residents - family_people)
    left = max(0.0, settings.foreigners * settings.residents - settings.foreign_children * family_people) / adults
    share = np.repeat([settings.foreign_children, left], [families, others])
    weights = np.array([float(nation["weight"]) for nation in names.nations])
    return np.where(rng.random(len(share)) < share, pick(rng, weights, len(share)), NOBODY)


def draw_marriages(
    rng: np.random.Generator, settings: Settings, homes: Households, *, youngest: Array, today: int
) -> None:
    """Days of divorces and of stepfathers' coming; `youngest`: birth of the youngest child, by household.

    Of the divorced families those of the last years are chosen at the yearly rate, the others parted before.
    """
    families, window = homes.families, round(HISTORY_YEARS * YEAR)
    recent = today - window
    for found, yearly, days in (
        (homes.divorced, rates.DIVORCE_PER_CHILD * families, homes.split_on),
        (homes.step, settings.remarriage * int(homes.single.sum()), homes.remarried_on),
    ):
        able = np.zeros(len(days), dtype=bool)
        able[:families] = found[:families] & (youngest[:families] < recent)
        lately = choose(rng, able.astype(float), round(yearly * HISTORY_YEARS))
        here = np.flatnonzero(found)
        earliest = np.minimum(youngest[here] + 60, recent - 1)
        days[here] = earliest + (rng.random(len(here)) * (recent - earliest)).astype(np.int64)
        days[lately] = recent + rng.integers(1, window, len(lately))
    homes.step[homes.remarried_on == NEVER] = False


def add_homes(homes: Households, like: Array) -> Households:
    """The same households and one more for each of `like`, with the same risk: homes of parents who live apart."""
    every = np.concatenate([np.arange(len(homes.ward)), like])
    fields = {name: values[every] for name, values in vars(homes).items() if isinstance(values, np.ndarray)}
    first = len(homes.ward)
    fields["reason"][first:] = ""
    for name in ("step", "violence"):
        fields[name][first:] = False
    for name in ("split_on", "remarried_on"):
        fields[name][first:] = NEVER
    return Households(families=homes.families, **fields)
