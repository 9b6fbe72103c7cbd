"""The same features, events and model on pandas and scikit-learn, written plainly: the peer of `benchmarks.models`.

Run in a process of its own. It neither judges by conditions nor writes a zone; all else is the same: indicators as
columns, codes as columns, what is too old, a none from a stale source, who is known, lost, gone or grown, tokens.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression

from mimamori.screening.fates import months_after
from mimamori.screening.models.features import Column
from mimamori.screening.outcomes import Outcome

KEY = b"a key of the peer's own"
SIGNS = {"higher": 1, "lower": -1, "neither": 0}


@dataclass(frozen=True)
class Later:
    links: pd.DataFrame
    people: pd.DataFrame
    spans: pd.DataFrame
    as_of: date


def later(home: Path, as_of: date) -> Later:
    links, people, spans = (
        pd.read_parquet(home / "later" / f"{name}.parquet") for name in ("links", "people", "spans")
    )
    return Later(links, people, spans, as_of)


def one_day(folder: Path, day: date, columns: Sequence[Column], outcome: Outcome, record: Later) -> pd.DataFrame:
    """One row a child: token, household, day, event and the features."""
    table = {path.stem: pd.read_parquet(path) for path in folder.glob("*.parquet")}
    wide, links = table["indicators"], table["links"]
    met = links.merge(record.links, on="ref", suffixes=("", "_later"))
    met = met.groupby(["case_no", "case_no_later"]).agg(shared=("ref", "size"), first=("ref", "min")).reset_index()
    met = met.sort_values(["shared", "first"], ascending=[False, True]).drop_duplicates("case_no")
    frame = wide[["case_no", "age_months"]].merge(met[["case_no", "case_no_later"]], on="case_no", how="left")
    frame = frame.merge(links.groupby("case_no")["ref"].min().rename("first_ref"), on="case_no", how="left")
    frame = frame.merge(table["persons"][["case_no", "household_no"]], on="case_no", how="left")
    people = record.people.rename(columns={"case_no": "case_no_later"})
    frame = frame.merge(people, on="case_no_later", how="left")
    frame["event"] = _events(frame, table, day, outcome, record)
    stands_for = frame["case_no_later"].fillna(frame["first_ref"])
    frame["token"] = stands_for.map(lambda text: hmac.digest(KEY, text.encode(), hashlib.sha256)[:16].hex())
    homes = frame["household_no"].map(
        lambda text: hmac.digest(KEY, b"h:" + text.encode(), hashlib.sha256)[:16].hex(), na_action="ignore"
    )
    frame["household"] = homes.fillna(frame["token"])
    frame["day"] = pd.Timestamp(day)
    status = table["source_status"]
    stale = set(status.loc[status["state"] == "stale", "source"])
    made = {column.feature.name: _feature(column, wide, day, stale) for column in columns}
    features = pd.DataFrame(made).astype("float32")
    whole = pd.concat([frame[["token", "household", "day", "event"]], features], axis=1)
    return whole.drop_duplicates("token").sort_values("token")


def _feature(column: Column, wide: pd.DataFrame, day: date, stale: set[str]) -> pd.Series[float]:
    name = column.indicator.id
    value = wide[name].astype("float64")
    if column.expires is not None:
        told = pd.to_datetime(wide[f"{name}__day"])
        old = told < pd.Timestamp(months_after(day, -column.expires.months))
        value = value.mask(value.notna() & old, 0.0 if column.expires.becomes == "zero" else np.nan)
    if column.code is not None:
        known = value.isin(column.indicator.choices)
        value = (value == column.code).astype("float64").where(known)
    if column.indicator.silence == "zero" and stale & set(column.indicator.sources):
        value = value.mask(value == 0)
    return value


def _events(
    frame: pd.DataFrame, table: dict[str, pd.DataFrame], day: date, outcome: Outcome, record: Later
) -> pd.Series[float]:
    """1, 0, or nan for who is known, lost, gone or grown."""
    start, until = pd.Timestamp(day), pd.Timestamp(months_after(day, outcome.window_months))
    known_then: set[str] = set()
    for event in outcome.events:
        rows = table["row_" + event.table.replace(".", "__")]
        for item, codes in event.only.items():
            rows = rows[rows[item].isin(codes)]
        for item, least in event.at_least.items():
            rows = rows[rows[item] >= least]
        begins = pd.to_datetime(rows[event.day])
        ends = pd.to_datetime(rows[event.until]).fillna(pd.Timestamp.max) if event.until else begins
        if event.current_months:
            ends = np.maximum(ends, begins + pd.DateOffset(months=event.current_months))
        known_then |= set(rows.loc[(begins <= start) & (ends > start), "case_no"].dropna())
    spans = record.spans.assign(
        day=pd.to_datetime(record.spans["day"]), ends=pd.to_datetime(record.spans["ends"], errors="coerce")
    )
    going = spans[(spans["day"] <= start) & ~(spans["ends"] <= start)]
    came = spans[(spans["day"] > start) & (spans["day"] <= until)]
    number = frame["case_no_later"]
    known = frame["case_no"].isin(known_then) | number.isin(going["case_no"])
    happened = number.isin(came["case_no"])
    left = ~frame["here"].fillna(True).astype(bool) & ~(pd.to_datetime(frame["left_on"]) > until)
    months = frame["age_months"].astype("float64")
    springs = {month: _last_day_as_child(day, int(month)) for month in months.dropna().unique()}
    spring = pd.to_datetime(months.map(springs))
    no_child = frame["here"].fillna(True).astype(bool) & ~frame["is_child"].fillna(True).astype(bool)
    grown = no_child & ((until >= pd.Timestamp(record.as_of)) | ~(until <= spring))
    grown |= months + outcome.window_months > MOST_MONTHS
    answer = pd.Series(np.where(happened, 1.0, 0.0), index=frame.index)
    unanswered = known | (~happened & (number.isna() | left | grown))
    return answer.mask(unanswered)


MOST_MONTHS = 18 * 12 + 11  # of the set on abuse


def _last_day_as_child(day: date, months: int) -> pd.Timestamp:
    """The 31 March after the day before the 18th birthday, of the youngest of so many months."""
    of_age = pd.Timestamp(day) + pd.DateOffset(months=216 - months) - pd.Timedelta(days=1)
    return pd.Timestamp(year=of_age.year + (of_age.month > 3), month=3, day=31)


def panel(home: Path, days: Sequence[date], columns: Sequence[Column], outcome: Outcome, record: Later) -> pd.DataFrame:
    parts = [one_day(home / "days" / day.isoformat(), day, columns, outcome, record) for day in days]
    return pd.concat(parts, ignore_index=True)


def train(frame: pd.DataFrame, columns: Sequence[Column]) -> IsotonicRegression:
    """Boosted trees on all days but the last, calibrated on that one by other families."""
    answered = frame[frame["event"].notna()]
    apart = answered["household"].map(lambda text: int(text[:8], 16) % 4 == 0)
    last = answered["day"] == answered["day"].max()
    fitted = answered[~last & ~apart]
    # it fails on a column of which nothing, or one value alone, is known
    told = [column for column in columns if fitted[column.feature.name].nunique() > 1]
    names = [column.feature.name for column in told]
    model = HistGradientBoostingClassifier(
        max_iter=200, monotonic_cst=[SIGNS[column.feature.direction] for column in told], random_state=1
    )
    model.fit(fitted[names].to_numpy(np.float64), fitted["event"].to_numpy(bool))
    calibrated = answered[last & apart]
    chance = model.predict_proba(calibrated[names].to_numpy(np.float64))[:, 1]
    return IsotonicRegression(out_of_bounds="clip").fit(chance, calibrated["event"].to_numpy())
