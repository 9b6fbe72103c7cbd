"""ペルソナ: described families that run through the real intake and the real night, and what should become of them.

They are the city's own proof that conditions find whom experts mean, and nobody else.
"""

from mimamori.personas.judging import judge
from mimamori.personas.load import Personas, load_personas, shipped_personas
from mimamori.personas.report import Outcome, Report
from mimamori.personas.schema import AS_OF, EXPECTATION_LABELS, Persona

__all__ = [
    "AS_OF",
    "EXPECTATION_LABELS",
    "Outcome",
    "Persona",
    "Personas",
    "Report",
    "judge",
    "load_personas",
    "shipped_personas",
]
