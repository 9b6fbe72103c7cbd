"""Until when: working days of the office. Saturdays, Sundays, holidays and 29 December to 3 January do not count
(行政機関の休日に関する法律 第1条)."""

from __future__ import annotations

from datetime import date, time, timedelta

import jpholiday

from mimamori.support.states import Deadline

DAY_ENDS = time(17, 15)  # a deadline is met until the office closes
LOOK_MUST = 1  # must-look: the next working day
LOOK_BY_TIER = {1: 5, 2: 10, 3: 20}
DAYS = {Deadline.PLAN: 10, Deadline.SUPPORT: 60, Deadline.CONFIRM: 5}


def is_working_day(day: date) -> bool:
    new_year = (day.month, day.day) in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
    return day.weekday() < 5 and not new_year and not jpholiday.is_holiday(day)


def working_day_after(day: date, days: int) -> date:
    """The `days`-th working day after `day`."""
    found = day
    while days > 0:
        found += timedelta(days=1)
        if is_working_day(found):
            days -= 1
    return found


def first_look(today: date, *, must: bool, tier: int) -> date:
    """Until when a finding has to be looked at. Tier 0 is a must-look without points."""
    return working_day_after(today, LOOK_MUST if must else LOOK_BY_TIER.get(tier, max(LOOK_BY_TIER.values())))


def next_due(
    rule: Deadline, *, today: date, kept: date | None, named: date | None, must: bool, tier: int
) -> date | None:
    """The deadline after a transition. `kept`: the present one; `named`: the day a person gave (watch, answer,
    conference, review)."""
    if rule is Deadline.KEEP:
        return kept or first_look(today, must=must, tier=tier)
    if rule is Deadline.LOOK:
        return first_look(today, must=must, tier=tier)
    if rule in {Deadline.WATCH, Deadline.ANSWER, Deadline.CONFERENCE, Deadline.REVIEW}:
        return named
    if rule is Deadline.NONE:
        return None
    return working_day_after(today, DAYS[rule])
