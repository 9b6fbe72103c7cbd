"""The growth standard: the published figures as they are, and what lies between and beyond them."""

from __future__ import annotations

from math import exp

import pytest

from mimamori.web.pictures.standard import FEMALE, MALE, MEASURES, SEXES, standard

# Age in years, ±2 SD and median as the formula of the LMS method gives them from the published L, M and S.
KNOWN = [
    ("height", MALE, 1.0, (69.7, 74.8, 79.6)),
    ("height", FEMALE, 1.0, (68.8, 73.5, 78.2)),
    ("weight", MALE, 1.0, (7.6, 9.38, 11.6)),
    ("weight", FEMALE, 1.0, (7.1, 8.72, 10.8)),
    ("height", MALE, 17.5, (170.8 * exp(-0.068), 170.8, 170.8 * exp(0.068))),  # L = 0
]


@pytest.mark.parametrize(("measure", "sex", "age", "lines"), KNOWN)
def test_the_lines_are_the_published_ones(
    measure: str, sex: str, age: float, lines: tuple[float, float, float]
) -> None:
    found = standard(measure, sex)
    assert found is not None
    point = found.at(age)
    assert point is not None
    assert [point.value(sd) for sd in (-2, 0, 2)] == pytest.approx(lines, abs=0.06)


# The society's workbook tells the median weight by polynomials of the age in months: a second way to the same figures.
MONTHLY_WEIGHT = [(MALE, 9, 8.80), (MALE, 12, 9.38), (FEMALE, 12, 8.72), (MALE, 120, 31.39), (FEMALE, 120, 31.2)]


@pytest.mark.parametrize(("sex", "months", "median"), MONTHLY_WEIGHT)
def test_weights_agree_with_the_societys_workbook(sex: str, months: int, median: float) -> None:
    found = standard("weight", sex)
    assert found is not None
    point = found.at(months / 12)
    assert point is not None
    assert point.median == pytest.approx(median, rel=0.005)


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("measure", MEASURES)
def test_a_value_and_its_place_are_each_others_inverse(measure: str, sex: str) -> None:
    found = standard(measure, sex)
    assert found is not None
    assert (len(found.points), found.points[0].age, found.last) == (40, 0, 17.5)
    assert [point.age for point in found.points] == sorted(point.age for point in found.points)
    for age in (0, 0.25, 0.6, 3.3, 10, 17.4, 17.5):
        point = found.at(age)
        assert point is not None
        lines = [point.value(sd) for sd in (-3, -2, -1, 0, 1, 2, 3)]
        assert lines == sorted(lines)
        assert [point.sd(value) for value in lines] == pytest.approx([-3, -2, -1, 0, 1, 2, 3])


@pytest.mark.parametrize("age", [-0.1, 0.1, 0.24, 17.6, 40])
def test_nothing_is_told_where_nothing_is_published(age: float) -> None:
    found = standard("height", MALE)
    assert found is not None
    assert found.at(age) is None


def test_an_unknown_sex_has_no_standard() -> None:
    assert standard("height", "0") is None
    assert standard("height", "") is None
