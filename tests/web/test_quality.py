"""The quality of a delivery on the screen: who sees it, what stands there, and the picture of the months."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from tests.cast import DAY, RESIDENTS, WORKERS

from mimamori.intake.records import line_of
from mimamori.web.pictures.filled import axis, sparkline

ADDRESS = f"/deliveries/resident_register/{DAY}.1/"
READERS = {"coordinator", "data_officer"}


@pytest.mark.parametrize("role", WORKERS)
@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}report/"])
def test_who_sees_the_quality(address: str, role: str, sign_in: Any, snapshot: Any) -> None:
    assert sign_in(role).get(address).status_code == (200 if role in READERS else 403)


def test_the_page_tells_counts_and_items_and_nobody(sign_in: Any, snapshot: Any) -> None:
    page = sign_in("coordinator").get(ADDRESS).content.decode()
    for word in ("対象外の行", "追加", "変更", "消滅", "記入率", "フリガナ", 'class="spark"', 'role="img"'):
        assert word in page, word
    assert not [one.name for one in RESIDENTS if one.name in page]
    english = sign_in("data_officer", "en").get(ADDRESS).content.decode()
    assert "Name in kana" in english
    assert "Out of scope" in english


def test_the_document_is_that_of_the_command(sign_in: Any, snapshot: Any) -> None:
    response = sign_in("data_officer").get(f"{ADDRESS}report/")
    told = json.loads(response.content)
    assert (told["source"], told["delivery"]) == ("resident_register", f"{DAY}.1")
    assert told["tables"][0]["stored"] > 0
    assert "attachment" in response.headers["Content-Disposition"]
    assert not [one.name for one in RESIDENTS if one.name in response.content.decode()]


@pytest.mark.parametrize(
    "address", ["/deliveries/resident_register/2020-01-01.1/", "/deliveries/no_such/2020-01-01.1/"]
)
@pytest.mark.parametrize("end", ["", "report/"])
def test_a_delivery_that_is_not_there(address: str, end: str, sign_in: Any, snapshot: Any) -> None:
    assert sign_in("data_officer").get(address + end).status_code == 404


def test_a_row_of_a_book_is_told_by_sheet(sign_in: Any, snapshot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from mimamori import intake
    from mimamori.door.snapshots import config
    from mimamori.intake import QuarantineRow

    plain = intake.deliveries
    made = [
        replace(one, tables={name: replace(table, quarantined=2) for name, table in one.tables.items()})
        for one in plain(config())
    ]
    rows = [QuarantineRow("a.xlsx", line, "氏名", "理由", "why") for line in (line_of(2, 5), 7)]
    monkeypatch.setattr(intake, "deliveries", lambda config: made)
    monkeypatch.setattr(intake, "quarantine", lambda *given: rows)
    page = sign_in("data_officer").get(ADDRESS).content.decode()
    assert "シート2 5行目" in page
    assert re.search(r">\s*7行目", page)
    assert "シート2" not in sign_in("coordinator").get(ADDRESS).content.decode(), "rows are the data officer's"


def test_the_axis_has_a_place_for_every_month() -> None:
    points = axis([date(2026, 7, 31), date(2026, 10, 31)], [0.5, 1.0])
    assert [point.share for point in points] == [0.5, None, None, 1.0]
    points = axis([date(2024, 1, 31), date(2026, 10, 31)], [0.5, 1.0])
    assert (len(points), points[-1].share, points[0].day) == (12, 1.0, None)


def test_the_picture_says_its_figures_and_shows_what_is_not_known() -> None:
    days = [date(2026, 7, 31), date(2026, 9, 30), date(2026, 10, 31)]
    svg = sparkline(days, [1.0, None, 0.5], usual=1.0, fell=True)
    assert "7/31 100.0%、提供なし、9/30 項目なし、10/31 50.0%" in svg
    assert svg.count("not-known") == 2
    assert 'class="fell"' in svg
    assert 'class="usual"' in svg
    plain = sparkline(days[-1:], [0.5], usual=None, fell=False)
    assert "usual" not in plain
    assert "style=" not in svg
