"""A published night, open read-only. Every call uses its own cursor, so threads may share it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mimamori.engine import Connection, identifier, rows_of
from mimamori.text.dates import parse_date
from mimamori.text.kana import kana_key
from mimamori.text.names import fold_name

Row = dict[str, Any]
_CASE_NO = re.compile(r"[Kk]?-?(\d{4})-?(\d{4})-?(\d)")
_ORDER = " ORDER BY p.kana_key NULLS LAST, p.birth_date, p.case_no LIMIT $most"


@dataclass(frozen=True)
class SourceRows:
    """The rows of one record kind in which a person stands: as subject (`role` None) or in another role."""

    source: str
    table: str
    role: str | None
    rows: list[Row]


@dataclass(frozen=True)
class Snapshot:
    """One night's tables in memory, sorted by case number."""

    name: str
    as_of: date
    meta: dict[str, Any]
    connection: Connection

    def cursor(self) -> Connection:
        return self.connection.cursor()

    def _rows(self, sql: str, **params: Any) -> list[Row]:
        return rows_of(self.cursor(), sql, params)

    def person(self, case_no: str) -> Row | None:
        """The row of `persons`, None where there is none."""
        found = self._rows("SELECT * FROM persons WHERE case_no = $case_no", case_no=case_no)
        return found[0] if found else None

    def people(self, case_nos: Sequence[str]) -> list[Row]:
        return self._rows("SELECT * FROM persons WHERE list_contains($cases, case_no)", cases=list(case_nos))

    def family(self, case_no: str) -> list[Row]:
        """Relatives as rows of `persons` with `kind` and `basis`."""
        return self._rows(
            "SELECT f.kind, f.basis, p.* FROM family f JOIN persons p ON p.case_no = f.relative_no"
            " WHERE f.case_no = $case_no ORDER BY p.birth_date NULLS LAST, p.case_no",
            case_no=case_no,
        )

    def known(self, case_no: str) -> list[Row]:
        return self._rows("SELECT source, state, as_of FROM known WHERE case_no = $case_no", case_no=case_no)

    def known_cases(self, case_no: str) -> list[Row]:
        return self._rows("SELECT where_known FROM known_cases WHERE case_no = $case_no", case_no=case_no)

    def findings(self, case_no: str) -> list[Row]:
        return self._rows(
            "SELECT * FROM findings WHERE case_no = $case_no ORDER BY must DESC, tier, difficulty", case_no=case_no
        )

    def all_findings(self) -> list[Row]:
        """Every finding with the child's `ward` and where the child is `known` already (council, guidance, both)."""
        return self._rows(
            "SELECT f.*, p.ward, k.known FROM findings f JOIN persons p USING (case_no) LEFT JOIN ("
            " SELECT case_no, CASE WHEN count(*) > 1 THEN 'both' ELSE min(where_known) END AS known"
            " FROM known_cases GROUP BY case_no) k USING (case_no) ORDER BY f.case_no, f.difficulty"
        )

    def rows(self, case_no: str) -> list[SourceRows]:
        """Every row in which the person stands, by source and record kind."""
        parts = self._rows(
            "SELECT t.source, t.table_name, c.role, c.subject_no FROM contents c JOIN row_tables t USING (table_no)"
            " WHERE c.case_no = $case_no ORDER BY c.table_no, c.role NULLS FIRST",
            case_no=case_no,
        )
        found = []
        for part in parts:
            name = identifier(f"row_{part['source']}__{part['table_name']}")
            if part["role"] is None:
                rows = self._rows(f"SELECT * FROM {name} WHERE case_no = $case_no", case_no=case_no)
            else:
                rows = self._rows(
                    f"SELECT * FROM {name} WHERE case_no IS NOT DISTINCT FROM $subject"
                    f" AND {identifier(part['role'])} = $case_no",
                    subject=part["subject_no"],
                    case_no=case_no,
                )
            role = part["role"] and part["role"].removesuffix("_case_no")
            found.append(SourceRows(part["source"], part["table_name"], role, rows))
        return found

    def timeline(self, case_no: str) -> list[Row]:
        """Entries (day, source, table, as_of), the newest first."""
        return self._rows(
            'SELECT day, source, table_name AS "table", as_of FROM timeline WHERE case_no = $case_no'
            " ORDER BY day DESC, source",
            case_no=case_no,
        )

    def source_status(self) -> list[Row]:
        return self._rows("SELECT * FROM source_status")

    def case_of(self, ref: str) -> str | None:
        """The case number that a ref stands for tonight."""
        found = self._rows("SELECT case_no FROM links WHERE ref = $ref", ref=ref)
        return found[0]["case_no"] if found else None

    def search(self, text: str, limit: int, *, ward: str | None = None) -> list[Row]:
        """Children by case number, birth date (in any form), name or reading, whole or in part; `ward` narrows."""
        where = "p.is_child AND ($ward IS NULL OR p.ward = $ward)"
        params: dict[str, Any] = {"ward": ward, "most": limit}
        if number := _CASE_NO.fullmatch(text.strip()):
            found, params["case_no"] = "p.case_no = $case_no", "K-" + "-".join(number.groups())
        elif any(char.isdigit() for char in text):
            parsed = parse_date(text, era_digits={})
            if parsed.first is None:
                return []
            found = "p.birth_date BETWEEN $first AND $last"
            params |= {"first": parsed.first, "last": parsed.last}
        else:
            found = "(contains(p.name_key, $name) OR ($kana <> '' AND contains(p.kana_key, $kana)))"
            params |= {"name": fold_name(text) or text, "kana": kana_key(text) if _is_kana(text) else ""}
        return self._rows(f"SELECT p.* FROM persons p WHERE {where} AND {found}{_ORDER}", **params)


def _is_kana(text: str) -> bool:
    return re.fullmatch(r"[ぁ-ゖァ-ヺー・ｦ-ﾟ\s]+", text) is not None
