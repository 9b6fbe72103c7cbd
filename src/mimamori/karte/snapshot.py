"""A published night, open read-only. Every call uses its own cursor, so threads may share it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

from mimamori.engine import Connection, identifier, rows_of
from mimamori.karte.search import search
from mimamori.karte.timeline import Row, SourceRows, timeline
from mimamori.refusal import Refused
from mimamori.sources import Registry, load_registry

LAST_READ = 32  # kartes whose rows are kept at hand: a page asks for rows, timeline and family of the same child

_BY_CASES = "WHERE case_no IN (SELECT unnest($cases::VARCHAR[]))"

_PROTECTION = "SELECT protection, protection_from, protection_to FROM persons WHERE case_no = $case_no"

# Whom a person is asked about for this case.
_MAY_BE = """
    WITH mine AS (SELECT ref FROM links WHERE case_no = $case_no), others AS (
        SELECT right_ref AS ref FROM pairs WHERE left_ref IN (SELECT ref FROM mine)
        UNION SELECT left_ref FROM pairs WHERE right_ref IN (SELECT ref FROM mine)
    )
    SELECT DISTINCT case_no, protection FROM others JOIN links USING (ref) JOIN persons USING (case_no)
"""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """One night's tables in memory, sorted by case number."""

    name: str
    as_of: date
    meta: Mapping[str, Any]
    connection: Connection
    registry: Registry = field(default_factory=load_registry)
    # Cases that people, since this night, take for one with a protected one, and that one: protected as well.
    shielded: Mapping[str, str] = field(default_factory=dict)
    _read: OrderedDict[str, list[SourceRows]] = field(default_factory=OrderedDict, repr=False)
    _reading: Lock = field(default_factory=Lock, repr=False)

    def cursor(self) -> Connection:
        return self.connection.cursor()

    def _rows(self, sql: str, **params: Any) -> list[Row]:
        return rows_of(self.cursor(), sql, params)

    @cached_property
    def tables(self) -> frozenset[str]:
        """The tables of this night; one that was made before something was read has none of it."""
        return frozenset(row["table_name"] for row in self._rows("SELECT table_name FROM duckdb_tables()"))

    def _people(self, rows: list[Row]) -> list[Row]:
        """Rows of `persons` with the protection that holds now."""
        for row in rows if self.shielded else ():
            protected_no = self.shielded.get(row["case_no"])
            if protected_no and row["protection"] is None:
                row.update(self._rows(_PROTECTION, case_no=protected_no)[0])
        return rows

    def person(self, case_no: str) -> Row | None:
        """The row of `persons` (with `school_name`), None where there is none."""
        found = self._people(self._rows("SELECT * FROM persons WHERE case_no = $case_no", case_no=case_no))
        return found[0] if found else None

    def people(self, case_nos: Sequence[str]) -> list[Row]:
        """The rows of `persons` of these numbers, in no order; numbers that do not exist are left out."""
        if not case_nos:
            return []
        named = {f"c{place}": case_no for place, case_no in enumerate(dict.fromkeys(case_nos))}
        # named one by one they are found by the index of `open_snapshot`; a list that is joined reads every person
        return self._people(
            self._rows(f"SELECT * FROM persons WHERE case_no IN ({', '.join('$' + name for name in named)})", **named)
        )

    def people_among(self, case_nos: Iterable[str]) -> list[Row]:
        """The same for very many numbers, which are joined: every person is read."""
        joined = "SELECT p.* FROM persons p JOIN (SELECT unnest($cases::VARCHAR[]) AS case_no) USING (case_no)"
        return self._people(self._rows(joined, cases=list(dict.fromkeys(case_nos))))

    def _by_number(self, case_nos: Iterable[str]) -> dict[str, Row]:
        """The rows of `persons` of these numbers, by number."""
        return {row["case_no"]: row for row in self.people(list(dict.fromkeys(case_nos)))}

    def at_a_protected_address(self, person: Mapping[str, Any]) -> bool:
        """Whether somebody protected lives with this person, or may be them: a record outside the register that waits
        to be told from a protected person's may hold that person's address."""
        case_no = person["case_no"]
        if "guarded" in self.tables and self._rows("SELECT 1 FROM guarded WHERE case_no = $case_no", case_no=case_no):
            return True
        others = [] if person["in_register"] else self._rows(_MAY_BE, case_no=case_no)
        if self.shielded:
            others += self._rows(
                "SELECT case_no, protection FROM persons WHERE household_no = $household_no AND status = '1'",
                household_no=person["household_no"],
            )
        return any(row["protection"] is not None for row in self._people(others))

    def family(self, case_no: str) -> list[Row]:
        """Relatives as rows of `persons` with `kind` (what they are to this person) and `basis`, the eldest first."""
        told = self._kin(case_no)
        return _told_people(told, "relative_no", self._by_number(row["relative_no"] for row in told))

    def around(self, case_no: str) -> tuple[list[Row], list[Row]]:
        """The `family`, and who lived with this child: rows of `persons` with the columns of `linkage.households`, the
        oldest time first (none in a snapshot that was made before it was read)."""
        kin, mates = self._kin(case_no), []
        if "housemates" in self.tables:
            mates = self._rows(
                "SELECT * EXCLUDE (case_no) FROM housemates WHERE case_no = $case_no",
                case_no=case_no,
            )
        people = self._by_number([*(row["relative_no"] for row in kin), *(row["mate_no"] for row in mates)])
        together = _told_people(mates, "mate_no", people)
        return _told_people(kin, "relative_no", people), sorted(together, key=lambda row: row["since"] or date.min)

    def _kin(self, case_no: str) -> list[Row]:
        return self._rows("SELECT relative_no, kind, basis FROM family WHERE case_no = $case_no", case_no=case_no)

    def kin_of(self, case_nos: Sequence[str]) -> list[Row]:
        """Every relation of these people: case_no, relative_no, and the `kind` that the relative is to the case."""
        return self._rows(f"SELECT case_no, relative_no, kind FROM family {_BY_CASES}", cases=list(case_nos))

    def expected(self, mothers: Sequence[str], since: date) -> list[date]:
        """The days for which a birth is expected of these women, from `since` on, by notices that no birth followed."""
        rows = self._rows(
            "SELECT due_on FROM row_maternal_child_health__pregnancy WHERE case_no IS NULL AND due_on >= $since"
            " AND mother_case_no IN (SELECT unnest($mothers::VARCHAR[])) ORDER BY due_on",
            mothers=list(mothers),
            since=since,
        )
        return [row["due_on"] for row in rows]

    def known(self, case_no: str) -> list[Row]:
        """One line a source: state, held (what the rows say), as_of. See `karte.known`."""
        return self._rows("SELECT source, state, held, as_of FROM known WHERE case_no = $case_no", case_no=case_no)

    def known_cases(self, case_no: str) -> list[Row]:
        """`where_known`: council, guidance. Empty for a child whom neither knows."""
        return self._rows("SELECT where_known FROM known_cases WHERE case_no = $case_no", case_no=case_no)

    def findings(self, case_no: str) -> list[Row]:
        """The child's findings, must-look first; `reasons` is JSON text."""
        return self._rows(
            "SELECT * FROM findings WHERE case_no = $case_no ORDER BY must DESC, tier, difficulty", case_no=case_no
        )

    @property
    def compared_on(self) -> date | None:
        """The day of the run that this night was held against; None where there was none."""
        name = self.meta.get("compared_with")
        return date.fromisoformat(str(name).split(".", 1)[0]) if name else None

    def finding_changes(self, case_no: str) -> list[Row] | None:
        """What changed in the child's findings since the run before (`screening.changes`), the gone ones last; None
        where this night was held against none."""
        if self.compared_on is None:
            return None
        return self._rows(
            "SELECT * FROM finding_changes WHERE case_no = $case_no ORDER BY kind = 'gone', difficulty", case_no=case_no
        )

    def findings_of(self, case_nos: Sequence[str]) -> dict[str, list[Row]]:
        """The findings of many children in one query, by case number."""
        found: dict[str, list[Row]] = {case_no: [] for case_no in case_nos}
        if not case_nos:
            return found
        for row in self._rows(
            f"SELECT * FROM findings {_BY_CASES} ORDER BY must DESC, tier, difficulty", cases=list(case_nos)
        ):
            found[row["case_no"]].append(row)
        return found

    def known_cases_of(self, case_nos: Sequence[str]) -> dict[str, list[str]]:
        """Where each of these children is an open case already (council, guidance), by case number."""
        found: dict[str, list[str]] = {case_no: [] for case_no in case_nos}
        if not case_nos:
            return found
        for row in self._rows(f"SELECT * FROM known_cases {_BY_CASES} ORDER BY where_known", cases=list(case_nos)):
            found[row["case_no"]].append(row["where_known"])
        return found

    def all_findings(self) -> list[Row]:
        """Every finding with the child's `ward` and where the child is `known` already (council, guidance, both)."""
        return self._rows(
            "SELECT f.*, p.ward, k.known FROM findings f JOIN persons p USING (case_no) LEFT JOIN ("
            " SELECT case_no, CASE WHEN count(*) > 1 THEN 'both' ELSE min(where_known) END AS known"
            " FROM known_cases GROUP BY case_no) k USING (case_no) ORDER BY f.case_no, f.difficulty"
        )

    def rows(self, case_no: str) -> list[SourceRows]:
        """Every row in which the person stands, by source and record kind; identity is not among the items."""
        with self._reading:
            if case_no in self._read:
                self._read.move_to_end(case_no)
                return self._read[case_no]
        found = self._find_rows(case_no, None)
        with self._reading:
            self._read[case_no] = found
            while len(self._read) > LAST_READ:
                self._read.popitem(last=False)
        return found

    def family_rows(self, case_no: str, sources: Iterable[str]) -> list[tuple[Row, list[SourceRows]]]:
        """Each relative (as `family` gives it) who has rows of their own in these sources, with those rows.

        Whom a protected person is kept apart from is no relative here: `family` holds no path between them.
        """
        chosen = frozenset(sources)
        read = [(relative, self._find_rows(relative["case_no"], chosen)) for relative in self.family(case_no)]
        return [(relative, rows) for relative, rows in read if rows]

    def _find_rows(self, case_no: str, sources: frozenset[str] | None) -> list[SourceRows]:
        """By the list of contents; with `sources`, only these, and only what the person is the subject of."""
        con = self.cursor()
        told = rows_of(
            con,
            "SELECT t.source, t.table_name, c.role, c.subject_no FROM (SELECT * FROM contents WHERE case_no = $case_no)"
            " c JOIN row_tables t USING (table_no) ORDER BY c.table_no, c.role NULLS FIRST, c.subject_no",
            {"case_no": case_no},
        )
        parts: dict[tuple[str, str, str | None], list[str | None]] = {}
        for row in told:
            parts.setdefault((row["source"], row["table_name"], row["role"]), []).append(row["subject_no"])
        found = []
        for (source, table, role), subjects in parts.items():
            if sources is not None and (source not in sources or role is not None):
                continue
            name = identifier(f"row_{source}__{table}")
            if role is None:
                rows = rows_of(con, f"SELECT * FROM {name} WHERE case_no = $case_no", {"case_no": case_no})
            elif None in subjects:  # a row without a subject is found by its other person only
                rows = rows_of(con, f"SELECT * FROM {name} WHERE {identifier(role)} = $case_no", {"case_no": case_no})
            else:
                rows = rows_of(
                    con, f"SELECT * FROM {name} {_BY_CASES} AND {identifier(role)} = $case_no",
                    {"cases": subjects, "case_no": case_no},
                )  # fmt: skip
            found.append(SourceRows(source, table, role and role.removesuffix("_case_no"), rows))
        return found

    def timeline(self, case_no: str) -> list[Row]:
        """What happened, the newest first; see `karte.timeline` for the entries."""
        return timeline(self.rows(case_no), self.registry, self.as_of)

    def children_by_ward(self) -> dict[str, int]:
        """How many children live in each ward, by its code; those whose ward is not known under an empty code."""
        rows = self._rows("SELECT coalesce(ward, '') AS ward, count(*) AS n FROM persons WHERE is_child GROUP BY 1")
        return {row["ward"]: row["n"] for row in rows}

    def source_status(self) -> list[Row]:
        """One line a source: as_of, received_on, state (fresh, stale, missing)."""
        return self._status

    @cached_property
    def _status(self) -> list[Row]:
        return self._rows("SELECT * FROM source_status")

    def case_of(self, ref: str) -> str | None:
        """The case number that a ref stands for tonight."""
        found = self._rows("SELECT case_no FROM links WHERE ref = $ref", ref=ref)
        return found[0]["case_no"] if found else None

    def links(self, case_no: str) -> list[Row]:
        """Which refs stand for this number, and how each was found: `ref`, `how`, `weight`."""
        return self._rows("SELECT ref, how, weight FROM links WHERE case_no = $case_no ORDER BY ref", case_no=case_no)

    def search(self, text: str, limit: int, *, ward: str | None = None) -> list[Row]:
        """Children by case number, birth date, names, readings, school and address; `ward` narrows. See `karte.search`.
        Nobody is found by place who lives with a shielded case. Raises `Refused` for a night before there was an index.
        """
        if "children" not in self.tables:
            raise Refused(
                "この版では探せません。夜間処理をもう一度してください。",
                "This night cannot be searched: run the night again.",
            )
        homes = [row["household_no"] for row in self.people(list(self.shielded))] if self.shielded else []
        found = search(
            self.cursor(),
            text,
            limit,
            ward=ward,
            hidden=list(self.shielded),
            hidden_homes=[home for home in homes if home],
        )
        return self._people(found)


def _told_people(told: Iterable[Row], number: str, people: Mapping[str, Row]) -> list[Row]:
    """What is told of each person beside the person, the eldest first."""
    return sorted(({**row, **people[row[number]]} for row in told if row[number] in people), key=_by_age)


def _by_age(person: Mapping[str, Any]) -> tuple[date, str]:
    """The eldest first, whose birth date is not known last."""
    return person["birth_date"] or date.max, person["case_no"]
