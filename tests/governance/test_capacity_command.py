"""`mimamori screen capacity` and `missed`, as people type them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mimamori.cli.entry import run
from mimamori.governance.models import Capacity
from mimamori.screening.unlisted import Drawn
from mimamori.support import actions
from mimamori.support.models import Finding
from mimamori.support.sampling import take_sample

pytestmark = pytest.mark.django_db
MINAMI = "40134"
SET = ["screen", "capacity", "--ward", MINAMI, "--by", "supervisor"]


def test_numbers_are_set_and_seen(workers: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["screen", "capacity"]) == 0
    assert "まだ決めていません" in capsys.readouterr().err
    assert run([*SET, "--findings", "30", "--sample", "2"]) == 0
    assert run([*SET, "--findings", "20", "--note", "1人休み"]) == 0, "the sample stays"
    capsys.readouterr()
    assert run(["screen", "capacity", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["ward"], told["findings"], told["sample"], told["note"]) == (MINAMI, 20, 2, "1人休み")
    assert run([*SET, "--no-limit"]) == 0
    assert Capacity.objects.latest("pk").findings is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["--ward", MINAMI, "--findings", "3"],
        ["--by", "supervisor", "--findings", "3"],
        ["--ward", MINAMI, "--by", "supervisor"],
        ["--ward", MINAMI, "--by", "supervisor", "--findings", "3", "--no-limit"],
        ["--ward", MINAMI, "--by", "supervisor", "--findings", "-3"],
        ["--ward", MINAMI, "--by", "worker", "--findings", "3"],
        ["--ward", "40131", "--by", "supervisor", "--findings", "3"],
        ["--ward", MINAMI, "--by", "nobody", "--findings", "3"],
        ["--ward", MINAMI, "--by", "supervisor", "--findings", "3", "--from", "2020-01-01"],
    ],
)
def test_what_is_not_whole_or_not_allowed_changes_nothing(workers: Any, arguments: list[str]) -> None:
    assert run(["screen", "capacity", *arguments]) == 2
    assert not Capacity.objects.exists()


def test_what_is_missed_is_told_with_its_interval(workers: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["screen", "missed", "--by", "manager"]) == 1
    day = date(2026, 10, 31)
    take_sample(
        [Drawn(MINAMI, 400, ("K-1", "K-2"))], sizes={MINAMI: 2}, snapshot="2026-10-31.0a1b2c3d", as_of=day, seed=1
    )
    for case_no, outcome in (("K-1", "support_needed"), ("K-2", "no_need")):
        found = actions.start(Finding.objects.get(case_no=case_no), by=workers["worker"])
        actions.assess(found, by=workers["worker"], outcome=outcome, reason="r", text="t", checklist={})
    capsys.readouterr()
    assert run(["screen", "missed", "--by", "manager", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["judged"], told["missed"], told["frame"], told["nights"]) == (2, 1, 400, ["2026-10-31"])
    assert told["share"]["share"] == 0.5 and told["children"][0] == 200
    assert run(["screen", "missed", "--by", "worker"]) == 2
