"""Where the households lived: stays at addresses, drawn from the rates of moves in, between and inside the wards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimamori.city import rates
from mimamori.city.days import NEVER, YEAR, parts
from mimamori.city.streams import Array, pick
from mimamori.city.towns import Addresses, make_addresses

IN, BETWEEN, INSIDE = range(3)  # how a stay began
HISTORY_YEARS = 3  # years before today in which moves are drawn one by one
_SPAN = 2**22  # days are smaller than half of this: home × span + day sorts stays


@dataclass
class Stays:
    """Stays of all households, sorted by household and day; the last of a household is its present address."""

    home: Array
    start: Array
    end: Array  # day of the next stay, NEVER for the last
    kind: Array
    serial: Array  # how many household numbers the household had before (a move between wards renews it)
    addresses: Addresses

    def on(self, home: Array, day: Array | int) -> Array:
        """The stay of each household on a day; its first stay on a day before that."""
        keys = self.home * _SPAN + self.start + _SPAN // 2
        wanted = home * _SPAN + np.clip(day, -_SPAN // 4, _SPAN // 4) + _SPAN // 2
        place = np.searchsorted(keys, wanted, side="right") - 1
        first = np.searchsorted(self.home, home, side="left")
        result: Array = np.maximum(place, first)
        return result

    def household_no(self) -> Array:
        """Household numbers, text, one per stay."""
        return np.array(
            [f"{n + 1}{h:07d}" for n, h in zip(self.serial.tolist(), self.home.tolist(), strict=True)], dtype=object
        )


def seasonal_days(rng: np.random.Generator, first: int, last: int, size: int) -> Array:
    """Days from `first` to `last`: March and April have their share of a year's moves."""
    every = np.arange(first, last + 1)
    spring = np.isin(parts(every)[1], (3, 4))
    return every[pick(rng, np.where(spring, rates.SPRING_SHARE / 61, (1 - rates.SPRING_SHARE) / 304.25), size)]


def draw_stays(rng: np.random.Generator, ward: Array, factor: Array, begins: Array, today: int) -> Stays:
    """Stays of households whose present wards are given.

    `factor`: how much more than the mean a household moves. `begins`: the day a household was founded inside the city
    (NEVER: long ago), after which alone it moves.
    """
    count, everybody = len(ward), np.arange(len(ward))
    window = today - round(HISTORY_YEARS * YEAR)
    known = {IN: rates.IN_RATE, BETWEEN: rates.BETWEEN_WARDS_RATE, INSIDE: rates.INSIDE_WARD_RATE}
    founded = begins < NEVER
    base = window - 1 - (rng.exponential(1 / sum(known.values()), count) * YEAR).astype(np.int64)
    base = np.where(founded, begins, base)
    came = ~founded & (rng.random(count) < rates.IN_RATE / sum(known.values()))
    longer = np.flatnonzero(~founded & ~came)  # lived elsewhere in the city before
    home, start = [everybody, longer], [base, base[longer] - 400 - (rng.exponential(5 * YEAR, len(longer))).astype(int)]
    kind = [np.where(came, IN, INSIDE), np.full(len(longer), IN)]
    for one, rate in known.items():
        moved = np.repeat(everybody, rng.poisson(rate * HISTORY_YEARS * factor))
        home.append(moved)
        start.append(seasonal_days(rng, window, today, len(moved)))
        kind.append(np.full(len(moved), one))
    homes, starts, kinds = np.concatenate(home), np.concatenate(start), np.concatenate(kind)
    order = np.lexsort((starts, homes))
    homes, starts, kinds = homes[order], starts[order], kinds[order]
    # Whoever came from outside has no stay before; whoever was founded inside the city has none but their own.
    last_in = np.full(count, -NEVER)
    np.maximum.at(last_in, homes[kinds == IN], starts[kinds == IN])
    keep = np.where(founded[homes], (starts == begins[homes]) | ((starts > begins[homes]) & (kinds != IN)), True)
    keep &= founded[homes] | (starts >= last_in[homes])
    keep[1:] &= (np.diff(homes) != 0) | (np.diff(starts) > 20)
    homes, starts, kinds = homes[keep], starts[keep], kinds[keep]
    same = np.append(np.diff(homes) == 0, False)
    end = np.where(same, np.append(starts[1:], NEVER), NEVER)
    serial = _since_first(homes, kinds == BETWEEN)
    return Stays(homes, starts, end, kinds, serial, make_addresses(rng, _wards(rng, homes, kinds, ward)))


def _since_first(homes: Array, flag: Array) -> Array:
    """How many flags a household had up to each of its stays."""
    total = np.cumsum(flag)
    first = np.searchsorted(homes, homes, side="left")
    result: Array = total - (total - flag)[first]
    return result


def _wards(rng: np.random.Generator, homes: Array, kinds: Array, ward: Array) -> Array:
    """The ward of each stay, walked back from the present one: before a move between wards it was another."""
    codes = np.array(list(rates.WARD_SHARE))
    result = ward[homes].astype(codes.dtype)
    other = pick(rng, dict(rates.WARD_SHARE), len(homes))
    following = codes[(np.searchsorted(codes, result) + 1) % len(codes)]
    other = np.where(other == result, following, other)
    place = np.arange(len(homes)) - np.searchsorted(homes, homes, side="left")
    for step in range(int(place.max(initial=0)), 0, -1):
        here = np.flatnonzero(place == step)
        changed = kinds[here] == BETWEEN
        clash = other[here] == result[here]
        elsewhere = np.where(clash, codes[(np.searchsorted(codes, result[here]) + 1) % len(codes)], other[here])
        result[here - 1] = np.where(changed, elsewhere, result[here])
    return result.astype(object)
