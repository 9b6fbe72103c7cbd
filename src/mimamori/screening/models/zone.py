"""The analysis zone: children under a project's tokens, a file a day and a manifest, and nothing that names anybody.

`<zone>/<project>/<day>.parquet` is encrypted under the project's own key, which opens nothing else;
`manifest.json` lies beside in plain and holds counts and names of columns. The project is written beside itself, whole,
then takes its own place: a reader sees the old one or the new one.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pyarrow as pa
from pydantic import ValidationError

from mimamori import engine
from mimamori.engine import Connection
from mimamori.privacy.keys import KeyRing
from mimamori.privacy.pseudonyms import is_project
from mimamori.refusal import Refused
from mimamori.screening.indicators import Difficulty
from mimamori.screening.models.cohort import Cohort
from mimamori.screening.models.shapes import KEYS, Feature, Panel
from mimamori.sources.item import Declared, Label, Name

MANIFEST = "manifest.json"
UNFINISHED, REPLACED = ".unfinished-", ".replaced-"


class Day(Declared):
    """One day of a project. `complete`: the record reached over its window; `events`: null where it did not."""

    day: date
    snapshot: str
    rows: int
    complete: bool
    events: int | None
    fates: dict[str, int]
    unseen: dict[str, int]
    merged: int
    sha256: str


class Told(Declared):
    """A feature as the manifest has it."""

    name: Name
    label: Label
    direction: str
    sources: tuple[str, ...]


class Manifest(Declared):
    """What a project is made of; `record`: the snapshot that told the events, `conditions`: the set that judged,
    `left_out`: by indicator, why no model reads it."""

    project: str
    difficulty: Difficulty
    window_months: int
    key_version: int
    code: str
    record: str
    record_as_of: date
    conditions: str
    features: tuple[Told, ...]
    left_out: dict[Name, Label]
    days: tuple[Day, ...] = ()


class Writer:
    """A project that is being written: one cohort after the other, `manifest` without days."""

    def __init__(self, folder: Path, keyring: KeyRing, manifest: Manifest) -> None:
        self._folder, self._keyring, self._manifest = folder, keyring, manifest
        self._days: list[Day] = []

    def add(self, snapshot: str, cohort: Cohort) -> None:
        """Write one more day, of the snapshot called so."""
        self._days.append(_write_day(self._folder, self._keyring, self._manifest, snapshot, cohort))

    @property
    def manifest(self) -> Manifest:
        """What has been written up to now."""
        return self._manifest.model_copy(update={"days": tuple(sorted(self._days, key=lambda one: one.day))})


@contextmanager
def writing(zone: Path, keyring: KeyRing, manifest: Manifest) -> Iterator[Writer]:
    """Write a project, which takes the place of what it was before when the block ends well, and else leaves nothing.

    Raises `Refused` for a name that is none, and where the project is being written already.
    """
    folder = _folder(zone, manifest.project)
    busy = Refused(
        f"分析プロジェクト {manifest.project} を作成中です。終わるのを待ってください。",
        f"The project {manifest.project} is being made: wait for its end.",
    )
    with engine.alone(zone / f".{manifest.project}.lock", otherwise=busy):
        for path in [*zone.glob(f"{UNFINISHED}{folder.name}.*"), *zone.glob(f"{REPLACED}{folder.name}.*")]:
            shutil.rmtree(path)
        tail = f"{folder.name}.{secrets.token_hex(4)}"
        fresh, old = zone / f"{UNFINISHED}{tail}", zone / f"{REPLACED}{tail}"
        fresh.mkdir(mode=0o700)
        writer = Writer(fresh, keyring, manifest)
        try:
            yield writer
            path = fresh / MANIFEST
            path.touch(mode=0o600)
            engine.write_through(path, writer.manifest.model_dump_json(indent=1).encode())
            engine.settle(fresh)
            if folder.exists():
                folder.rename(old)
            fresh.rename(folder)
            engine.settle(zone)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def is_there(zone: Path, project: str) -> bool:
    """Whether the zone holds the project; raises `Refused` for a name that is none."""
    return (_folder(zone, project) / MANIFEST).exists()


def names(zone: Path) -> list[str]:
    """The projects of the zone, in the order of their names."""
    return sorted(path.parent.name for path in zone.glob(f"*/{MANIFEST}") if is_project(path.parent.name))


def read_manifest(zone: Path, project: str) -> Manifest:
    """What the project is made of; raises `Refused` where there is none, `Damaged` where it cannot be read."""
    path = _folder(zone, project) / MANIFEST
    if not is_there(zone, project):
        raise Refused(f"分析プロジェクト {project} はありません。", f"There is no project {project} in the zone.")
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError:
        raise _damaged(project, MANIFEST) from None


def read_panel(
    zone: Path, keyring: KeyRing, project: str, *, days: Sequence[date] | None = None, con: Connection | None = None
) -> Panel:
    """The project's panel of all its days, or of these. `con`: where the families are worked out (None: a fresh one).

    Children who shared a household on any of the days are one household here, on all days: a move between wards renews
    its number, and a child must not stand on both sides of a split with its sister. Raises as `read_manifest`.
    """
    manifest = read_manifest(zone, project)
    folder, key = _folder(zone, project), keyring.zone_key(project)
    schema = pa.schema([*KEYS, *(pa.field(told.name, pa.float64()) for told in manifest.features)])
    tables = []
    for one in manifest.days:
        if days is not None and one.day not in days:
            continue
        path = folder / f"{one.day}.parquet"
        if not path.exists() or _digest(path) != one.sha256:
            raise _damaged(project, path.name)
        tables.append(engine.read_parquet(path, key).cast(schema))
    table = pa.concat_tables(tables) if tables else schema.empty_table()
    return Panel(
        difficulty=manifest.difficulty,
        window_months=manifest.window_months,
        features=tuple(Feature(**dict(told)) for told in manifest.features),
        table=_with_families(table, con or engine.connect()),
    )


def remove_project(zone: Path, project: str) -> None:
    """Take a project off the disk; raises `Refused` where there is none."""
    read_manifest(zone, project)
    shutil.rmtree(_folder(zone, project))


def told_features(features: Iterable[Feature]) -> tuple[Told, ...]:
    """Features as a manifest has them."""
    return tuple(Told(**asdict(feature) | {"label": feature.label}) for feature in features)


def _write_day(folder: Path, keyring: KeyRing, manifest: Manifest, snapshot: str, cohort: Cohort) -> Day:
    path = folder / f"{cohort.day}.parquet"
    engine.write_parquet(path, cohort.table, keyring.zone_key(manifest.project))
    happened = sum(cohort.table["event"].drop_null().to_pylist())
    return Day(
        day=cohort.day,
        snapshot=snapshot,
        rows=cohort.table.num_rows,
        complete=cohort.complete,
        events=happened if cohort.complete else None,
        fates=dict(cohort.fates) if cohort.complete else {},
        unseen=dict(cohort.unseen),
        merged=cohort.merged,
        sha256=_digest(path),
    )


_PAIRS = "CREATE OR REPLACE TEMP TABLE homes AS SELECT DISTINCT token, household, household AS family FROM shared"
# A child takes the least family of its households, a household the least of its children, until nothing moves.
_SPREAD = """
    CREATE OR REPLACE TEMP TABLE spread AS
    WITH of_children AS (SELECT *, min(family) OVER (PARTITION BY token) AS least FROM homes)
    SELECT token, household, min(least) OVER (PARTITION BY household) AS family FROM of_children
"""
_MOVED = "SELECT count(*) AS n FROM spread s JOIN homes h USING (token, household) WHERE s.family <> h.family"


def _with_families(table: pa.Table, con: Connection) -> pa.Table:
    """The table with one household for all who shared one on any day, however they are linked."""
    con.register("shared", table.select(["token", "household"]))
    con.execute(_PAIRS)
    moved = True
    while moved:
        con.execute(_SPREAD)
        moved = bool(engine.rows_of(con, _MOVED)[0]["n"])
        con.execute("CREATE OR REPLACE TEMP TABLE homes AS SELECT * FROM spread")
    families = engine.table_of(con, "SELECT household, min(family) AS family FROM homes GROUP BY household")
    con.unregister("shared")
    con.execute("DROP TABLE homes")
    con.execute("DROP TABLE spread")
    coded = table["household"].combine_chunks().dictionary_encode()
    family_of: Mapping[str, str] = dict(
        zip(families["household"].to_pylist(), families["family"].to_pylist(), strict=True)
    )
    named = pa.array([family_of[one] for one in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
    return table.set_column(table.column_names.index("household"), "household", named)


def _folder(zone: Path, project: str) -> Path:
    if not is_project(project):
        raise Refused(
            "プロジェクト名は、英小文字で始まる、英小文字・数字・ハイフンの48字以内にしてください。",
            "A project is named with lower-case letters, digits and hyphens, a letter first, up to 48.",
        )
    return zone / project


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _damaged(project: str, file: str) -> engine.Damaged:
    return engine.Damaged(
        f"分析プロジェクト {project} の {file} が壊れています。作り直してください。",
        f"{file} of the project {project} is damaged: make the project again.",
    )
