"""Who lives in the households: parents, children, grandparents, adults without children, parents who live apart."""

from __future__ import annotations

import numpy as np

from mimamori.city import rates
from mimamori.city.days import NEVER, YEAR, age, grade, number, school_year_of
from mimamori.city.households import add_homes, draw_marriages, make_households
from mimamori.city.leaving import draw_leaving
from mimamori.city.names import Names
from mimamori.city.people import (
    ADULT,
    APART,
    CHILD,
    FATHER,
    GRANDPARENT,
    GROWN,
    MOTHER,
    NOBODY,
    PARTNER,
    City,
    Households,
    People,
    check_digit,
)
from mimamori.city.settings import Settings
from mimamori.city.stays import HISTORY_YEARS, draw_stays
from mimamori.city.streams import Array, Streams, choose, pick

UNBORN_DAYS = 200  # how far ahead births are known of: pregnancies that were notified
PLACED_DAYS = 900  # how long ago a child in foster care came at most
Part = dict[str, Array]


def make_city(settings: Settings, names: Names, streams: Streams) -> City:
    """A city in which `settings.residents` people live today, as nearly as leaving and dying allow."""
    today = number(settings.last_day)
    rng = streams.topic("households")
    # Children of 18 and more are no longer counted, and a few of the youngest are not born yet.
    families = max(8, round(settings.residents * rates.CHILDREN_SHARE / 1.505))
    kids = pick(rng, dict(rates.CHILDREN_PER_HOUSEHOLD), families)
    children, mothers_birth, youngest = _children(rng, settings, kids, today)
    elders = np.flatnonzero(rng.random(families) < settings.three_generations)
    wanted = round(settings.residents * (1 + rates.OUT_RATE + settings.deaths))
    born = int((children["birth"] <= today).sum())
    family_people = born + round(families * 1.85) + len(elders)
    sizes = _adult_homes(rng, settings, max(1, wanted - family_people))
    homes = make_households(settings, streams, names, families=families, others=len(sizes), family_people=family_people)
    draw_marriages(streams.topic("marriages"), settings, homes, youngest=youngest, today=today)
    parts = [_parents(rng, settings, homes, mothers_birth), children, _elders(rng, elders, today)]
    parts.append(_outsiders(rng, settings, families, born, today))
    parts.append(_adults(rng, families, sizes, today))
    apart = np.flatnonzero(homes.divorced)
    recent = today - round(HISTORY_YEARS * YEAR)
    steps = np.flatnonzero((homes.remarried_on >= recent) & (homes.remarried_on < NEVER))
    first = len(homes.ward)
    parts.append(_apart(rng, homes, parts[0], apart, first))
    homes = add_homes(homes, np.concatenate([apart, steps]))
    begins = np.full(len(homes.ward), NEVER)
    begins[first : first + len(apart)] = np.where(homes.split_on[apart] >= recent, homes.split_on[apart], NEVER)
    factor = np.ones(len(homes.ward))
    years = (today - youngest) / YEAR
    factor[:families] = np.where(years < 5, settings.moving_infants, np.where(years < 15, settings.moving_pupils, 1.0))
    stays = draw_stays(streams.topic("moves"), homes.ward, factor, begins, today)
    joined = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    people = _people(settings, streams, names, homes, joined, today=today)
    city = City(settings, streams, names, homes, stays, people, today, np.empty(0, dtype=np.int64))
    _earlier_homes(city, apart=apart, steps=steps, first=first, recent=recent)
    draw_leaving(city, factor)
    minor = (people.role == CHILD) & (grade(people.birth, school_year_of(today)) <= 12)
    city.children = np.flatnonzero(minor & city.here(np.arange(len(people)), today))
    return city


def _plain(home: Array, role: int | Array, sex: int | Array, birth: Array) -> Part:
    size = len(home)
    return {
        "household": np.asarray(home),
        "role": np.broadcast_to(np.asarray(role), (size,)),
        "sex": np.broadcast_to(np.asarray(sex), (size,)),
        "birth": birth.astype(np.int64),
        "twin": np.zeros(size, dtype=bool),
        "outside": np.zeros(size, dtype=bool),
    }


def _children(rng: np.random.Generator, settings: Settings, kids: Array, today: int) -> tuple[Part, Array, Array]:
    """The children, the birth of each family's mother, and of its youngest child."""
    families = len(kids)
    home = np.repeat(np.arange(families), kids)
    first = np.cumsum(kids) - kids
    order = np.arange(len(home)) - first[home]
    youngest = (rng.random(families) * (18 * 365 + UNBORN_DAYS)).astype(np.int64) - UNBORN_DAYS
    gaps = np.where(order == 0, 0, (rng.gamma(4, 0.75, len(home)).clip(1.1, 9) * YEAR).astype(np.int64))
    # Of the second children about every thirtieth is a twin: both are children of a multiple birth.
    twin = (order == 1) & (rng.random(len(home)) < rates.MULTIPLE_CHILDREN * 1.65)
    gaps[twin] = 0
    total = np.cumsum(gaps)
    born = today - (youngest[home] + total - total[first][home])
    pair = twin.copy()
    pair[np.flatnonzero(twin) - 1] = True
    made = _plain(home, CHILD, 1 + (rng.random(len(home)) < 0.488), born)
    made["twin"] = pair
    # The mother's age is drawn at the birth of one of her children; she is at least 15 when the eldest is born.
    lower = pick(rng, dict(settings.mother_age), families)
    at_birth = (lower + rng.random(families) * np.where(lower < 20, 4, 5)) * YEAR
    one = born[first + (rng.random(families) * kids).astype(np.int64)]
    eldest = born[first + kids - 1]
    mothers = np.minimum(one - at_birth.astype(np.int64), eldest - round(15.5 * YEAR))
    keep = today - born < 19 * 365
    return {key: values[keep] for key, values in made.items()}, mothers, today - youngest


def _adult_homes(rng: np.random.Generator, settings: Settings, adults: int) -> Array:
    """How many people live in each household without children; together `adults`."""
    weights = np.array([settings.single_households, settings.two_person_households, 0.03])
    sizes = 1 + pick(rng, weights, adults)
    total = np.cumsum(sizes)
    result: Array = sizes[: int(np.searchsorted(total, adults)) + 1]
    return result


def _parents(rng: np.random.Generator, settings: Settings, homes: Households, mothers_birth: Array) -> Part:
    """A mother for each family but those of lone fathers, a father where there are two parents."""
    families = homes.families
    home, single = np.arange(families), homes.single[:families]
    among_single = settings.single_fathers / (settings.single_fathers + settings.single_mothers)
    share = np.where(homes.divorced[:families], rates.CUSTODY["father"], among_single)
    lone_father = single & (homes.reason[:families] != "unmarried") & (rng.random(families) < share)
    homes.other_family[:families][lone_father] = homes.family[:families][lone_father]
    mothers, fathers = home[~lone_father], home[~single | lone_father]
    older = mothers_birth - (rng.normal(1.8, 3, families) * YEAR).astype(np.int64)
    older = np.minimum(older, mothers_birth + 4 * 365)
    made = [_plain(mothers, MOTHER, 2, mothers_birth[mothers]), _plain(fathers, FATHER, 1, older[fathers])]
    return {key: np.concatenate([part[key] for part in made]) for key in made[0]}


def _elders(rng: np.random.Generator, homes: Array, today: int) -> Part:
    return _plain(
        homes, GRANDPARENT, 1 + rng.integers(0, 2, len(homes)), today - rng.integers(58 * 365, 84 * 365, len(homes))
    )


def _adults(rng: np.random.Generator, families: int, sizes: Array, today: int) -> Part:
    """Adults without children: alone, couples, couples with a grown child."""
    home = families + np.repeat(np.arange(len(sizes)), sizes)
    first = (np.cumsum(sizes) - sizes)[home - families]
    order = np.arange(len(home)) - first
    role = np.array([ADULT, PARTNER, GROWN])[order]
    head = np.where(sizes == 1, rng.integers(19, 92, len(sizes)), rng.integers(27, 90, len(sizes)))
    head = np.where(sizes == 3, rng.integers(48, 90, len(sizes)), head)[home - families]
    years = np.where(order == 1, head - rng.integers(-3, 7, len(home)), head)
    years = np.where(order == 2, head - rng.integers(26, 30, len(home)), years).clip(19, 96)
    birth = today - years * 365 - rng.integers(0, 365, len(home))
    sex = 1 + rng.integers(0, 2, len(home))
    sex = np.where(order == 1, 3 - sex[first], sex)
    return _plain(home, role, sex, birth)


def _outsiders(rng: np.random.Generator, settings: Settings, families: int, children: int, today: int) -> Part:
    """Children who stay with a family of the city and are in no register: child guidance alone knows of them."""
    known = rates.ABUSE_CONSULTATIONS * HISTORY_YEARS * children
    count = max(1, round(settings.outside_known * known))
    born = today - rng.integers(3 * 365, 17 * 365, count)
    made = _plain(rng.integers(0, families, count), CHILD, 1 + rng.integers(0, 2, count), born)
    made["outside"][:] = True
    return made


def _apart(rng: np.random.Generator, homes: Households, parents: Part, apart: Array, first: int) -> Part:
    """The other parent of each divorced family, in a home of their own."""
    stays = np.zeros(homes.families, dtype=np.int64)
    birth = np.zeros(homes.families, dtype=np.int64)
    stays[parents["household"]], birth[parents["household"]] = parents["sex"], parents["birth"]
    born = birth[apart] - (rng.normal(1.0, 3, len(apart)) * YEAR).astype(np.int64)
    return _plain(first + np.arange(len(apart)), APART, 3 - stays[apart], np.minimum(born, birth[apart] + 1200))


def _people(
    settings: Settings, streams: Streams, names: Names, homes: Households, joined: Part, *, today: int
) -> People:
    rng = streams.topic("people")
    size = len(joined["household"])
    home, role, birth, sex = joined["household"], joined["role"], joined["birth"], joined["sex"]
    given = names.given(rng, sex, birth)
    for place, one in enumerate(names.nations):
        for which, kind in ((1, "men"), (2, "women")):
            here = np.flatnonzero((homes.nation[home] == place) & (sex == which))
            given[here] = rng.integers(one[kind][0], one[kind][1], len(here))
    is_child = role == CHILD
    mother, father = _parent_of(homes, joined, MOTHER), _parent_of(homes, joined, FATHER)
    outside = joined["outside"]
    weights = (is_child & ~outside & (age(birth, today) >= 3) & ~joined["twin"]).astype(float)
    foster = np.zeros(size, dtype=bool)
    foster[choose(rng, weights, max(1, round(int(is_child.sum()) * rates.CARE_SHARE)))] = True
    family, before, renamed_on = _family_names(rng, homes, names, joined, foster | outside)
    wanted = max(1, round(rates.PROTECTED_PEOPLE * settings.residents / 2.6))
    able = homes.divorced & (mother != NOBODY) & np.isin(np.arange(len(homes.ward)), home[role == MOTHER])
    protected_homes = choose(rng, able * np.exp(homes.stress + 2.0 * homes.violence), wanted)
    own = is_child & ~foster & ~outside
    return People(
        household=home,
        earlier=np.full(size, NOBODY),
        joined=np.full(size, -NEVER),
        role=role,
        sex=sex,
        birth=birth,
        family=family,
        family_before=before,
        renamed_on=renamed_on,
        given=given,
        number=check_digit(rng.permutation(9_000_000)[:size] + 1_000_000),
        mother=np.where(own, mother[home], NOBODY),
        father=np.where(own, father[home], NOBODY),
        need=rng.normal(size=size) + 0.25 * homes.stress[home],
        twin=joined["twin"],
        foster=foster,
        outside=outside,
        protected=np.isin(home, protected_homes) & ~outside,
        enter=np.where(foster, np.maximum(birth + 365, today - PLACED_DAYS), birth),
        left=np.full(size, NEVER),
        dead=np.zeros(size, dtype=bool),
        abroad=np.zeros(size, dtype=bool),
    )


def _parent_of(homes: Households, joined: Part, role: int) -> Array:
    """The mother or the father of each household's children, or NOBODY; a stepfather is none."""
    home, sex = joined["household"], joined["sex"]
    # Each divorced family has one parent apart, in the order of the families.
    apart = np.flatnonzero(joined["role"] == APART)
    own = sex[apart] == (2 if role == MOTHER else 1)
    line = np.full(len(homes.ward), NOBODY)
    line[np.flatnonzero(homes.divorced)[own]] = apart[own]
    here = np.flatnonzero(joined["role"] == role)
    here = here[~homes.step[home[here]]] if role == FATHER else here
    line[home[here]] = here
    return line


def _family_names(
    rng: np.random.Generator, homes: Households, names: Names, joined: Part, foster: Array
) -> tuple[Array, Array, Array]:
    """Today's name, the one before, and the day of the change: after divorces and remarriages."""
    home, role = joined["household"], joined["role"]
    size = len(home)
    family, before = homes.family[home], homes.other_family[home]
    day = np.full(size, NEVER)
    changed = (homes.family != homes.other_family)[home]
    follows = np.isin(role, (MOTHER, CHILD)) & ~foster & changed
    wait = np.where(role == CHILD, rng.integers(25, 120, len(homes.ward))[home], 0)
    after_split = follows & (homes.split_on[home] != NEVER)
    day = np.where(after_split, homes.split_on[home] + wait, day)
    adopted = (rng.random(len(homes.ward)) < 0.7)[home]  # A of stepchildren take the stepfather's name
    after_wedding = follows & (homes.remarried_on[home] != NEVER)
    keeps = after_wedding & (role == CHILD) & ~adopted
    day = np.where(after_wedding & ~keeps, homes.remarried_on[home], day)
    family = np.where(keeps, before, family)
    # Whoever lives apart keeps the name of the marriage (a father) or took her own name back (a mother).
    leaver = role == APART
    mother_left = leaver & (joined["sex"] == 2)
    family = np.where(leaver, before, family)
    strangers = foster | mother_left | ((role == GROWN) & (rng.random(size) < 0.15))
    fresh = names.family(rng, size)
    family = np.where(strangers & (homes.nation[home] == NOBODY), fresh, family)
    before = np.where(day == NEVER, family, before)
    return family, before, day


def _earlier_homes(city: City, *, apart: Array, steps: Array, first: int, recent: int) -> None:
    """Who lived where before: parents who left with a divorce, stepfathers who came; and who never was in the city."""
    homes, people, stays = city.homes, city.people, city.stays
    rng = city.streams.topic("parents apart")
    leavers = np.flatnonzero(people.role == APART)
    split = homes.split_on[apart]
    lately = split >= recent
    near = rng.random(len(apart)) < city.settings.father_in_city
    people.earlier[leavers[lately]] = apart[lately]
    people.joined[leavers[lately]] = split[lately]
    people.left[leavers[lately & ~near]] = split[lately & ~near]
    fathers = np.full(len(homes.ward), NOBODY)
    fathers[people.household[people.role == FATHER]] = np.flatnonzero(people.role == FATHER)
    came = fathers[steps]
    people.earlier[came] = first + len(apart) + np.arange(len(steps))
    people.joined[came] = homes.remarried_on[steps]
    begin = stays.start[np.searchsorted(stays.home, np.arange(len(homes.ward)), side="left")]
    old = np.maximum(people.enter, begin[np.maximum(people.earlier, 0)])
    now = np.maximum(np.maximum(people.enter, people.joined), begin[people.household])
    people.enter = np.where((people.earlier != NOBODY) & (old < people.joined), old, now)
    people.enter[leavers[~lately & ~near]] = NEVER
    people.enter[people.outside] = NEVER
    people.enter[people.enter >= people.left] = NEVER
