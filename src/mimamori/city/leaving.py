"""Who leaves the city in the last year, and who dies: the register keeps their rows."""

from __future__ import annotations

import numpy as np

from mimamori.city import rates
from mimamori.city.days import NEVER, YEAR
from mimamori.city.people import FATHER, MOTHER, NOBODY, City
from mimamori.city.stays import seasonal_days
from mimamori.city.streams import Array, choose

LEAVING_DAYS = round(YEAR)  # before today


def draw_leaving(city: City, factor: Array) -> None:
    """Set `left`, `dead` and `abroad`; `factor`: how much more than the mean a household moves."""
    people, homes, stays = city.people, city.homes, city.stays
    rng = city.streams.topic("leaving")
    count, first = len(homes.ward), city.today - LEAVING_DAYS + 1
    day = seasonal_days(rng, first, city.today, count)
    last = stays.start[np.searchsorted(stays.home, np.arange(count), side="right") - 1]
    for change in (homes.split_on, homes.remarried_on):
        last = np.maximum(last, np.where(change < NEVER, change + 130, last))  # the children's new name comes first
    goes = (rng.random(count) < rates.OUT_RATE * factor) & (day > last + 30)
    left = np.where(goes, day, NEVER)[people.household]
    abroad = (rng.random(count) < np.where(homes.nation != NOBODY, 0.35, 0.03))[people.household]  # A
    people.left = np.minimum(people.left, left)
    people.abroad = abroad & (people.left == left) & (left < NEVER)
    years = (city.today - people.birth) / YEAR
    lone_parent = np.isin(people.role, (MOTHER, FATHER)) & city.of_home(homes.single)
    weight = np.where(city.here(np.arange(len(people)), city.today) & ~lone_parent, np.exp(0.095 * years), 0.0)
    dying = choose(rng, weight, round(city.settings.deaths * city.settings.residents))
    died = first + rng.integers(0, LEAVING_DAYS, len(dying))
    late = people.enter[dying] < died
    people.left[dying[late]] = died[late]
    people.dead[dying[late]] = True
    people.enter[people.enter >= people.left] = NEVER
