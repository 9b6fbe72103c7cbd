"""Every indicator has an example table in and values out, run through the real framework."""

from __future__ import annotations

import pytest

from mimamori.screening.indicators.examples import all_examples, outcomes
from mimamori.screening.indicators.schema import Example, Indicator
from mimamori.sources.registry import load_registry

EXAMPLES = list(all_examples())


@pytest.mark.parametrize(("indicator", "number", "example"), EXAMPLES, ids=[f"{i.id}-{n}" for i, n, _ in EXAMPLES])
def test_example(indicator: Indicator, number: int, example: Example) -> None:
    wrong = [outcome for outcome in outcomes(indicator, example, load_registry()) if not outcome.ok]
    assert not wrong
