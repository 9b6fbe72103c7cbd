"""The city's schools: so many in each ward as its children need, each with a name, a code and a district of towns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mimamori.city import rates
from mimamori.city.people import texts
from mimamori.city.settings import Settings
from mimamori.city.streams import Array

HEADS = (
    "若葉", "青空", "浜田", "港南", "緑丘", "桜台", "原田", "西原",
    "南陽", "北川", "松風", "梅香", "花園", "星見", "山手", "川辺",
)  # fmt: skip
TAILS = ("", "東", "西", "南", "北", "中央", "台", "町", "浜", "丘")
FUKUOKA, OF_A_CITY = "40", "2"  # in a school's code: the prefecture, and who runs it


@dataclass(frozen=True)
class Schools:
    """`code`, `name`, `kind` of each school; ward number w has the elementary ones `first[w]` … `first[w + 1] − 1`."""

    code: Array
    name: Array
    kind: Array  # B1 elementary, C1 junior high
    first: Array  # by ward, of the elementary schools; one more at the end
    junior: Array  # by elementary school: the junior high school it leads to

    def of(self, ward: Array, town: Array, junior: Array) -> Array:
        """The school of each place: `ward` codes, `town` numbers, whether it is a junior high school."""
        place = np.searchsorted(np.array(sorted(rates.WARD_SHARE)), ward.astype(str))
        count = self.first[place + 1] - self.first[place]
        elementary = self.first[place] + town % count
        result: Array = np.where(junior, self.junior[elementary], elementary)
        return result


def make_schools(settings: Settings) -> Schools:
    """At least one of each kind in a ward; in a smaller city there are fewer, as large as the real ones."""
    size = settings.residents / rates.PEOPLE
    wards = sorted(rates.WARD_SHARE)
    children = np.array([rates.WARD_SHARE[ward] * settings.ward_children[ward] for ward in wards])
    share = children / children.sum() * size
    elementary = np.maximum(1, np.round(share * rates.CITY_ELEMENTARY_SCHOOLS)).astype(np.int64)
    junior = np.maximum(1, np.round(share * rates.CITY_JUNIOR_HIGH_SCHOOLS)).astype(np.int64)
    junior = np.minimum(junior, elementary)
    first = np.concatenate([[0], np.cumsum(elementary)])
    leads = [
        int(first[-1] + junior[:ward].sum() + place * junior[ward] // elementary[ward])
        for ward in range(len(wards))
        for place in range(int(elementary[ward]))
    ]
    kinds = ["B1"] * int(elementary.sum()) + ["C1"] * int(junior.sum())
    of_ward = np.concatenate([np.repeat(wards, elementary), np.repeat(wards, junior)])
    names, codes = [], []
    for serial, (kind, ward) in enumerate(zip(kinds, of_ward.tolist(), strict=True)):
        number = serial if kind == "B1" else serial - int(elementary.sum())
        tail = TAILS[number // len(HEADS) % len(TAILS)]
        names.append(f"{HEADS[number % len(HEADS)]}{tail}{'小学校' if kind == 'B1' else '中学校'}")
        code = f"{kind}{FUKUOKA}{OF_A_CITY}{int(ward) % 100:02d}{serial:05d}"
        codes.append(f"{code}{sum(map(ord, code)) % 10}")
    return Schools(texts(codes), texts(names), texts(kinds), first, np.array(leads))
