"""What the schools' systems held on a day."""

from __future__ import annotations

import numpy as np

from mimamori.city.days import day_of, grade, number, school_year
from mimamori.city.people import NOBODY, name_of
from mimamori.city.printing import days, whole
from mimamori.city.streams import Array
from mimamori.city.tables import Tables
from mimamori.city.writing import Columns

SCHOOL_HEADS = (
    "若葉",
    "青空",
    "浜田",
    "港南",
    "緑丘",
    "桜台",
    "東浜",
    "西原",
    "南陽",
    "北川",
    "松風",
    "梅香",
    "花園",
    "星見",
    "山手",
    "川辺",
)
FIRST_MONTH = (2025, 4)  # attendance and fees are kept from this month


class SchoolTables(Tables):
    """All tables: the departments' and the schools'."""

    def at_school(self, day: int) -> Array:
        """Pupils of the city's schools on a day."""
        years = grade(self.people.birth, int(school_year(np.array([day]))[0]))
        result: Array = np.flatnonzero(self.lives.pupil & (years >= 1) & (years <= 9))
        return result

    def school(self, who: Array, day: int) -> tuple[list[str], list[str], list[str]]:
        """Code, name and type of each pupil's school: by ward, town and stage."""
        years = grade(self.people.birth[who], int(school_year(np.array([day]))[0]))
        home = self.people.household[who]
        wards, town = self.city.homes.ward[home], self.city.homes.addresses.town[home] % len(SCHOOL_HEADS)
        codes, names, kinds = [], [], []
        for ward, place, year in zip(wards.tolist(), town.tolist(), years.tolist(), strict=True):
            kind, end = ("B1", "小学校") if year <= 6 else ("C1", "中学校")
            place = place if year <= 6 else place // 2 * 2  # noqa: PLW2901 - two elementary schools feed one
            serial = f"{kind}402{int(ward):05d}{place:02d}"
            codes.append(serial + str(sum(map(ord, serial)) % 10))
            names.append(SCHOOL_HEADS[place] + end)
            kinds.append(kind)
        return codes, names, kinds

    def pupils(self, day: int, _: int) -> Columns:
        who = self.at_school(day)
        home, homes = self.people.household[who], self.city.homes
        years = grade(self.people.birth[who], int(school_year(np.array([day]))[0]))
        names, kana = self.names(who, "school")
        address = np.where(self.noisy[who], homes.old.address[home], homes.addresses.address[home])
        guardian = np.where(self.people.mother[who] != NOBODY, self.people.mother[who], self.people.father[who])
        guardian_names = name_of(self.city, np.maximum(guardian, 0))
        codes, school_names, kinds = self.school(who, day)
        start = number(day_of(day).replace(month=4, day=1))
        start -= 365 if start > day else 0
        return {
            "pupil_no": list(self.pupil_no[who]),
            "name": names,
            "kana": kana,
            "birth_date": days("pupil_register", self.people.birth[who]),
            "sex": whole(self.people.sex[who]),
            "address": list(address),
            "guardian_name": [n if g != NOBODY else "" for n, g in zip(guardian_names, guardian, strict=True)],
            "guardian_relation": ["02"] * len(who),
            "school_code": codes,
            "school_name": school_names,
            "school_type": kinds,
            "grade": whole(years),
            "class_name": whole(1 + who % 4),
            "entered_on": days("pupil_register", np.full(len(who), start)),
        }

    def months(self, day: int, before: int) -> list[int]:
        """First days of the school months a difference delivery brings: those ended since the delivery before."""
        year, month = FIRST_MONTH
        found: list[int] = []
        while True:
            first = int(np.datetime64(f"{year}-{month:02d}-01").astype(np.int64))
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
            last = int(np.datetime64(f"{year}-{month:02d}-01").astype(np.int64)) - 1
            if last > day:
                return found
            if last > before:
                found.append(first)

    def attendance(self, day: int, before: int) -> Columns:
        who = self.at_school(day)
        columns: Columns = {}
        for first in self.months(day, before):
            month = day_of(first).month
            class_days = 0 if month == 8 else 18
            rng = self.city.streams.topic(f"absences {first}")
            season = 1.5 if month in {1, 2} else 1.0
            drawn = np.minimum(rng.poisson(self.lives.absence * season, len(self.people)), class_days)[who]
            late = rng.poisson(np.where(self.lives.non_attending, 2.0, 0.12), len(self.people))[who]
            longest = np.where(drawn > 1, 1 + rng.binomial(np.maximum(drawn - 1, 0), 0.35), drawn)
            made = {
                "pupil_no": list(self.pupil_no[who]),
                "month": [f"{day_of(first):%Y%m}"] * len(who),
                "class_days": [str(class_days)] * len(who),
                "excused_days": ["0"] * len(who),
                "due_days": [str(class_days)] * len(who),
                "absent_days": whole(drawn),
                "present_days": whole(class_days - drawn),
                "late_count": whole(late if class_days else late * 0),
                "longest_absence": whole(longest),
            }
            for field, values in made.items():
                columns.setdefault(field, []).extend(values)
        return columns

    def health_room(self, day: int, before: int) -> Columns:
        who = self.at_school(day)
        columns: Columns = {}
        for first in self.months(day, before):
            if day_of(first).month == 8:
                continue
            rng = self.city.streams.topic(f"health room {first}")
            visits = rng.poisson(np.where(self.lives.non_attending, 0.8, 0.08), len(self.people))[who]
            each = np.repeat(who, visits)
            on = first + rng.integers(0, 25, len(each))
            made = {
                "pupil_no": list(self.pupil_no[each]),
                "visit_no": [f"{first}{place:06d}" for place in range(len(each))],
                "visited_on": days("school_affairs", on),
                "room_reason": list(rng.choice(["1", "2", "3", "4"], len(each), p=[0.3, 0.45, 0.1, 0.15])),
            }
            for field, values in made.items():
                columns.setdefault(field, []).extend(values)
        return columns

    def school_checkups(self, day: int, _: int) -> Columns:
        who = self.at_school(day)
        year = int(school_year(np.array([day]))[0])
        years = grade(self.people.birth[who], year)
        rng = self.city.streams.topic("growth")
        tall = (110 + 6 * years + rng.normal(0, 5, len(self.people))[who]).round(1)
        return {
            "pupil_no": list(self.pupil_no[who]),
            "school_year": [str(year)] * len(who),
            "examined_on": [f"{year}0422"] * len(who),
            "height": [f"{one:.1f}" for one in tall],
            "weight": [f"{one:.1f}" for one in (tall / 100) ** 2 * 16.5],
            "nutrition": ["1"] * len(who),
            "untreated_teeth": whole(self.teeth(who)),
            "follow_up": ["1" if one >= 3 else "0" for one in self.teeth(who)],
        }

    def aid(self, day: int, _: int) -> Columns:
        who = np.intersect1d(self.at_school(day), np.flatnonzero(self.lives.aid))
        year = int(school_year(np.array([day]))[0])
        poorest = self.lives.assistance[self.people.household[who]]
        return {
            "pupil_no": list(self.pupil_no[who]),
            "school_year": [str(year)] * len(who),
            "applied_on": [f"{year}-04-20"] * len(who),
            "certification": ["1" if one else "2" for one in poorest],
            "aid_reason": ["1" if one else "4" for one in poorest],
            "certified_on": [f"{year}-05-20"] * len(who),
        }

    def fees(self, day: int, before: int) -> Columns:
        who = self.at_school(day)
        columns: Columns = {}
        for first in self.months(day, before):
            free = (day_of(first).year, day_of(first).month) >= (2025, 9)  # free from the second term of FY2025
            owes = self.lives.arrears[who] & (not free)
            made = {
                "pupil_no": list(self.pupil_no[who]),
                "school_year": [str(int(school_year(np.array([first]))[0]))] * len(who),
                "month": [f"{day_of(first):%Y%m}"] * len(who),
                "billed": ["0" if free else "4900"] * len(who),
                "paid": ["0" if free or one else "4900" for one in owes],
                "unpaid": ["4900" if one else "0" for one in owes],
                "reminder_count": ["2" if one else "0" for one in owes],
                "waiver": ["3" if free else "0"] * len(who),
            }
            for field, values in made.items():
                columns.setdefault(field, []).extend(values)
        return columns

    def collections(self, day: int, _: int) -> Columns:
        who = self.at_school(day)
        year, owes = int(school_year(np.array([day]))[0]), self.lives.arrears[who]
        return {
            "pupil_no": list(self.pupil_no[who]),
            "school_year": [str(year)] * len(who),
            "school_code": self.school(who, day)[0],
            "expense": ["1"] * len(who),
            "billed": ["12000"] * len(who),
            "paid": ["0" if one else "12000" for one in owes],
            "unpaid": ["12000" if one else "0" for one in owes],
            "failed_debits": ["3" if one else "0" for one in owes],
            "reminder_count": ["1" if one else "0" for one in owes],
        }

    def school_age(self, _day: int, _: int) -> Columns:
        """Children of private and national schools: the city's own pupils are linked by name here, on purpose."""
        who = np.flatnonzero(self.lives.private)
        guardian = self._recipient(who)
        who, guardian = who[guardian != NOBODY], guardian[guardian != NOBODY]
        return {
            "addressee_no": [one.zfill(15) for one in self.people.number[who]],
            "guardian_no": [one.zfill(15) for one in self.people.number[guardian]],
            "enrolment": ["4"] * len(who),
            "grade": whole(grade(self.people.birth[who], int(school_year(np.array([self.city.today]))[0]))),
            "class_kind": ["1"] * len(who),
        }
