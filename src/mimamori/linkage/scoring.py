"""Splink's prediction on either engine: two tables and the settings in, the name of the table of pairs out."""

from __future__ import annotations

import logging
from typing import Any

from splink import Linker
from splink.internals.database_api import DatabaseAPISubClass


def predict(api: DatabaseAPISubClass, settings: dict[str, Any], **sides: str) -> str:
    """Score the candidate pairs of two tables, by the name that `source_dataset` is to have: `seekers="a_table"`.

    The table found has `source_dataset_l/_r`, `ref_l/_r`, `match_weight` and whatever else the settings retain; which
    side is `_l` is not promised. Splink refuses empty tables.
    """
    logging.getLogger("splink").setLevel(logging.ERROR)
    registered = [api.register(table, dataset_display_name=side) for side, table in sides.items()]
    linker = Linker(registered, settings, log_level=None, validate_settings=False)
    return str(linker.inference.predict(warning_mode="never").physical_name)
