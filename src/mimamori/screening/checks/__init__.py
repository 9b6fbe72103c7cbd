"""What somebody who writes a condition set should look at before it is tried: gaps, overlaps, tests that nothing meets.

Pure: a set, the indicators' declarations and, where it is at hand, how many children have a value. `look_through`
tells every finding as a sentence in both languages; what `conditions.check` would refuse has `stops`.

Values of indicators are whole numbers but those in per cent: between 7 and 8 times nobody stands.
"""

from mimamori.screening.checks.look import look_through
from mimamori.screening.checks.shapes import KIND_LABELS, Finding, Kind, Repair
from mimamori.screening.checks.single import EMPTY

__all__ = ["EMPTY", "KIND_LABELS", "Finding", "Kind", "Repair", "look_through"]
