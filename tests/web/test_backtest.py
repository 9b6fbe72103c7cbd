"""The page of a version's back-test: who sees it, what it closes, and what the button says where there is no day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mimamori import governance
from mimamori.access.models import Account
from mimamori.governance.models import ConditionVersion
from mimamori.screening import first_sets
from mimamori.screening.backtest_shapes import Backtest, Count, Ties

SignIn = Callable[..., Any]
pytestmark = pytest.mark.django_db
NONE = dict.fromkeys(("known", "gone", "grown", "lost", "listed", "listed_hits", "taken_unseen"), 0)


def a_group(dimension: str, value: str, **counts: int) -> Count:
    return Count(dimension, value, **(NONE | counts))


WHOLE = a_group("whole", "", known=37, gone=4, followed=2_000, events=120, taken=150, hits=45)
FOUND = Backtest(
    difficulty="abuse", snapshot="2026-05-31.0a1b2c3d", record="2026-10-31.0a1b2c3e", start=date(2026, 5, 31),
    until=date(2026, 10, 31), window_months=12, full=False, told=True, by_capacity=True, whole=WHOLE,
    groups=(
        a_group("ward", "40131", followed=1_200, events=70, taken=80, hits=25),
        a_group("ward", "40134", followed=793, events=46, taken=67, hits=17),
        a_group("ward", "", followed=7, events=4, taken=3, hits=3),
        a_group("nationality", "1", followed=2_000, events=120, taken=150, hits=45),
    ),
    ties=Ties(0, 0, 0, 0), oracle=None,
)  # fmt: skip


def in_test(workers: dict[str, Account], found: Backtest = FOUND) -> ConditionVersion:
    (abuse,) = (one for one in first_sets() if one.difficulty == "abuse")
    version = governance.send_to_test(governance.propose(abuse, by=workers["coordinator"]), by=workers["coordinator"])
    governance.record_proof(version, kind="backtest", passed=found.passed, summary=found.summary(), by=None)
    return version


def address(version: ConditionVersion) -> str:
    return f"/conditions/{version.pk}/backtest/"


def test_the_figures_are_told_with_their_intervals_and_small_ones_closed(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Account]
) -> None:
    page = sign_in("manager").get(address(in_test(workers)))
    text = page.content.decode()
    assert "くじで選んだ児童なら、6.0% に出来事がありました" in text
    assert "30%(23%〜38%)" in text
    assert "望ましい期間は12か月です" in text
    by_ward = {line.word: line for line in page.context["found"].tables[1].lines}
    assert (by_ward["わからない"].events, by_ward["わからない"].precision) == (None, None)
    assert by_ward["南区"].events is None, "it would tell the four by the total"
    assert by_ward["南区"].precision == "10%〜40% のあいだ"
    assert by_ward["東区"].precision == "31%(22%〜42%)"
    assert dict(page.context["found"].apart)["期間のうちに市外へ移った"] is None
    assert "判定不能" in text and "秘匿" in text
    assert "Of the events, on the list" in sign_in("manager", "en").get(address(in_test(workers))).content.decode()


def test_what_no_record_tells_of_has_no_table(cast_home: Any, sign_in: SignIn, workers: dict[str, Account]) -> None:
    nothing = replace(FOUND, told=False, whole=a_group("whole", "", followed=50, events=0, taken=3, hits=0), groups=())
    text = sign_in("manager").get(address(in_test(workers, nothing))).content.decode()
    assert "記録がないので、判定できません" in text
    assert "<table" not in text


@pytest.mark.parametrize(
    ("role", "status"), [("coordinator", 200), ("manager", 200), ("analyst", 200), ("worker", 403), ("auditor", 403)]
)
def test_who_sees_statistics_sees_it(
    role: str, status: int, cast_home: Any, sign_in: SignIn, workers: dict[str, Account]
) -> None:
    assert sign_in(role).get(address(in_test(workers))).status_code == status


def test_a_version_that_was_not_tried_says_so(cast_home: Any, sign_in: SignIn, workers: dict[str, Account]) -> None:
    version = governance.propose(first_sets()[0], by=workers["coordinator"])
    text = sign_in("coordinator").get(address(version)).content.decode()
    assert "この版の数字はまだありません" in text
    assert "try/" not in text, "a draft is not tried"
    assert sign_in("coordinator").get("/conditions/999999/backtest/").status_code == 422


def test_the_button_says_where_no_earlier_day_is_kept(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Account]
) -> None:
    version = in_test(workers)
    client = sign_in("coordinator")
    assert f"{address(version)}try/" in client.get(f"/conditions/{version.pk}/").content.decode()
    answer = client.post(f"{address(version)}try/", follow=True).content.decode()
    assert "より前の受領データがありません" in answer or "mimamori screen backtest" in answer
    assert version.proofs.count() == 1
    assert sign_in("manager").post(f"{address(version)}try/").status_code == 403


def test_the_button_tries_and_shows_the_figures(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = in_test(workers)

    def tried(config: Any, versions: list[ConditionVersion], *, by: Account) -> list[Backtest]:
        assert (config, [one.pk for one in versions], by) == (cast_home, [version.pk], workers["coordinator"])
        return [FOUND]

    monkeypatch.setattr("mimamori.backtesting.try_backtest", tried)
    answer = sign_in("coordinator").post(f"{address(version)}try/", follow=True)
    assert answer.redirect_chain == [(address(version), 302)]
    assert "くじで選ぶより" in answer.content.decode()
