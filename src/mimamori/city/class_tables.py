"""What the schools noted of their pupils month by month: attendance, the sick room, check-ups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from mimamori.city.days import day_of, first_of_school_year, school_year_of
from mimamori.city.printing import days, whole
from mimamori.city.school_tables import SchoolTables, months_between
from mimamori.city.schooling import YEARS_KEPT
from mimamori.city.streams import Array
from mimamori.city.tables import numbered, several
from mimamori.sources.writing import Columns

SOURCE = "school_affairs"
FIRST_MONTH = (2025, 4)  # attendance, and fees, are kept month by month from this one
CLASS_DAYS = 18
SUMMER = 8  # no lessons in August
MOST_ABSENT = (1, 2)


@dataclass(frozen=True)
class Month:
    """One month of lessons: `who` were at school; (pupils × class days) codes of absence, 0 where present."""

    who: Array
    absent: Array  # 0 present, 2 ill, 3 otherwise
    late: Array
    early: Array
    excused: Array


class ClassTables(SchoolTables):
    """校務支援."""

    @cache  # noqa: B019 - one object per city, gone with it
    def month(self, first: int) -> Month:
        """The lessons of the month that begins on `first`: the same whenever it is asked for."""
        school, rng = self.lives.school, self.city.streams.topic(f"absences {first}")
        year = school_year_of(first)
        back = school_year_of(self.city.today) - year
        who = self.at_school(first)
        if day_of(first).month == SUMMER:
            none = np.zeros(len(who), dtype=np.int64)
            return Month(who, np.zeros((len(who), 0), dtype=np.int8), none, none, none)
        place = max(0, YEARS_KEPT - 1 - back)
        refuses = school.non_attending[place][who]
        season = 1.5 if day_of(first).month in MOST_ABSENT else 1.0
        count = np.minimum(rng.poisson(school.absence[place][who] * season), CLASS_DAYS)
        # Half of the absences lie together (an illness), half are spread over the month.
        together = (np.arange(CLASS_DAYS) - rng.integers(0, CLASS_DAYS, (len(who), 1))) % CLASS_DAYS
        spread = np.argsort(rng.random((len(who), CLASS_DAYS)), axis=1)
        rank = np.where(rng.random((len(who), 1)) < 0.5, together, spread)
        ill = rng.random((len(who), CLASS_DAYS)) < np.where(refuses, 0.3, 0.85)[:, None]
        absent = np.where(rank < count[:, None], np.where(ill, 2, 3), 0).astype(np.int8)
        return Month(
            who,
            absent,
            late=np.minimum(rng.poisson(np.where(refuses, 2.0, 0.12)), CLASS_DAYS - count),
            early=np.minimum(rng.poisson(np.where(refuses, 0.5, 0.06)), CLASS_DAYS - count),
            excused=np.where(rng.random(len(who)) < 0.01, 2, 0),
        )

    def _new_months(self, day: int, before: int) -> list[int]:
        return months_between(day, before, FIRST_MONTH)

    def attendance(self, day: int, before: int) -> Columns:
        return several([self._attendance(first) for first in self._new_months(day, before)] or [self._attendance(None)])

    def _attendance(self, first: int | None) -> Columns:
        if first is None:
            names = ("pupil_no", "school_code", "month", "class_days", "excused_days", "due_days", "absent_days")
            more = ("absent_ill_days", "absent_other_days", "present_days", "late_count", "early_leave_count")
            return {field: [] for field in (*names, *more, "longest_absence")}
        month = self.month(first)
        lessons = month.absent.shape[1]
        ill, other = (month.absent == 2).sum(axis=1), (month.absent == 3).sum(axis=1)
        excused = np.minimum(month.excused, lessons - ill - other)
        run, longest = np.zeros(len(month.who), dtype=np.int64), np.zeros(len(month.who), dtype=np.int64)
        for place in range(lessons):
            run = np.where(month.absent[:, place] > 0, run + 1, 0)
            longest = np.maximum(longest, run)
        return {
            "pupil_no": numbered("P", month.who),
            "school_code": self.codes(month.who, first),
            "month": [f"{day_of(first):%Y%m}"] * len(month.who),
            "class_days": [str(lessons)] * len(month.who),
            "excused_days": whole(excused),
            "due_days": whole(lessons - excused),
            "absent_days": whole(ill + other),
            "absent_ill_days": whole(ill),
            "absent_other_days": whole(other),
            "present_days": whole(lessons - excused - ill - other),
            "late_count": whole(month.late),
            "early_leave_count": whole(month.early),
            "longest_absence": whole(longest),
        }

    def attendance_daily(self, day: int, before: int) -> Columns:
        """The days on which somebody was absent; who was there has no row."""
        april = int(first_of_school_year(school_year_of(self.city.today)))
        made: Columns = {field: [] for field in ("pupil_no", "day", "attendance", "reason")}
        for first in self._new_months(day, max(before, april - 1)):
            month = self.month(first)
            lessons = np.busday_offset(np.datetime64(first, "D"), np.arange(month.absent.shape[1]), roll="forward")
            pupil, place = np.nonzero(month.absent)
            code = month.absent[pupil, place]
            made["pupil_no"] += numbered("P", month.who[pupil])
            made["day"] += days(SOURCE, lessons.astype(np.int64)[place])
            made["attendance"] += whole(code)
            made["reason"] += np.where(code == 2, "体調不良", "家庭の事情").tolist()
        return made

    def attendance_yearly(self, day: int, _: int) -> Columns:
        """The school years that are over: the sums of their months."""
        made = []
        for year in range(school_year_of(day) - YEARS_KEPT + 1, school_year_of(day)):
            first = int(first_of_school_year(year))
            months = months_between(first + 366, first - 1, (year, 4))[:12]
            absent, due = (np.zeros(len(self.people), dtype=np.int64) for _ in range(2))
            for one in map(self.month, months):
                absent[one.who] += (one.absent > 0).sum(axis=1)
                due[one.who] += one.absent.shape[1]
            who = np.flatnonzero((due > 0) & (self.people.left > day))
            made.append(
                {
                    "pupil_no": numbered("P", who),
                    "school_year": [str(year)] * len(who),
                    "class_days": whole(due[who]),
                    "excused_days": ["0"] * len(who),
                    "due_days": whole(due[who]),
                    "absent_days": whole(absent[who]),
                    "present_days": whole((due - absent)[who]),
                }
            )
        return several(made)

    def health_room(self, day: int, before: int) -> Columns:
        made: Columns = {field: [] for field in ("pupil_no", "visit_no", "visited_on", "room_reason")}
        for first in self._new_months(day, before):
            if day_of(first).month == SUMMER:
                continue
            rng, who = self.city.streams.topic(f"health room {first}"), self.at_school(first)
            each = np.repeat(who, rng.poisson(self.lives.school.visits[who]))
            refuses = self.lives.school.non_attending[-1][each]
            reason = rng.choice(["1", "2", "3", "4", "9"], len(each), p=[0.32, 0.46, 0.06, 0.14, 0.02])
            reason = np.where(refuses & (rng.random(len(each)) < 0.4), "5", reason)
            made["pupil_no"] += numbered("P", each)
            made["visit_no"] += [f"{first}{place:06d}" for place in range(len(each))]
            made["visited_on"] += days(SOURCE, first + rng.integers(0, 27, len(each)))
            made["room_reason"] += reason.tolist()
        return made

    def checkups(self, day: int, _: int) -> Columns:
        """The check-ups of this school year and the one before, in April each."""
        return several([self._checkups(year, day) for year in range(school_year_of(day) - 1, school_year_of(day) + 1)])

    def _checkups(self, year: int, day: int) -> Columns:
        on = int(first_of_school_year(year)) + 21
        who = self.at_school(on) if on <= day else np.empty(0, dtype=np.int64)
        years = self.grades(who, on)
        rng = self.city.streams.topic("growth at school")
        tall_z, heavy_z, sight = (rng.normal(size=len(self.people))[who] for _ in range(3))
        # 学校保健統計: medians smoothed (A); who is neglected grows less from year to year
        hardship = np.maximum(self.city.of_home(self.homes.stress)[who] - 1.5, 0) * (self.lives.hazard[who] > 8)
        tall = (110.5 + 5.9 * (years - 1) + np.where(years > 6, 1.5, 0)) * (1 + 0.043 * tall_z)
        mass = (15.4 + 0.55 * (years - 1)) * np.exp(0.11 * heavy_z - 0.08 * hardship)
        nutrition = np.where(heavy_z < -2.2, "2", np.where(heavy_z > 2.0, "3", "1"))
        teeth = np.minimum(self.lives.health.teeth[who] + (who % 7 == 0), 12)
        advised = teeth >= 1
        cared = np.where(self.city.of_home(self.homes.poor)[who], who % 3 == 0, who % 5 != 0)
        reported = advised & cared & (on + 90 <= day)
        eyes = np.select([sight < 0.3, sight < 0.9, sight < 1.6], ["A", "B", "C"], default="D")
        return {
            "pupil_no": numbered("P", who),
            "school_year": [str(year)] * len(who),
            "examined_on": days(SOURCE, np.full(len(who), on)),
            "height": [f"{one:.1f}" for one in tall],
            "weight": [f"{one:.1f}" for one in (tall / 100) ** 2 * mass],
            "nutrition": nutrition.tolist(),
            "eyesight_right": eyes.tolist(),
            "eyesight_left": eyes.tolist(),
            "hearing": np.where(who % 250 == 0, "2", "1").tolist(),
            "untreated_milk_teeth": whole(np.where(years <= 4, teeth // 2, 0)),
            "untreated_teeth": whole(teeth),
            "follow_up": np.where(advised, "1", "0").tolist(),
            "advised_on": days(SOURCE, np.where(advised, on + 14, 2**40)),
            "reported_on": days(SOURCE, np.where(reported, on + 80, 2**40)),
        }
