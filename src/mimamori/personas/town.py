"""The tiny city of all personas: real files of the layouts, through the real intake, and one real night.

What the night made is kept in memory; the files and their keys are gone when it is done.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from mimamori import intake, pipeline
from mimamori.config import Config
from mimamori.engine import rows_of, table_of
from mimamori.karte import store
from mimamori.linkage import DECISIONS, LEDGER
from mimamori.personas.families import Family, Resident, families_of
from mimamori.personas.load import Personas, load_personas
from mimamori.personas.ordinary import ordinary
from mimamori.personas.rows import Clerk
from mimamori.personas.schema import AS_OF
from mimamori.privacy.keys import KeyRing
from mimamori.refusal import Refused
from mimamori.screening import first_sets
from mimamori.sources import Registry, load_registry
from mimamori.sources.writing import write_extract

Tables = Mapping[tuple[str, str], list[dict[str, str]]]
KEPT = ("indicators", "source_status", "findings")  # of a night's tables; `findings` are those of the first sets


@dataclass(frozen=True)
class Town:
    """What a night knows of the personas: its tables, and the case number of each person (persona, who).

    Somebody who is missing there came through under no number, or under more than one.
    """

    personas: Personas
    tables: Mapping[str, pa.Table]
    numbers: Mapping[tuple[str, str], str]


@cache
def town() -> Town:
    """The town of this installation's personas, settled once a process: neither they nor the code change in it."""
    return settle(load_personas(), load_registry())


def settle(personas: Personas, registry: Registry) -> Town:
    """Write the files of all personas, receive them, run a night; a few seconds.

    Raises `Refused` naming the system whose file the intake would not have, or did not have whole.
    """
    families = families_of(personas.all(), registry)
    with tempfile.TemporaryDirectory(prefix="mimamori-personas-") as name:
        config = Config(home=Path(name) / "home", threads=1, memory_gib=1)
        keyring = KeyRing(config.keys)
        folder = Path(name) / "in"
        folder.mkdir()
        write(folder, registry, rows_by_table(families, registry))
        _receive(folder, config, keyring, registry)
        pipeline.night(
            config=config,
            keyring=keyring,
            registry=registry,
            as_of=AS_OF,
            ledger=LEDGER.empty_table(),
            decisions=DECISIONS.empty_table(),
            condition_sets=first_sets(),
            keep_ledger=lambda rows: None,
        )
        con = store.current(config, keyring).cursor()
        tables = {table: table_of(con, f"SELECT * FROM {table}") for table in KEPT}
        links = {row["ref"]: row["case_no"] for row in rows_of(con, "SELECT ref, case_no FROM links")}
    return Town(personas, tables, dict(_numbered(families, links)))


def _receive(folder: Path, config: Config, keyring: KeyRing, registry: Registry) -> None:
    for receipt in intake.receive([folder], config=config, keyring=keyring, registry=registry):
        if receipt.state != "stored" or receipt.quarantined:
            ja, en = receipt.reasons[0] if receipt.reasons else ("", "")
            raise Refused(
                f"ペルソナのファイルを受領できません({receipt.source}、隔離 {receipt.quarantined} 行): {ja}",
                f"The personas' file of {receipt.source} is not received whole: {en}",
            )


def rows_by_table(families: tuple[Family, ...], registry: Registry) -> Tables:
    """Every row of the town as text, by source and table."""
    clerk = Clerk()
    tables = {f"{layout.name}.{table.name}": (layout, table) for layout, table in registry.tables()}
    made: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for family in families:
        for name, values in _lives(family):
            layout, table = tables[name]
            made[layout.name, table.name].append(clerk.row(layout, table, family, values))
    perpetrators = {
        one.addressee_no: family.members[one.person.protected_from].addressee_no
        for family in families
        for one in family.members.values()
        if one.person.protected_from
    }
    for row in made["resident_register", "residents"]:
        row["perpetrator_no"] = perpetrators.get(row["addressee_no"], "")
    return made


def _lives(family: Family) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row of a family: the ordinary ones of each person but where the persona says otherwise."""
    persona = family.persona
    said = {(name, str(row["who"])) for name, rows in persona.rows.items() for row in rows}
    for who, one in family.members.items():
        for name, values in ordinary(family, one):
            if (name, who) not in said and name not in persona.without.get(who, ()):
                yield name, {"who": who, **values}
    for name, rows in persona.rows.items():
        for row in rows:
            yield name, row


def write(folder: Path, registry: Registry, tables: Tables) -> None:
    """The files of the layouts with their manifests; a table without rows has a file without rows."""
    for layout, table in registry.tables():
        rows = tables.get((layout.name, table.name), [])
        columns = {item.field: [row.get(item.field, "") for row in rows] for item in table.items}
        write_extract(folder, layout, table, AS_OF, columns=columns, sequence=1)


def _numbered(families: tuple[Family, ...], links: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    for family in families:
        for who, one in family.members.items():
            numbers = {links[ref] for ref in _refs(one) if ref in links}
            if len(numbers) == 1:
                yield (family.persona.id, who), numbers.pop()


def _refs(one: Resident) -> Iterator[str]:
    if one.person.registered:
        yield f"addressee_no:{one.addressee_no.lstrip('0')}"
    if one.person.school:
        yield f"pupil_no:{one.pupil_no}"
