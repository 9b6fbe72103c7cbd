# ruff: noqa: E501 (rows of a table read best in one line)
"""The standing cast: the same few families and workers in every test, and one outsider.

Families (all in `DAY`'s deliveries; `FAMILIES` names the children by a nickname):

| nickname | who | what is known |
| --- | --- | --- |
| quiet | 青木 陽斗, 9, Minami | nothing that asks for a look |
| poverty | 森下 陽菜, 10, and 蓮, 4, Minami | lone mother, arrears, eleven days absent in a row, no school aid |
| protected | 佐伯 湊, 7, Minami | address protected; the father lives in Higashi |
| twins | 岩永 春人 / 春斗, 11, Higashi | given names that differ by one kanji |
| foreign | NGUYEN THI MINH, 9, Minami | the school knows her by an alias |
| foster | 川上 直樹, 11, Higashi | lives with a foster family, child guidance open |
| private | 藤野 花, 14, Minami | a private school: no school rows |
| baby | 黒木 芽依, 3 months, Minami | mother's EPDS question 10 is 1, home visit absent |

`single_parent_loans` was never delivered and `disability_welfare` is stale, so that unknowns can be seen.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.extracts import Row, write_extract

from mimamori.sources import Registry

DAY = date(2026, 10, 31)
STALE_DAY = date(2026, 7, 31)
MINAMI, HIGASHI = "40134", "40131"
SECRET_ADDRESS = "福岡市南区柳瀬一丁目77番7号"  # the protected family's; it may stand in no response
MISSING = "single_parent_loans"
STALE = "disability_welfare"
SCHOOLS = {"若葉小学校": "B140210000011", "港南中学校": "C140210000022", "東浜小学校": "B140210000033"}


def number(serial: int) -> str:
    """An addressee number: seven digits and the check digit (mod 11, weights 2–7 from the right)."""
    digits = f"{serial:07d}"
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits)))
    return digits + str((11 - total % 11) % 11 % 10)


@dataclass(frozen=True)
class Resident:
    """One row of the residents' register."""

    nickname: str
    serial: int
    name: str
    kana: str
    born: str
    sex: str
    household: str
    relation: str
    ward: str
    address: str
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def addressee_no(self) -> str:
        return number(self.serial)

    def row(self) -> Row:
        return {
            "addressee_no": self.addressee_no,
            "hist_no": "1",
            "household_no": self.household,
            "resident_type": "1",
            "status": "1",
            "name": self.name,
            "kana": self.kana,
            "birth_date": self.born,
            "sex": self.sex,
            "relation": self.relation,
            "address": self.address,
            "ward": self.ward,
            "addr_since": "20200401",
            "protection": "0",
            **dict(self.extra),
        }


def _protection(role: str) -> tuple[tuple[str, str], ...]:
    return (
        ("protection", "1"),
        ("protection_role", role),
        ("protection_from", "20260401"),
        ("protection_to", "20270331"),
        ("perpetrator_no", number(303)),
    )


def _foreign(alias: str, alias_kana: str, roman: str) -> tuple[tuple[str, str], ...]:
    return (("resident_type", "2"), ("alias", alias), ("alias_kana", alias_kana), ("roman", roman))


MAN, WOMAN = "1", "2"
RESIDENTS = (
    Resident("quiet_father", 101, "青木 健太", "アオキ ケンタ", "19880510", MAN, "H100", "世帯主", MINAMI, "福岡市南区大橋一丁目1番1号"),
    Resident("quiet_mother", 102, "青木 由美", "アオキ ユミ", "19900203", WOMAN, "H100", "妻", MINAMI, "福岡市南区大橋一丁目1番1号"),
    Resident("quiet", 103, "青木 陽斗", "アオキ ハルト", "20170614", MAN, "H100", "子", MINAMI, "福岡市南区大橋一丁目1番1号"),
    Resident("poverty_mother", 201, "森下 真由美", "モリシタ マユミ", "19921120", WOMAN, "H200", "世帯主", MINAMI, "福岡市南区野間二丁目5番8号"),
    Resident("poverty", 202, "森下 陽菜", "モリシタ ヒナ", "20160614", WOMAN, "H200", "子", MINAMI, "福岡市南区野間二丁目5番8号"),
    Resident("poverty_brother", 203, "森下 蓮", "モリシタ レン", "20220120", MAN, "H200", "子", MINAMI, "福岡市南区野間二丁目5番8号"),
    Resident("protected_mother", 301, "佐伯 恵", "サエキ メグミ", "19910901", WOMAN, "H300", "世帯主", MINAMI, SECRET_ADDRESS, _protection("1")),
    Resident("protected", 302, "佐伯 湊", "サエキ ミナト", "20190801", MAN, "H300", "子", MINAMI, SECRET_ADDRESS, _protection("2")),
    Resident("protected_father", 303, "佐伯 剛", "サエキ ツヨシ", "19890715", MAN, "H301", "世帯主", HIGASHI, "福岡市東区香椎三丁目3番3号"),
    Resident("twins_mother", 401, "岩永 千春", "イワナガ チハル", "19850303", WOMAN, "H400", "世帯主", HIGASHI, "福岡市東区千早四丁目4番4号"),
    Resident("twin_one", 402, "岩永 春人", "イワナガ ハルト", "20150909", MAN, "H400", "子", HIGASHI, "福岡市東区千早四丁目4番4号"),
    Resident("twin_two", 403, "岩永 春斗", "イワナガ ハルト", "20150909", MAN, "H400", "子", HIGASHI, "福岡市東区千早四丁目4番4号"),
    Resident("foreign_father", 501, "NGUYEN VAN AN", "グエン ヴァン アン", "19870606", MAN, "H500", "世帯主", MINAMI, "福岡市南区清水一丁目9番2号", _foreign("阮 安", "グエン アン", "NGUYEN VAN AN")),
    Resident("foreign", 502, "NGUYEN THI MINH", "グエン ティ ミン", "20170302", WOMAN, "H500", "子", MINAMI, "福岡市南区清水一丁目9番2号", _foreign("阮 明", "グエン ミン", "NGUYEN THI MINH")),
    Resident("foster_head", 601, "松本 和子", "マツモト カズコ", "19700115", WOMAN, "H600", "世帯主", HIGASHI, "福岡市東区箱崎五丁目6番1号"),
    Resident("foster", 602, "川上 直樹", "カワカミ ナオキ", "20141201", MAN, "H600", "同居人", HIGASHI, "福岡市東区箱崎五丁目6番1号"),
    Resident("private_father", 701, "藤野 誠", "フジノ マコト", "19801010", MAN, "H700", "世帯主", MINAMI, "福岡市南区長丘二丁目2番2号"),
    Resident("private", 702, "藤野 花", "フジノ ハナ", "20120707", WOMAN, "H700", "子", MINAMI, "福岡市南区長丘二丁目2番2号"),
    Resident("baby_mother", 801, "黒木 彩", "クロキ アヤ", "20060218", WOMAN, "H800", "世帯主", MINAMI, "福岡市南区井尻三丁目8番1号"),
    Resident("baby", 802, "黒木 芽依", "クロキ メイ", "20260725", WOMAN, "H800", "子", MINAMI, "福岡市南区井尻三丁目8番1号"),
)  # fmt: skip
BY_NICKNAME = {resident.nickname: resident for resident in RESIDENTS}
CHILDREN = (
    "quiet", "poverty", "poverty_brother", "protected", "twin_one", "twin_two", "foreign", "foster", "private", "baby",
)  # fmt: skip


def no(nickname: str) -> str:
    return BY_NICKNAME[nickname].addressee_no


@dataclass(frozen=True)
class Pupil:
    """One row of a school's register: the name as the school writes it."""

    nickname: str
    pupil_no: str
    name: str
    kana: str
    school: str
    grade: str
    guardian: str

    def row(self) -> Row:
        resident = BY_NICKNAME[self.nickname]
        return {
            "pupil_no": self.pupil_no,
            "name": self.name,
            "kana": self.kana,
            "birth_date": resident.born,
            "sex": resident.sex,
            "address": resident.address,
            "guardian_name": self.guardian,
            "guardian_relation": "02",
            "school_code": SCHOOLS[self.school],
            "school_name": self.school,
            "school_type": "B1",
            "grade": self.grade,
            "class_name": "2",
            "entered_on": "20260401",
        }


PUPILS = (
    Pupil("quiet", "S0001", "青木 陽斗", "アオキ ハルト", "若葉小学校", "3", "青木 由美"),
    Pupil("poverty", "S0002", "森下 陽菜", "モリシタ ヒナ", "若葉小学校", "4", "森下 真由美"),
    Pupil("protected", "S0003", "佐伯 湊", "サエキ ミナト", "若葉小学校", "1", "佐伯 恵"),
    Pupil("twin_one", "S0004", "岩永 春人", "イワナガ ハルト", "東浜小学校", "5", "岩永 千春"),
    Pupil("twin_two", "S0005", "岩永 春斗", "イワナガ ハルト", "東浜小学校", "5", "岩永 千春"),
    Pupil("foreign", "S0006", "阮 明", "グエン ミン", "若葉小学校", "4", "阮 安"),
    Pupil("foster", "S0007", "川上 直樹", "カワカミ ナオキ", "東浜小学校", "6", "松本 和子"),
)
MONTHS = ("202604", "202605", "202606", "202607", "202608", "202609", "202610")
ABSENCES = {"S0002": (2, 3, 4, 3, 0, 8, 14)}  # days absent, by month; the others are absent now and then


def _attendance() -> list[Row]:
    rows: list[Row] = []
    for pupil in PUPILS:
        for place, month in enumerate(MONTHS):
            absent = ABSENCES.get(pupil.pupil_no, (0, 1, 0, 1, 0, 0, 1))[place]
            days = 0 if month == "202608" else 20
            longest = 11 if absent == 14 else min(absent, 2)
            rows.append(
                {
                    "pupil_no": pupil.pupil_no, "school_code": SCHOOLS[pupil.school], "month": month,
                    "class_days": str(days), "excused_days": "0", "due_days": str(days), "absent_days": str(absent),
                    "absent_ill_days": str(absent), "absent_other_days": "0", "present_days": str(max(days - absent, 0)),
                    "late_count": "5" if absent == 14 else "0", "early_leave_count": "0", "longest_absence": str(longest),
                }
            )  # fmt: skip
    return rows


def _fees() -> list[Row]:
    rows: list[Row] = []
    for pupil in PUPILS:
        for month in MONTHS:
            owes = pupil.pupil_no == "S0002" and month in {"202606", "202607", "202609", "202610"}
            rows.append(
                {
                    "pupil_no": pupil.pupil_no, "school_year": "2026", "month": month, "billed": "4900",
                    "paid": "0" if owes else "4900", "unpaid": "4900" if owes else "0",
                    "reminder_count": "2" if owes else "0", "waiver": "0",
                }
            )  # fmt: skip
    return rows


def tables() -> dict[tuple[str, str], list[Row]]:
    """All rows of the cast by (source, table); what is not named has a delivery without rows."""
    return {
        ("resident_register", "residents"): [resident.row() for resident in RESIDENTS],
        ("pupil_register", "pupils"): [pupil.row() for pupil in PUPILS],
        ("school_affairs", "attendance"): _attendance(),
        ("school_affairs", "checkups"): [
            {"pupil_no": p.pupil_no, "school_year": "2026", "examined_on": "20260422", "height": "130.6", "weight": "28.1",
             "untreated_teeth": "3" if p.nickname == "poverty" else "0", "untreated_milk_teeth": "0", "follow_up": "0"}
            for p in PUPILS
        ],
        ("school_lunch_fees", "fees"): _fees(),
        ("school_collections", "collections"): [
            {"pupil_no": p.pupil_no, "school_year": "2026", "school_code": SCHOOLS[p.school], "expense": "1", "billed": "9000",
             "paid": "0" if p.nickname == "poverty" else "9000", "unpaid": "9000" if p.nickname == "poverty" else "0",
             "failed_debits": "3" if p.nickname == "poverty" else "0", "reminder_count": "0"}
            for p in PUPILS
        ],
        ("child_allowance", "single_parent"): [
            {"certificate_no": f"J{place}", "recipient_no": no("poverty_mother"), "child_no": no(child), "cause": "1",
             "payment": "1", "report": "2", "certified_on": "5050901"}
            for place, child in enumerate(("poverty", "poverty_brother"))
        ],
        ("child_allowance", "allowance"): [
            {"certification_no": "K1", "recipient_no": no("quiet_father"), "child_no": no("quiet"), "recipient_kind": "1",
             "custody": "1", "child_order": "1", "report": "0", "withheld": "0", "started_on": "4290701"},
            {"certification_no": "K2", "recipient_no": no("foster_head"), "child_no": no("foster"), "recipient_kind": "3",
             "custody": "1", "child_order": "1", "report": "0", "withheld": "0", "started_on": "5050701"},
        ],
        ("childcare", "certifications"): [
            {"certification_no": "N1", "child_no": no("poverty_brother"), "guardian_no": no("poverty_mother"), "benefit": "1",
             "certification": "2", "need": "01", "hours": "2", "facility_code": "F01", "facility_kind": "1",
             "started_on": "2024-04-01", "ended_on": "2026-09-30", "leave_reason": "4", "income_band": "1", "arrears_months": "3"}
        ],
        ("medical_subsidy", "certificates"): [
            {"addressee_no": no(child), "certificate_no": f"M{place}", "scheme": "1", "acquired_on": "2022/04/01"}
            for place, child in enumerate(CHILDREN) if child != "baby"
        ],
        ("child_guidance", "cases"): [
            {"reception_no": "R1", "guidance_no": "G1", "addressee_no": no("foster"), "name": "川上 直樹", "kana": "カワカミ ナオキ",
             "birth_date": "2014-12-01", "sex": "1", "received_on": "2023-05-10", "consultation": "2", "route": "08", "measure": "5"}
        ],
        ("child_guidance", "council"): [
            {"guidance_no": "G1", "addressee_no": no("foster"), "name": "川上 直樹", "kana": "カワカミ ナオキ",
             "birth_date": "2014-12-01", "sex": "1", "council_kind": "1", "registered_on": "2023-06-01"}
        ],
        ("maternal_child_health", "birth"): [
            {"child_no": no("baby"), "mother_no": no("baby_mother"), "child_name": "黒木 芽依", "child_kana": "クロキ メイ",
             "birth_date": "20260725", "sex": "2", "weight_g": "2310", "weeks": "37", "multiple": "0"}
        ],
        ("maternal_child_health", "postnatal_checkup"): [
            {"child_no": no("baby"), "mother_no": no("baby_mother"), "round": "2", "checked_on": "20260825", "epds_total": "11",
             "epds_q10": "1", "followed_up": "0"}
        ],
        ("maternal_child_health", "home_visit"): [
            {"child_no": no("baby"), "mother_no": no("baby_mother"), "visit_no": "1", "visited_on": "20260910", "result": "2"}
        ],
        ("school_age_register", "children"): [
            {"addressee_no": no("private").zfill(15), "guardian_no": no("private_father").zfill(15), "guardian_relation": "01",
             "enrolment": "4", "grade": "8", "class_kind": "1", "enrolled_on": "20250401"}
        ],
    }  # fmt: skip


def write_cast(folder: Path, registry: Registry) -> Path:
    """Write the cast's extracts under `folder`; returns it."""
    rows = tables()
    for layout, table in registry.tables():
        if layout.name == MISSING:
            continue
        day = STALE_DAY if layout.name == STALE else DAY
        write_extract(folder, layout, table, day, rows=rows.pop((layout.name, table.name), []))
    assert not rows, f"no such tables: {list(rows)}"
    return folder


@dataclass(frozen=True)
class Worker:
    """One account of the cast; `outsider` has a role in no ward of the families."""

    username: str
    role: str
    ward: str
    display_name: str


WORKERS = {
    "worker": Worker("worker", "ward_worker", MINAMI, "田島"),
    "supervisor": Worker("supervisor", "ward_supervisor", MINAMI, "大久保"),
    "outsider": Worker("outsider", "ward_worker", "40135", "外山"),
    "centre_worker": Worker("centre_worker", "centre_worker", "", "井手"),
    "centre_supervisor": Worker("centre_supervisor", "centre_supervisor", "", "松尾"),
    "coordinator": Worker("coordinator", "coordinator", "", "古賀"),
    "manager": Worker("manager", "manager", "", "原田"),
    "data_officer": Worker("data_officer", "data_officer", "", "江口"),
    "analyst": Worker("analyst", "analyst", "", "三宅"),
    "auditor": Worker("auditor", "auditor", "", "福永"),
    "administrator": Worker("administrator", "administrator", "", "野田"),
}
