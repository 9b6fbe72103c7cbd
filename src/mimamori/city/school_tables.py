"""What the schools' registers held on a day: pupils, their moves from school to school, their families."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from mimamori.city import rates
from mimamori.city.days import NEVER, first_of_school_year, grade, school_year, school_year_of
from mimamori.city.people import CHILD, FATHER, GRANDPARENT, MOTHER, NOBODY
from mimamori.city.printing import days, flags, whole
from mimamori.city.schooling import YEARS_KEPT
from mimamori.city.schools import Schools, make_schools
from mimamori.city.streams import Array, each_of
from mimamori.city.tables import Tables, filled, numbered
from mimamori.sources.writing import Columns

PUPILS, AGE_REGISTER = "pupil_register", "school_age_register"


class SchoolTables(Tables):
    """児童生徒管理 and 学齢簿."""

    @cached_property
    def schools(self) -> Schools:
        return make_schools(self.city.settings)

    def grades(self, who: Array, day: int) -> Array:
        return grade(self.people.birth[who], school_year_of(day))

    def at_school(self, day: int) -> Array:
        """Pupils of the city's schools on a day."""
        years = self.grades(self.everybody, day)
        able = self.lives.school.pupil & (years >= 1) & (years <= 9) & self.city.here(self.everybody, day)
        result: Array = np.flatnonzero(able)
        return result

    def school_of(self, who: Array, day: Array | int) -> Array:
        """The school of the district where each pupil lived on a day."""
        addresses, stay = self.city.stays.addresses, self.city.stay_on(who, day)
        years = grade(self.people.birth[who], school_year(np.broadcast_to(day, who.shape)))
        return self.schools.of(addresses.ward[stay], addresses.town[stay], years > 6)

    def codes(self, who: Array, day: Array | int) -> list[str]:
        result: list[str] = self.schools.code[self.school_of(who, day)].tolist()
        return result

    def _classes(self, school: Array, years: Array) -> Array:
        """How many classes the grade of each pupil has in the pupil's school."""
        _, place, size = np.unique(school * 10 + years, return_inverse=True, return_counts=True)
        full = np.where(years <= 6, rates.CLASS_SIZE["B1"], rates.CLASS_SIZE["C1"])
        result: Array = np.maximum(1, np.round(size[place] / full)).astype(np.int64)
        return result

    def pupils(self, day: int, _: int) -> Columns:
        """Pupils, and those who left a city school or finished junior high school in the school years kept."""
        people, school = self.people, self.lives.school
        first = int(first_of_school_year(school_year_of(day)))
        years = self.grades(self.everybody, day)
        finished = first_of_school_year(school_year_of(day) - years + 10) - 14  # the middle of March of the ninth year
        gone = np.minimum(people.left, finished)
        kept = int(first_of_school_year(school_year_of(day) - YEARS_KEPT + 1))
        able = school.pupil & (years >= 1) & (people.enter <= np.minimum(day, finished)) & (gone > kept)
        who = np.flatnonzero(able)
        left, graduated = gone[who] <= day, finished[who] <= np.minimum(people.left[who] - 1, day)
        last = np.minimum(day, gone[who] - 1)
        years = grade(people.birth[who], school_year(last))
        guardian = self.guardian_of[who]
        school_of = self.school_of(who, last)
        since = self._since(who, last)
        start = np.where(np.isin(years, (1, 7)), first, since)
        old_address = self.draw("old address")[who] < 0.05 * self.city.settings.noise  # A the school was not told
        lived = np.where(old_address, np.maximum(since - 1, people.enter[who]), last)
        lost = self._lost(who, day) & ~left
        return {
            "pupil_no": numbered("P", who),
            **self.named(who, last, PUPILS, office=school_of),
            "birth_date": days(PUPILS, self.births(PUPILS)[who]),
            "address": self.addresses(who, lived),
            "guardian_name": self.plainly(guardian, last),
            "guardian_relation": self._guardian_relation(who).tolist(),
            "school_code": self.schools.code[school_of].tolist(),
            "school_name": self.schools.name[school_of].tolist(),
            "school_type": self.schools.kind[school_of].tolist(),
            "grade": whole(years),
            "class_name": whole(1 + who % self._classes(school_of, years)),
            "seat_no": whole(1 + who * 7 % 36),
            "entry_kind": np.where(start > first, "2", np.where(np.isin(years, (1, 7)), "1", "4")).tolist(),
            "entered_on": days(PUPILS, np.maximum(start, people.enter[who])),
            "leaving_kind": np.where(left, np.where(graduated, "1", np.where(people.dead[who], "5", "2")), "").tolist(),
            "transferred_on": days(PUPILS, np.where(left & ~graduated & ~people.dead[who], gone[who], NEVER)),
            "left_on": days(PUPILS, np.where(left, gone[who] - 1, NEVER)),
            "out_of_district": np.where(who % 60 == 0, "2", "0").tolist(),
            "special_class": school.special[who].tolist(),
            "whereabouts_unknown": flags(lost),
            "not_attending": flags(lost),
            "attendance_reminder_on": days(PUPILS, np.where(lost, day - 20, NEVER)),
        }

    def _guardian_relation(self, who: Array) -> Array:
        people, guardian = self.people, self.guardian_of[who]
        relation = np.where(guardian == NOBODY, "08", np.where(people.sex[np.maximum(guardian, 0)] == 2, "02", "01"))
        relation = np.where((guardian != NOBODY) & (people.role[guardian] == GRANDPARENT), "04", relation)
        return np.where(people.foster[who], "07", relation)

    def _since(self, who: Array, day: Array) -> Array:
        """The day each came to the address of that day."""
        result: Array = np.maximum(self.city.stays.start[self.city.stay_on(who, day)], self.people.enter[who])
        return result

    def _lost(self, who: Array, day: int) -> Array:
        """Pupils of whom the school knows no whereabouts: out of school for long, of a family under stress."""
        away = self.lives.school.non_attending[-1][who] & (day > self.city.today - 100)
        result: Array = away & (self.draw("lost")[who] < 0.01 * np.exp(self.city.of_home(self.homes.stress)[who]))
        return result

    def transfers(self, day: int, _: int) -> Columns:
        """Entries, moves between schools and ends of the school years kept."""
        people, stays = self.people, self.city.stays
        first = int(first_of_school_year(school_year_of(day) - YEARS_KEPT + 1))
        pupil = np.flatnonzero(self.lives.school.pupil & (people.enter <= day))
        found: list[tuple[Array, Array, str]] = []
        for year in range(school_year_of(first), school_year_of(day) + 1):
            start = int(first_of_school_year(year))
            years = grade(people.birth[pupil], year)
            here = self.city.here(pupil, start)
            found.append((pupil[here & np.isin(years, (1, 7))], np.array(start), "1"))
            ended = self.city.here(pupil, start - 12) & np.isin(years, (7, 10))
            found.append((pupil[ended], np.array(start - 12), "6"))
        every, stay = each_of(stays.home, people.household[pupil])
        each, on = pupil[every], stays.start[stay]
        fits = (on > first) & (on <= day) & (on > people.enter[each]) & (on < people.left[each])
        each, on = each[fits], on[fits]
        moved = self.school_of(each, on) != self.school_of(each, on - 1)
        found += [(each[moved], on[moved] - 1, "4"), (each[moved], on[moved], "2")]
        came = pupil[(people.enter[pupil] > first) & (people.enter[pupil] > people.birth[pupil])]
        gone = pupil[people.left[pupil] <= day]
        found += [(came, people.enter[came], "2"), (gone, people.left[gone], "4")]
        rows = [(who, np.broadcast_to(on, who.shape), np.full(len(who), code)) for who, on, code in found]
        who, on, code = (np.concatenate(part) for part in zip(*rows, strict=True))
        years = grade(people.birth[who], school_year(on))
        able = (on > first - 1) & (on <= day) & (years >= 1) & (years <= 9)
        who, on, code = who[able], on[able], code[able]
        keep = np.unique(np.stack([who, on, code.astype(np.int64)]), axis=1, return_index=True)[1]
        who, on, code = who[keep], on[keep], code[keep]
        arrives = np.isin(code, ("1", "2"))
        school = self.schools.name[self.school_of(who, on + arrives)].tolist()
        return {
            "pupil_no": numbered("P", who),
            "movement": code.tolist(),
            "moved_on": days(PUPILS, on),
            "from_school": filled(~arrives, school),
            "to_school": filled(arrives, school),
        }

    def family(self, day: int, _: int) -> Columns:
        """Who lives with each pupil, as the guardians wrote on the sheet in April."""
        people = self.people
        who = self.at_school(day)
        members = self.here(np.flatnonzero(~people.outside & (people.role <= GRANDPARENT)), day)
        order = members[np.argsort(people.household[members], kind="stable")]
        homes = people.household[order]
        every, found = each_of(homes, people.household[who])
        each, other, place = who[every], order[found], found - np.searchsorted(homes, homes[found])
        keep = (other != each) & ~people.foster[other]
        each, other, place = each[keep], other[keep], place[keep]
        role, woman = people.role[other], people.sex[other] == 2
        relation = np.select(
            [people.foster[each], role == FATHER, role == MOTHER, role == CHILD],
            ["99", "01", "02", "05"],
            default="03",
        )
        relation = np.where((relation == "03") & woman, "04", relation)
        return {
            "pupil_no": numbered("P", each),
            "member_order": whole(place + 1),
            "member_name": self.plainly(other, day),
            "member_relation": relation.tolist(),
        }

    def school_age(self, day: int, _: int) -> Columns:
        """All children of school age; the schools' own numbers are not in it, so that pupils are found by name."""
        people, school = self.people, self.lives.school
        years = self.grades(self.everybody, day)
        able = (school.pupil | school.private | school.unschooled) & (years >= 1) & (years <= 9)
        who = np.flatnonzero(able & self.city.here(self.everybody, day) & (self.guardian_of != NOBODY))
        years, guardian = years[who], self.guardian_of[who]
        nation = self.city.of_home(self.homes.nation)[who] != NOBODY
        elsewhere = np.where(school.private[who], np.where(who % 6 == 0, "2", "4"), np.where(nation, "7", "6"))
        special = school.special[who]
        started = first_of_school_year(school_year_of(day) - np.where(years <= 6, years - 1, years - 7))
        codes = filled(school.pupil[who], [code[-3:] for code in self.codes(who, day)])
        relation = np.where(people.foster[who], "04", np.where(people.sex[guardian] == 2, "02", "01"))
        return {
            "addressee_no": [one.zfill(15) for one in self.numbers(who)],
            "guardian_no": [one.zfill(15) for one in self.numbers(guardian)],
            "guardian_relation": relation.tolist(),
            "school_code": codes,
            "enrolment": np.where(school.pupil[who], "1", elsewhere).tolist(),
            "grade": whole(years),
            "class_kind": np.where(np.isin(special, ("1", "2", "3")), "2", "1").tolist(),
            "enrolled_on": days(AGE_REGISTER, np.maximum(started, people.enter[who])),
        }

    def school_age_changes(self, day: int, _: int) -> Columns:
        """Changes of the school that a child is assigned to, and reminders to families whose child is in no school."""
        people = self.people
        who = np.flatnonzero((self.lives.school.unschooled | self.lives.school.pupil) & (people.role == CHILD))
        who = self.here(who, day)
        years = self.grades(who, day)
        reminded = self.lives.school.unschooled[who] & (years >= 1) & (years <= 9)
        since = self._since(who, np.full(len(who), day))
        moved = self.lives.school.pupil[who] & (since > day - 365) & (since > people.enter[who])
        moved &= (years >= 1) & (years <= 9)
        keep = reminded | moved
        who, reminded, since = who[keep], reminded[keep], since[keep]
        april = int(first_of_school_year(school_year_of(day)))
        asked = np.maximum(april + 30, people.enter[who] + 30)
        on = np.where(reminded, asked, since)
        told = on <= day
        who, reminded, on = who[told], reminded[told], on[told]
        return {
            "addressee_no": [one.zfill(15) for one in self.numbers(who)],
            "changed_on": days(AGE_REGISTER, on),
            "school_code": filled(~reminded, [code[-3:] for code in self.codes(who, on)]),
            "exemption": ["0"] * len(who),
            "out_of_district": flags(~reminded & (who % 40 == 0)),
            "reminder": flags(reminded),
        }


def months_between(day: int, before: int, first: tuple[int, int]) -> list[int]:
    """First days of the months from `first` on that ended after `before` and by `day`."""
    year, month = first
    found: list[int] = []
    while True:
        start = int(np.datetime64(f"{year}-{month:02d}-01").astype(np.int64))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        last = int(np.datetime64(f"{year}-{month:02d}-01").astype(np.int64)) - 1
        if last > day:
            return found
        if last > before:
            found.append(start)
