"""What was approved before versions had lives stays in force, and what waited has to be tested."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = [("governance", "0001_initial")], [("governance", "0004_lives_guarded")]


@pytest.mark.django_db(transaction=True)
def test_approved_versions_come_into_force_on_the_day_of_their_approval(workers: dict[str, Any]) -> None:
    writer, manager = workers["coordinator"].pk, workers["manager"].pk
    MigrationExecutor(connection).migrate(BEFORE)
    try:
        old = MigrationExecutor(connection).loader.project_state(BEFORE).apps
        versions = old.get_model("governance", "ConditionVersion").objects

        def make(number: int, approved_at: datetime | None) -> None:
            by = manager if approved_at else None
            versions.create(
                difficulty="abuse", number=number, content={}, proposed_by_id=writer, approved_by_id=by,
                approved_at=approved_at,
            )  # fmt: skip

        make(1, datetime(2026, 10, 1, 15, 30, tzinfo=UTC))  # past midnight in Japan
        make(2, datetime(2026, 11, 3, tzinfo=UTC))
        make(3, datetime(2026, 11, 2, tzinfo=UTC))  # a newer number approved before it: it went on being run
        make(4, None)
    finally:
        MigrationExecutor(connection).migrate(MigrationExecutor(connection).loader.graph.leaf_nodes("governance"))

    from mimamori import governance
    from mimamori.governance.models import ConditionVersion, Enforcement

    states = dict(ConditionVersion.objects.values_list("number", "state"))
    assert states == {1: "approved", 2: "approved", 3: "approved", 4: "testing"}
    assert list(Enforcement.objects.values_list("version__number", "in_force_from")) == [
        (1, date(2026, 10, 2)), (3, date(2026, 11, 2)),
    ]  # fmt: skip
    assert [version.number for version in governance.in_force(date(2026, 11, 26))] == [3]
    record = list(ConditionVersion.objects.get(number=1).steps.order_by("pk").values_list("act", "by", "at__date"))
    assert [(act, by) for act, by, _ in record] == [("propose", writer), ("test", writer), ("approve", manager)]
    assert record[-1][2] == date(2026, 10, 2)
