"""Conditions as data: typed rows per difficulty, checked against the closed list of indicators."""

from mimamori.screening.conditions.check import check
from mimamori.screening.conditions.load import first_sets, read
from mimamori.screening.conditions.schema import Condition, ConditionSet, Domain, plain

__all__ = ["Condition", "ConditionSet", "Domain", "check", "first_sets", "plain", "read"]
