"""Figures of a city of 1.6 million, each with its mark and where it comes from.

R read in a published source, D computed from such figures, M from memory (about ±10 %), A assumption. What is A or M is
a setting of the generator (`settings.py`). No figure here is a claim about a real city.
"""

from __future__ import annotations

from types import MappingProxyType

PEOPLE = 1_600_000  # the size the absolute counts below belong to

# R, D 住民基本台帳 by ward: share of people. The order is that of the ward codes.
WARD_SHARE = MappingProxyType(
    {"40131": 0.204, "40132": 0.151, "40133": 0.125, "40134": 0.169, "40135": 0.132, "40136": 0.080, "40137": 0.140}
)
CHILDREN_SHARE = 240_000 / PEOPLE  # R 0–17 of all people
CHILDREN_PER_HOUSEHOLD = MappingProxyType(
    {1: 0.493, 2: 0.380, 3: 0.107, 4: 0.017, 5: 0.003}
)  # R 国民生活基礎調査 2022: 1, 2, 3+
SINGLE_MOTHER_REASON = MappingProxyType(
    {"divorce": 0.795, "unmarried": 0.108, "death": 0.053, "other": 0.044}
)  # R 全国ひとり親世帯等調査 2021
LOW_BIRTH_WEIGHT = 0.096  # R 人口動態統計: under 2,500 g
MULTIPLE_CHILDREN = 0.020  # R 人口動態統計: children of multiple births
IN_RATE, OUT_RATE, BETWEEN_WARDS_RATE, INSIDE_WARD_RATE = 0.048, 0.043, 0.025, 0.040  # R, D 住民基本台帳 移動 a year
SPRING_SHARE = 0.35  # R, D of a year's moves in March and April
DIVORCE_PER_CHILD = 0.009  # D 人口動態統計: children whose parents divorce, a year
CUSTODY = MappingProxyType({"mother": 0.849, "father": 0.115, "split": 0.036})  # D 人口動態統計
PROTECTED_PEOPLE = 1_950 / PEOPLE  # D people under 支援措置
POVERTY_ONE_ADULT, POVERTY_TWO_ADULTS = 0.445, 0.086  # R 国民生活基礎調査 2022

EPDS_HIGH = 0.098  # R EPDS ≥ 9 a month after birth
CLOSE_EXAMINATION = MappingProxyType({"18M": 0.013, "36M": 0.049})  # R 地域保健・健康増進事業報告: 要精密
ASSISTANCE_SINGLE_MOTHERS = 0.10  # R 生活保護 among single mothers
SPECIAL_CLASS = 0.035  # R 学校基本調査 2022
CITY_ELEMENTARY_SCHOOLS, CITY_JUNIOR_HIGH_SCHOOLS = 145, 70  # R 学校基本調査 2022
CLASS_SIZE = MappingProxyType({"B1": 26.3, "C1": 28.2})  # R 学校基本調査 2022
LUNCH_UNPAID = 0.0085  # R 学校給食費の徴収状況: of pupils
LUNCH_FREE_FROM = (2025, 9)  # R free from the second term of school year 2025
NON_ATTENDANCE = (
    MappingProxyType(  # R 児童生徒の問題行動等調査 FY2022: of pupils in each grade, 30 days and more a year
        {1: 0.0095, 2: 0.015, 3: 0.019, 4: 0.023, 5: 0.028, 6: 0.033, 7: 0.054, 8: 0.072, 9: 0.075}
    )
)
NON_ATTENDANCE_90_DAYS = 0.55  # R the same: of these absent 90 days and more
ABUSE_CONSULTATIONS = 3_000 / 240_000  # R 福祉行政報告例 FY2022: of children, a year
ABUSE_KIND = MappingProxyType({"4": 0.596, "1": 0.230, "3": 0.162, "2": 0.012})  # R the same: 心理 身体 ネグレクト 性
ABUSER = MappingProxyType(
    {"mother": 0.480, "father": 0.426, "other_father": 0.051, "other_mother": 0.005, "other": 0.038}
)  # R
ABUSE_AGE_SHARE = MappingProxyType(
    {(0, 2): 0.22, (3, 6): 0.27, (7, 12): 0.32, (13, 15): 0.125, (16, 18): 0.067}
)  # R the same
COUNCIL_SHARE = 3_500 / 250_000  # A children under 要対協
SPECIFIED_MOTHERS = 130 / 12_300  # A 特定妊婦 of births
CARE_SHARE = 500 / 240_000  # A children in care (facility or foster family)

# A smoothed from Front Pediatr 2020 8:143; Isumi IJERPH 2021; Yokoyama 2015; Ohashi EHPM 2018; Putnam-Hornstein 2011;
# Shioda 2016.
ABUSE_RATIO = MappingProxyType(
    {
        "mother_under_20": 3.0,
        "mother_20_24": 1.8,
        "unmarried_at_birth": 2.5,
        "late_notice": 3.0,
        "low_birth_weight": 1.3,
        "mental_illness": 2.5,
        "epds_high": 1.6,
        "violence": 2.5,
        "assistance": 3.0,
        "near_assistance": 2.0,
        "single_parent": 2.2,
        "missed_checkup": 2.5,
        "visit_refused": 3.0,
        "sibling_referred": 6.0,
        "own_referral": 8.0,
        "twins": 1.0,
    }
)
NON_ATTENDANCE_RATIO = MappingProxyType(  # A
    {"expense_aid": 2.5, "single_parent": 2.0, "sick_room_visit": 1.25, "changed_school": 1.5, "abuse_referral": 2.5}
)
RATIO_CAP = 25.0  # A the ratios are correlated: their product is cut here
