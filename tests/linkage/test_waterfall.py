"""The waterfall of a pair's weight adds up to what Splink says of the same pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.linkage.test_link import BORN, SORA, pupils
from tests.linkage.tiny import pupil, resident

from mimamori.engine import rows_of
from mimamori.linkage.model import load_weights
from mimamori.linkage.residue import evidence_sql
from mimamori.linkage.waterfall import waterfall

UMI = resident("2", "佐藤 海", "サトウ ウミ", date(2012, 1, 2), address="福岡市東区千早四丁目4番4号")


def test_the_steps_add_up_to_splinks_weight() -> None:
    found = pupils(
        pupil("P1", "山田 昊", "ヤマダ ソラオ", BORN),
        pupil("P2", "佐藤 海", "サトウ ウミ", date(2012, 1, 20), address="福岡市東区千早四丁目9番9号"),
        pupil("P3", "山口 海", "", date(2012, 1, 2), sex="2"),
        residents=[SORA, UMI],
    )
    scored = rows_of(found.con, f"SELECT weight, {evidence_sql()} AS evidence FROM judged")
    assert len({row["evidence"] for row in scored}) >= 3
    for row in scored:
        steps = waterfall(row["evidence"], row["weight"])
        assert steps is not None
        assert steps.rest == 0
        assert steps.weight == pytest.approx(row["weight"], abs=0.01)
        assert steps.steps[-1].total == pytest.approx(row["weight"], abs=0.01)
        assert steps.prior + sum(step.bits for step in steps.steps) == pytest.approx(row["weight"], abs=0.05)


def test_steps_stand_in_the_models_order_with_their_thresholds() -> None:
    weights = load_weights()
    steps = waterfall("birth: same; family: else; given: kana", None)
    assert steps is not None
    assert [step.comparison for step in steps.steps] == ["family", "given", "birth"]
    assert [step.bits > 0 for step in steps.steps] == [False, True, True]
    assert (steps.accept, steps.review, steps.rest) == (weights.accept, weights.review, 0)


def test_what_the_levels_do_not_explain_is_told() -> None:
    plain = waterfall("given: kana", None)
    assert plain is not None
    assert waterfall("given: kana", plain.weight + 1.5) == replace(plain, rest=1.5, weight=round(plain.weight + 1.5, 2))


@pytest.mark.parametrize("text", [None, "", "key belongs to a twin", "left out: splink", "given: of a later version"])
def test_other_reasons_have_no_waterfall(text: str | None) -> None:
    assert waterfall(text, 3.0) is None
