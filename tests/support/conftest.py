from __future__ import annotations

from typing import Any

import pytest
from tests.support.made import CASE, DAY, row

from mimamori.support.models import Finding
from mimamori.support.taking import take_findings


@pytest.fixture
def finding(workers: dict[str, Any]) -> Finding:
    """One must-look finding in Minami that nobody has taken."""
    take_findings([row(must=True)], as_of=DAY)
    return Finding.objects.get(case_no=CASE)
