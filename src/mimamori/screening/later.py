"""What came to be known after the day of a list: of a later snapshot, or of a synthetic city's truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mimamori.engine import Connection, table_of
from mimamori.refusal import Refused
from mimamori.screening.indicators import DIFFICULTIES, Difficulty
from mimamori.screening.outcomes import SPANS, Outcome, spans_of

LINKS = pa.schema([("ref", pa.string()), ("case_no", pa.string())])
PEOPLE = pa.schema([("case_no", pa.string()), ("here", pa.bool_()), ("is_child", pa.bool_()), ("left_on", pa.date32())])
RISK = pa.schema([("case_no", pa.string()), ("risk", pa.float64())])
TRUTH = "truth"
TRUTH_KINDS: Mapping[str, Difficulty] = {"abuse_consultation": "abuse"}  # the kinds of `events.parquet`
SAYS_NEXT_12_MONTHS = 12  # how far the synthetic city's truth reaches


@dataclass(frozen=True)
class Record:
    """The later side of a back-test, under numbers of its own: a child of the list is found again by the numbers that
    the departments gave it (`links`), for its case number may have changed since.

    `as_of`: how far it reaches. `people`: who lives in the city then and is a child still, else since when not; of whom
    nothing is said it is taken that nothing changed. `spans`: by difficulty, the events (`SPANS`). `risk`: the hidden
    risk of a synthetic city, None of a real record.
    """

    name: str
    as_of: date
    links: pa.Table
    people: pa.Table
    spans: Mapping[Difficulty, pa.Table]
    risk: pa.Table | None = None


def record_of(con: Connection, outcomes: Mapping[Difficulty, Outcome], *, name: str, as_of: date) -> Record:
    """The record as a snapshot has it; reads `links`, `persons`, the residents' rows and the rows of the events."""
    return Record(
        name=name,
        as_of=as_of,
        links=table_of(con, "SELECT ref, case_no FROM links").cast(LINKS),
        people=table_of(con, _PEOPLE).cast(PEOPLE),
        spans={difficulty: spans_of(con, outcome) for difficulty, outcome in outcomes.items()},
    )


_PEOPLE = """
    WITH gone AS (
        SELECT case_no, max(coalesce(removed_on, move_date)) AS left_on FROM row_resident_register__residents
        WHERE status <> '1' GROUP BY case_no
    )
    SELECT case_no, coalesce(status, '1') = '1' AS here, is_child, left_on FROM persons LEFT JOIN gone USING (case_no)
"""


def truth_of(folder: Path, *, as_of: date) -> Record:
    """The truth of a synthetic city (`mimamori city`): what happens to its people after the last delivery, and the
    hidden risk. Raises `Refused` where the folder holds none."""
    try:
        records, events, risk = (pq.read_table(folder / f"{name}.parquet") for name in ("records", "events", "hazards"))
    except (OSError, pa.ArrowInvalid):
        raise Refused(
            f"{folder.name} は合成都市の正解のフォルダーではありません。",
            f"{folder.name} is no truth of a synthetic city.",
        ) from None
    spans = {difficulty: SPANS.empty_table() for difficulty in DIFFICULTIES}
    for kind, difficulty in TRUTH_KINDS.items():
        found = events.filter(pc.equal(events["kind"], kind))
        day = found["day"].cast(pa.date32())
        spans[difficulty] = pa.table([_text(found["person_id"]), day, day], schema=SPANS)
    risk = risk.filter(pc.equal(risk["day"], pc.max(risk["day"])))
    return Record(
        name=TRUTH,
        as_of=as_of,
        links=pa.table([records["ref"], _text(records["person_id"])], schema=LINKS),
        people=PEOPLE.empty_table(),
        spans=spans,
        risk=pa.table([_text(risk["person_id"]), risk["hazard"].cast(pa.float64())], schema=RISK),
    )


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())
