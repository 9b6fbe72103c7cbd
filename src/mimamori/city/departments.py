"""Which function fills which department's table."""

from __future__ import annotations

from collections.abc import Callable

from mimamori.city.allowance_tables import AllowanceTables
from mimamori.city.childcare_tables import ChildcareTables
from mimamori.city.class_tables import ClassTables
from mimamori.city.fee_tables import FeeTables
from mimamori.city.guidance_tables import GuidanceTables
from mimamori.city.health_tables import HealthTables
from mimamori.city.lives import Lives
from mimamori.city.people import City
from mimamori.city.register import Register
from mimamori.city.school_tables import SchoolTables
from mimamori.city.welfare_tables import WelfareTables
from mimamori.sources.writing import Columns


def rows_of(city: City, lives: Lives) -> dict[tuple[str, str], Callable[[int, int], Columns]]:
    """(source, table) → what it held on a day; the second argument is the day of the delivery before (0: none)."""
    health, welfare, allowance = HealthTables(city, lives), WelfareTables(city, lives), AllowanceTables(city, lives)
    childcare, guidance = ChildcareTables(city, lives), GuidanceTables(city, lives)
    school, lessons, fees = SchoolTables(city, lives), ClassTables(city, lives), FeeTables(city, lives)
    return {
        ("resident_register", "residents"): Register(city).residents,
        ("maternal_child_health", "pregnancy"): health.pregnancy,
        ("maternal_child_health", "birth"): health.birth,
        ("maternal_child_health", "postnatal_checkup"): health.postnatal,
        ("maternal_child_health", "home_visit"): health.home_visit,
        ("maternal_child_health", "checkup"): health.checkup,
        ("maternal_child_health", "vaccination"): health.vaccination,
        ("public_assistance", "members"): welfare.assistance,
        ("childcare", "certifications"): childcare.certifications,
        ("child_allowance", "allowance"): allowance.allowance,
        ("child_allowance", "single_parent"): allowance.single_parent,
        ("medical_subsidy", "certificates"): allowance.medical,
        ("child_guidance", "cases"): guidance.cases,
        ("child_guidance", "council"): guidance.council,
        ("disability_welfare", "handbooks"): welfare.handbooks,
        ("disability_welfare", "services"): welfare.services,
        ("disability_welfare", "special_allowance"): welfare.special_allowance,
        ("single_parent_loans", "loans"): allowance.loans,
        ("pupil_register", "pupils"): school.pupils,
        ("pupil_register", "transfers"): school.transfers,
        ("pupil_register", "family"): school.family,
        ("school_affairs", "attendance"): lessons.attendance,
        ("school_affairs", "attendance_daily"): lessons.attendance_daily,
        ("school_affairs", "attendance_yearly"): lessons.attendance_yearly,
        ("school_affairs", "health_room"): lessons.health_room,
        ("school_affairs", "checkups"): lessons.checkups,
        ("school_expense_aid", "certifications"): fees.aid,
        ("school_lunch_fees", "fees"): fees.fees,
        ("school_collections", "collections"): fees.collections,
        ("family_register", "relations"): guidance.relations,
        ("dv_consultation", "consultations"): guidance.violence,
        ("school_age_register", "children"): school.school_age,
        ("school_age_register", "changes"): school.school_age_changes,
    }
