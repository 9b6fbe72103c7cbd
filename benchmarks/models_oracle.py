"""Models on a synthetic city whose hidden risk is known: how much of what could be had the conditions and models have.

    python -m benchmarks.models_oracle [residents] [places a ward] [--chance | --ward]

A city of so many residents is followed over twelve quarters; the project of its first eight days is gathered as in use
(`modelling.gather`, each day made again), proved, and held against a list by the hidden risk of the day, and against
what of that risk the data can show: boosted trees fitted to the hidden risk itself, which no city knows. `--chance`:
events by lot, no model may be offered. `--ward`: one ward's records hold a third of its consultations.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from mimamori import engine
from mimamori.engine import Connection
from mimamori.privacy.pseudonyms import Pseudonyms
from mimamori.screening.models.shapes import Panel

if TYPE_CHECKING:
    from mimamori.config import Config
    from mimamori.screening.models.bootstrap import Estimate
    from mimamori.screening.models.evaluation import Evaluation

SILENT_WARD, HELD = "40131", 0.33


def risk_of(panel: Panel, truth: Path, links: pa.Table, pseudonyms: Pseudonyms) -> npt.NDArray[np.float64]:
    """By row of the panel, how many consultations were to be expected in the year after its day (`hazards.parquet`);
    0 for who had none to expect. `links`: those of the record, ref and case_no. Its days must be days of deliveries."""
    records = pq.read_table(truth / "records.parquet")
    person_of = dict(zip(records["ref"].to_pylist(), records["person_id"].to_pylist(), strict=True))
    whose = {pseudonyms.child(ref): person for ref, person in person_of.items()}  # of children who were not found again
    refs = zip(links["case_no"].to_pylist(), links["ref"].to_pylist(), strict=True)
    whose |= {pseudonyms.child(case_no): person_of[ref] for case_no, ref in refs if ref in person_of}
    hazards = pq.read_table(truth / "hazards.parquet")
    con = engine.connect()
    con.register("hazards", hazards)
    con.register("whose", pa.table({"token": list(whose), "person_id": list(whose.values())}))
    places = pa.array(np.arange(panel.table.num_rows))
    con.register("rows", panel.table.select(["token", "day"]).append_column("place", places))
    found = engine.table_of(con, _RISK)["risk"].to_numpy()
    con.close()
    return np.asarray(found, dtype=np.float64)


def attainable(panel: Panel, risk: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """By row the risk as the columns tell it: fitted to the hidden risk of other households, five parts in turn. What
    the columns do not tell (the household's own trouble, the luck of the year) is not in it."""
    import lightgbm as lgb  # noqa: PLC0415 - slow to load
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415

    columns = np.column_stack([panel.table[one.name].to_numpy(zero_copy_only=False) for one in panel.features])
    told = np.zeros(len(risk))
    households = np.unique(panel.table["household"].to_numpy(zero_copy_only=False), return_inverse=True)[1]
    settings = {"objective": "poisson", "num_leaves": 15, "learning_rate": 0.05, "verbose": -1, "seed": 1}
    for fit, rest in GroupKFold(5).split(columns, groups=households):
        model = lgb.train(settings, lgb.Dataset(columns[fit], risk[fit]), num_boost_round=300)
        told[rest] = model.predict(columns[rest])
    return told


def tell_attainable(panel: Panel, risk: npt.NDArray[np.float64], found: Evaluation) -> None:
    """Of each split the average precision by the hidden risk, by what the data show of it, and by each candidate as a
    share of the latter."""
    from sklearn.metrics import average_precision_score  # noqa: PLC0415

    shown = attainable(panel, risk)
    days = np.array(panel.table["day"].to_pylist(), dtype=object)
    events = panel.table["event"].to_pylist()
    answered = np.array([event is not None for event in events])
    for proof in found.splits:
        rows = np.flatnonzero((days == proof.day) & answered)
        came = np.array([bool(events[row]) for row in rows])
        by_risk, by_data = (float(average_precision_score(came, order[rows])) for order in (risk, shown))
        tell(f"{proof.day}  average precision by the hidden risk {by_risk:.3f}, as the data show it {by_data:.3f}")
        for one in proof.comparisons:
            had = proof.measures[one.candidate].average_precision
            tell(
                f"    {one.candidate:<10}"
                + (f"{had.value:.3f}, {had.value / by_data:.2f} of the latter" if had else "-")
            )


_RISK = """
    SELECT coalesce(h.hazard, 0)::DOUBLE AS risk FROM rows r LEFT JOIN whose w USING (token)
    LEFT JOIN hazards h ON h.person_id = w.person_id AND h.day = r.day ORDER BY r.place
"""


def city_of(home: Path, residents: int, **changed: Any) -> Config:
    """A home with twelve quarters received and the night of the last done."""
    os.environ |= {"MIMAMORI_HOME": str(home / "home"), "DJANGO_SETTINGS_MODULE": "mimamori.web.settings"}
    import django  # noqa: PLC0415 - after the home is chosen

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from mimamori import intake, pipeline  # noqa: PLC0415
    from mimamori.city import build  # noqa: PLC0415
    from mimamori.config import load  # noqa: PLC0415
    from mimamori.linkage import DECISIONS, LEDGER  # noqa: PLC0415
    from mimamori.privacy.keys import KeyRing  # noqa: PLC0415
    from mimamori.screening import first_sets  # noqa: PLC0415
    from mimamori.sources import load_registry  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    config, registry = load(), load_registry()
    keyring = KeyRing(config.keys)
    build(
        residents=residents, seed=1, deliveries=12, apart=3, noise=1.0, out=home / "city", registry=registry, **changed
    )
    for day in sorted((home / "city" / "extracts").iterdir()):
        intake.receive([day], config=config, keyring=keyring, registry=registry)
    pipeline.night(
        config=config, keyring=keyring, registry=registry, as_of=None, ledger=LEDGER.empty_table(),
        decisions=DECISIONS.empty_table(), condition_sets=first_sets(), keep_ledger=lambda rows: None,
    )  # fmt: skip
    return config


def main(residents: int, places: int, **changed: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        start = time.perf_counter()
        config = city_of(home, residents, **changed)
        tell(f"city and night  {time.perf_counter() - start:>7.1f} s")
        from mimamori import modelling  # noqa: PLC0415 - Django is set up by now
        from mimamori.karte import store  # noqa: PLC0415
        from mimamori.privacy.keys import KeyRing  # noqa: PLC0415
        from mimamori.screening import first_sets  # noqa: PLC0415
        from mimamori.screening.models.prove import prove  # noqa: PLC0415

        [abuse] = [one for one in first_sets() if one.difficulty == "abuse"]
        start = time.perf_counter()
        [manifest] = modelling.gather(config, {"abuse": abuse}, by=None, make=True)
        tell(f"gather          {time.perf_counter() - start:>7.1f} s")
        for day in manifest.days:
            tell(f"{day.day}  {day.rows:,} rows, {day.events} events, {day.fates}")
        panel = modelling.panel(config, "abuse", by=None)
        keyring = KeyRing(config.keys)
        with closing(store.current(config, keyring).cursor()) as con:
            links = links_of(con)
        risk = risk_of(panel, home / "city" / "truth", links, Pseudonyms(keyring, "abuse", manifest.key_version))
        wards = sorted(set(panel.table["ward"].unique().to_pylist()) - {""})
        start = time.perf_counter()
        found = prove(panel, dict.fromkeys(wards, places), 1, risk=risk)
        tell(f"prove           {time.perf_counter() - start:>7.1f} s")
        told(found)
        tell_attainable(panel, risk, found)


def links_of(con: Connection) -> pa.Table:
    """Ref and case number of the night on the connection."""
    return engine.table_of(con, "SELECT ref, case_no FROM links")


def told(found: Evaluation) -> None:
    """Of each split what each found at the length of the conditions' list, beside the oracle; what was chosen, and
    what the audit says."""
    for proof in found.splits:
        tell(f"{proof.day}  {proof.events} events, {proof.children:,} children, oracle finds {proof.oracle_found}")
        for one in proof.comparisons:
            gain = "" if one.gain is None else f"  gain {one.gain.low:+.3f} to {one.gain.high:+.3f}"
            tell(
                f"    {one.candidate:<10}{one.found:>7.1f} of {one.length:.0f}, together {one.found_together:.1f}{gain}"
            )
            if proof.oracle:
                ours = proof.measures[one.candidate]
                shares = [share(ours.precision, proof.oracle.precision)]
                shares.append(share(ours.average_precision, proof.oracle.average_precision))
                tell(f"{'':<14}of the oracle's precision at the wards' length, and average precision: {shares}")
    tell(f"{found.choice.candidate}: offered {found.choice.offered}. {found.choice.reason.en}")
    for name, audited in found.fairness.items():
        for sentence in audited.told:
            tell(f"    audit, {name}: {sentence.en}")


def share(ours: Estimate | None, oracle: Estimate | None) -> str:
    """What part of the oracle's a candidate has; nothing where one of them cannot be told."""
    return f"{ours.value / oracle.value:.2f}" if ours and oracle and oracle.value else "-"


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if not word.startswith("--")]
    variant: dict[str, Any] = {"pure_chance": True} if "--chance" in sys.argv else {}
    if "--ward" in sys.argv:
        variant = {"recorded": {SILENT_WARD: HELD}}
    main(numbers[0] if numbers else 60_000, numbers[1] if len(numbers) > 1 else 25, **variant)
