"""Later events as data: by difficulty, which rows of the record say that it came to be, for the back-test alone."""

from mimamori.screening.outcomes.load import load_outcomes
from mimamori.screening.outcomes.schema import Event, Outcome
from mimamori.screening.outcomes.spans import SPANS, spans_of

__all__ = ["SPANS", "Event", "Outcome", "load_outcomes", "spans_of"]
