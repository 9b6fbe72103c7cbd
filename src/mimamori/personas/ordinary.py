"""An ordinary life in the source systems: what is written of a person of whom a persona says nothing else.

Allowances are paid, certificates issued, check-ups and vaccinations attended in time, a place found from the age of
three, school attended, nothing owed. Days are the usual ones of a city (weeks after birth, the school year's months).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from mimamori.personas.families import Family, Resident
from mimamori.personas.schema import AS_OF, School

Row = tuple[str, dict[str, Any]]  # `source.table`, and the values of one row
CHECKUPS = {"04M": (4, 5, 6.8), "10M": (10, 11, 8.8), "18M": (18, 20, 10.4), "36M": (36, 42, 14.2)}
SCHOOL_DAYS = {7: 14, 8: 0, 12: 17, 1: 16, 3: 15}  # by month; twenty in the others
SCHOOL_YEAR = 2026
DAILY_SINCE = date(2026, 9, 1)
KINDS = ((6, "B1", "小学校"), (9, "C1", "中学校"), (12, "D1", "高等学校"))  # up to which grade, 校種


def ordinary(family: Family, one: Resident) -> Iterator[Row]:
    """The rows about this person."""
    if one.person.registered:
        yield from _register(one)
    if one.is_child and one.person.registered and one.person.status == "1":
        yield from _paid(one)
        if one.age <= 6:
            yield from _infancy(one)
        if one.age >= 3 and one.person.school is None and one.person.born > date(2020, 4, 1):
            yield from _childcare(one)
    if one.person.school is not None:
        yield from _school(family, one, one.person.school)


def _register(one: Resident) -> Iterator[Row]:
    """One row of history for each move; each repeats everything and the last holds."""
    person = one.person
    protected = {"protection": "0"}
    if person.protected_from:
        role = "1" if one.age >= 18 else "2"
        period = {"protection_from": "20260401", "protection_to": "20270331"}
        protected = {"protection": "1", "protection_role": role, **period}
    moves = person.moves or (("13" if one.is_child else "", person.born),)
    for number, (code, day) in enumerate(moves, start=1):
        yield (
            "resident_register.residents",
            {
                "hist_no": number,
                "household_no": one.household_no,
                "resident_type": "2" if person.roman else "1",
                "status": person.status,
                "alias_kana": one.kana if person.alias else "",
                "roman": person.roman or "",
                "relation": one.relation,
                "ward": one.ward,
                "addr_since": person.since or (day if person.moves or one.is_child else date(2018, 4, 1)),
                "move_code": code,
                "move_date": day if code else "",
                **protected,
            },
        )


def _paid(one: Resident) -> Iterator[Row]:
    yield (
        "child_allowance.allowance",
        {"recipient_kind": "1", "custody": "1", "report": "0", "withheld": False, "started_on": one.person.born},
    )
    certificate = {"scheme": "1", "acquired_on": one.person.born, "acquired_reason": "1", "burden": "1"}
    yield "medical_subsidy.certificates", certificate


def _infancy(one: Resident) -> Iterator[Row]:
    born, health = one.person.born, "maternal_child_health"
    answered = {"marital": "1", "unwanted": False, "mental_history": False, "specified": False}
    notice = {"notified_on": born - timedelta(weeks=30), "notice_route": "1", "weeks": 9, **answered}
    yield f"{health}.pregnancy", {"birth_order_no": 1, **notice}
    yield f"{health}.birth", {"weight_g": 3050, "weeks": 39, "multiple": False}
    for number, days in (("1", 14), ("2", 30)):
        if (day := born + timedelta(days=days)) <= AS_OF:
            told = {"epds_total": 3, "epds_q10": 0, "followed_up": False}
            yield f"{health}.postnatal_checkup", {"round": number, "checked_on": day, **told}
    if (day := born + timedelta(days=60)) <= AS_OF:
        yield f"{health}.home_visit", {"visit_no": 1, "visited_on": day, "result": "1", "follow_up": False}
    for kind, (months, due, weight) in CHECKUPS.items():
        yield f"{health}.checkup", checkup(born, kind, months, due, weight)
    for vaccine, months in (("HIB", 2), ("HIB", 3), ("MR", 12)):
        if (day := after(born, months)) <= AS_OF:
            yield f"{health}.vaccination", {"vaccine": vaccine, "dose": months, "vaccinated_on": day}


def checkup(born: date, kind: str, months: int, due: int, weight: float) -> dict[str, Any]:
    """One check-up of an infant, attended in time; before its month there is only the day it is due."""
    told: dict[str, Any] = {"kind": kind, "due_on": after(born, due), "attended": "2"}
    if (day := after(born, months)) <= AS_OF:
        asked = dict.fromkeys(("over_discipline", "hit", "left_alone", "no_food"), False)
        found = {"verdict": "1", "weight_kg": weight, "untreated_teeth": 0, "hard_to_raise": "3", "economy": "3"}
        told |= {"attended": "1", "checked_on": day, "age_months": months, **found, **asked}
    return told


def _childcare(one: Resident) -> Iterator[Row]:
    use = {"started_on": after(one.person.born, 30).replace(day=1), "facility_code": "F01", "facility_kind": "1"}
    family = {"need": "01", "hours": "2", "income_band": "4", "arrears_months": 0}
    yield "childcare.certifications", {"benefit": "1", "certification": "2", **use, **family}


def _school(family: Family, one: Resident, school: School) -> Iterator[Row]:
    guardian = family.with_child(one.who)
    _, kind, name = next(kind for kind in KINDS if school.grade <= kind[0])
    code = f"{kind}40210{school.at:07d}0"
    place = {"school_code": code, "school_name": f"第{school.at}{name}", "school_type": kind}
    told = {"guardian_name": guardian.name, "guardian_relation": _relation(guardian)} if guardian else {}
    state = {"grade": school.grade, "class_name": "1", "entered_on": date(SCHOOL_YEAR, 4, 1), "special_class": "0"}
    plain = {"exemption": "0", "out_of_district": "0", "whereabouts_unknown": False, "not_attending": False}
    yield "pupil_register.pupils", {**place, **told, **state, **plain}
    for month in months():
        if f"{month:%Y-%m}" not in school.missing:
            yield "school_affairs.attendance", {"school_code": code, "month": month, **attended(school, month)}
    yield from _days(school)
    affairs = "school_affairs"
    if school.grade > 1:
        year = {"school_year": SCHOOL_YEAR - 1, "class_days": 200, "due_days": 200, "absent_days": school.last_year}
        yield f"{affairs}.attendance_yearly", {**year, "present_days": 200 - school.last_year}
        yield f"{affairs}.checkups", _examined(school, SCHOOL_YEAR - 1)
    yield f"{affairs}.checkups", _examined(school, SCHOOL_YEAR)
    if school.grade <= 9:
        yield from _fees(code)


def _relation(guardian: Resident) -> str:
    return "01" if guardian.who == "father" else "02" if guardian.who == "mother" else "99"


def _examined(school: School, year: int) -> dict[str, Any]:
    weight = 18.0 + 3.2 * (school.grade - (SCHOOL_YEAR - year))
    found = {"nutrition": "1", "eyesight_right": "A", "eyesight_left": "A", "hearing": "1", "follow_up": "0"}
    teeth = {"untreated_milk_teeth": 0, "untreated_teeth": 0}
    return {"school_year": year, "examined_on": date(year, 6, 10), "weight": round(weight, 1), **teeth, **found}


def _fees(code: str) -> Iterator[Row]:
    free = {"billed": 0, "paid": 0, "unpaid": 0, "reminder_count": 0, "waiver": "3"}
    for month in months():
        if month >= date(SCHOOL_YEAR, 4, 1):
            yield "school_lunch_fees.fees", {"school_year": SCHOOL_YEAR, "month": month, **free}
    year = {"school_year": SCHOOL_YEAR, "school_code": code, "expense": "1"}
    yield "school_collections.collections", {**year, "billed": 9000, "paid": 9000, "unpaid": 0, "failed_debits": 0}


def months() -> Iterator[date]:
    """The twelve months up to the day."""
    for place in range(11, -1, -1):
        yield after(AS_OF.replace(day=1), -place)


def attended(school: School, month: date) -> dict[str, int]:
    """A month of school: 出席 + 欠席 = 出席しなければならない日数."""
    name, days = f"{month:%Y-%m}", SCHOOL_DAYS.get(month.month, 20)
    absent = school.absent.get(name, 0)
    excused = school.excused.get(name, 0)
    return {
        "class_days": days,
        "excused_days": excused,
        "due_days": days - excused,
        "absent_days": absent,
        "absent_ill_days": absent if school.ill else 0,
        "absent_other_days": 0 if school.ill else absent,
        "present_days": max(days - excused - absent, 0),
        "late_count": school.late.get(name, 0),
        "early_leave_count": 0,
        "longest_absence": school.run.get(name, min(absent, 2)),
    }


def _days(school: School) -> Iterator[Row]:
    """The days of the last two months, as they add up to the months: a run at the month's end, the rest each third
    day from its second."""
    for month in (month for month in months() if month >= DAILY_SINCE and f"{month:%Y-%m}" not in school.missing):
        told = attended(school, month)
        days = [day for day in range(31) if (month + timedelta(days=day)).month == month.month]
        weekdays = [one for day in days if (one := month + timedelta(days=day)).weekday() < 5][: told["class_days"]]
        run = told["longest_absence"]
        scattered = weekdays[1 : -run or None : 3][: told["absent_days"] - run]
        away = {*(weekdays[-run:] if run else ()), *scattered}
        code = "2" if school.ill else "3"
        excused = [day for day in weekdays if day not in away][: told["excused_days"]]
        for day in weekdays:
            here = code if day in away else "6" if day in excused else "1"
            yield "school_affairs.attendance_daily", {"day": day, "attendance": here}


def after(day: date, count: int) -> date:
    """The same day of the month so many months later, the last day of the month where it has none such."""
    place = day.year * 12 + day.month - 1 + count
    first = date(place // 12, place % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)
