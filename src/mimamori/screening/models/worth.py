"""What one source system is worth to a model, as it is kept."""

from __future__ import annotations

from mimamori.screening.models.bootstrap import Estimate
from mimamori.sources.item import Declared


class Worth(Declared):
    """One system, by boosted trees on the latest split. `without_…`: every column that has anything of it left out;
    `alone_…`: only columns of nothing else, and the age band. `lost`: how much more of its places the list with all
    columns hits than the one without, at the wards' length."""

    source: str
    columns: int
    without_auc: Estimate | None
    without_average_precision: Estimate | None
    alone_auc: Estimate | None
    alone_average_precision: Estimate | None
    lost: Estimate | None
