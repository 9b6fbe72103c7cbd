"""Which function fills which department's table."""

from __future__ import annotations

from collections.abc import Callable

from mimamori.city.health_tables import HealthTables
from mimamori.city.lives import Lives
from mimamori.city.people import City
from mimamori.city.school_tables import SchoolTables
from mimamori.city.tables import Tables
from mimamori.city.writing import Columns


def rows_of(city: City, lives: Lives) -> dict[tuple[str, str], Callable[[int, int], Columns]]:
    """(source, table) → what it held on a day; the second argument is the day of the delivery before (0: none)."""
    made, health, school = Tables(city, lives), HealthTables(city, lives), SchoolTables(city, lives)
    return {
        ("resident_register", "residents"): made.residents,
        ("maternal_child_health", "pregnancy"): health.pregnancy,
        ("maternal_child_health", "birth"): health.birth,
        ("maternal_child_health", "postnatal_checkup"): health.postnatal,
        ("maternal_child_health", "home_visit"): health.home_visit,
        ("maternal_child_health", "checkup"): health.checkup,
        ("public_assistance", "members"): made.assistance,
        ("childcare", "certifications"): made.childcare,
        ("child_allowance", "allowance"): made.allowance,
        ("child_allowance", "single_parent"): made.single_parent,
        ("medical_subsidy", "certificates"): made.medical,
        ("child_guidance", "cases"): made.guidance,
        ("child_guidance", "council"): made.council,
        ("disability_welfare", "handbooks"): made.handbooks,
        ("single_parent_loans", "loans"): made.loans,
        ("pupil_register", "pupils"): school.pupils,
        ("school_affairs", "attendance"): school.attendance,
        ("school_affairs", "health_room"): school.health_room,
        ("school_affairs", "checkups"): school.school_checkups,
        ("school_expense_aid", "certifications"): school.aid,
        ("school_lunch_fees", "fees"): school.fees,
        ("school_collections", "collections"): school.collections,
        ("school_age_register", "children"): school.school_age,
    }
