"""Settings of the generator: every figure that is remembered (M) or assumed (A) rather than read.

The defaults are those of the table of rates; shares are of the group named, rates are per year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType


def _shares(**shares: float) -> Mapping[str, float]:
    return MappingProxyType(shares)


@dataclass(frozen=True)
class Settings:
    """One city to build."""

    residents: int
    seed: int = 1
    deliveries: int = 6
    noise: float = 1.0
    last_day: date = date(2026, 10, 31)
    apart: int = 1  # months between two deliveries

    # cities that are not like one, to see whether a statistic says so
    pure_chance: bool = False  # whom a consultation on abuse is about is drawn by lot
    recorded: Mapping[str, float] = field(default_factory=dict)  # share of the consultations that a ward's records hold

    # what is missing or late in the last month, by source: months before the last day that its newest delivery is of
    last_delivered: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"school_lunch_fees": 1, "disability_welfare": 3})
    )
    bad_rows: float = 0.001  # A rows with an impossible date or a code outside its table, at noise 1

    # people
    ward_children: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {
                "40131": 0.145,
                "40132": 0.115,
                "40133": 0.105,
                "40134": 0.135,
                "40135": 0.15,
                "40136": 0.12,
                "40137": 0.14,
            }
        )
    )  # A share 0–14 by ward
    single_households: float = 0.52  # M of households
    two_person_households: float = 0.23  # M
    single_mothers: float = 20_000 / 1_600_000  # M of people
    single_fathers: float = 2_500 / 1_600_000  # M
    three_generations: float = 0.04  # A of households with a child
    deaths: float = 0.0085  # M of people, a year
    mother_age: Mapping[int, float] = field(
        default_factory=lambda: MappingProxyType({16: 0.006, 20: 0.069, 25: 0.263, 30: 0.363, 35: 0.238, 40: 0.061})
    )  # M lower end of the band: under 20, 20–24, …, 40 and over
    preterm: float = 0.057  # M under 37 weeks
    moving_infants: float = 1.3  # A households whose youngest is 0–4, relative to the mean
    moving_pupils: float = 0.5  # A households whose youngest is 5–14
    foreigners: float = 0.03  # M of people
    foreign_children: float = 0.017  # M of children
    remarriage: float = 0.03  # A of single parents, a year
    stepfamilies: float = 0.04  # A of two-parent households
    father_in_city: float = 0.45  # A of divorced fathers
    name_back: float = 0.6  # A of divorced mothers take their former name back, and the children follow
    violence: float = 0.03  # A of families: between the parents
    mental_illness: float = 0.05  # A of households: a parent's
    protected_provisional: float = 0.05  # A of protections
    protected_expired: float = 0.10  # A

    # health
    notice_weeks: Mapping[int, float] = field(
        default_factory=lambda: MappingProxyType({5: 0.95, 12: 0.04, 20: 0.006, 28: 0.004})
    )  # M lower end in weeks
    epds_question_10: float = 0.04  # A ≥ 1
    visit_result: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"1": 0.95, "2": 0.03, "3": 0.01, "4": 0.01})
    )  # M, A met, absent, refused, moved
    checkup_attended: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"04M": 0.97, "10M": 0.95, "18M": 0.95, "36M": 0.93})
    )  # M
    checkup_observed: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"04M": 0.12, "10M": 0.12, "18M": 0.25, "36M": 0.25})
    )  # R for three of them; 10M assumed

    # welfare
    assistance_people: float = 0.026  # M
    assistance_children: float = 0.02  # A
    assistance_ends: float = 0.08  # A of households let go in the last two years
    single_parent_allowance: float = 0.08  # M of children
    allowance_in_full: float = 0.5  # M
    child_allowance: float = 0.92  # M of children; the rest are paid by the parent's employer
    medical_children: float = 0.97  # A
    medical_disabled: float = 0.005  # A of children
    loans: float = 300 / 1_600_000  # A new ones of people, a year
    loans_for_school: float = 0.85  # A
    loans_in_arrears: float = 0.25  # A

    # childcare
    childcare_use: Mapping[int, float] = field(
        default_factory=lambda: MappingProxyType({0: 0.17, 1: 0.59, 2: 0.59, 3: 0.58, 4: 0.58, 5: 0.58})
    )  # M by age
    childcare_leaves: float = 0.02  # A of children leave before school
    nowhere: Mapping[int, float] = field(default_factory=lambda: MappingProxyType({3: 0.05, 4: 0.02, 5: 0.015}))  # M

    # disability
    handbook_intellectual: float = 0.016  # M of children
    handbook_physical: float = 0.0053  # M
    handbook_mental: float = 0.0025  # M
    infant_service: float = 0.0107  # M 児童発達支援, of children
    after_school_service: float = 0.028  # M of 6–17
    visiting_service: float = 0.004  # A 保育所等訪問, of 3–15
    special_allowance: float = 0.014  # M 特別児童扶養手当

    # schools
    private_elementary: float = 0.02  # M
    private_junior_high: float = 0.12  # M
    expense_aid: float = 0.22  # M of pupils
    collections_unpaid: float = 0.02  # A of pupils
    non_attendance_stays: float = 0.62  # M of pupils, from year to year
    absence_year_mean: float = 6.5  # A days a year outside non-attendance
    absence_dispersion: float = 0.5  # A k of the negative binomial

    # the hidden risk
    latent_effect: float = 0.45  # A log hazard ratio of one standard deviation of stress itself, inside the cap
    other_consultations: float = 0.004  # A of children a year, neither abuse nor disability
    violence_consulted: float = 0.25  # A of families with violence between the parents
    outside_known: float = 0.03  # A consulted children who are in no register of the city
    protection_custody: float = 700 / 3_000  # A 一時保護 of abuse consultations
