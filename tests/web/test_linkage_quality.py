"""名寄せの質: who is let in, what stands there, and the pictures with their tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone, translation
from tests.cast import DAY, WORKERS

from mimamori import door
from mimamori.access.models import Account
from mimamori.door import linkage_quality
from mimamori.door.linkage_quality import Agreement, Bin, Expected, Group, LinkageQuality, Report
from mimamori.door.sampling import wilson
from mimamori.linkage.quality_report import Way
from mimamori.review import samples
from mimamori.review.models import Pair
from mimamori.review.samples import SampleFound, StratumFound
from mimamori.web import linkage_quality as words
from mimamori.web.linkage_quality import quality_page, space_word, way_word

SignIn = Callable[[str], Any]
ADDRESS = "/linkage/quality/"
READERS = {"supervisor", "centre_supervisor", "coordinator", "manager", "analyst"}


def group(dimension: str, code: str, exact: float | None) -> Group:
    if exact is None:
        return Group(dimension, code, None, None, dict.fromkeys(("name", "kana", "birth")))
    told = Agreement(1000, exact, 1 - exact, 0.0)
    return Group(dimension, code, 1200, 0.004, {"name": told, "kana": None, "birth": told})


REPORT = Report(
    ways=(
        Way("addressee_no", "key", 90_000),
        Way("pupil_no", "pass:name+birth+town", 400),
        Way("pupil_no", "pass:name+address", 100),
        Way("pupil_no", "splink", 50),
        Way("own_no:child_guidance", "new", 4),
    ),
    pairs_waiting=12,
    expected=(Expected("splink", "model", 50, 0.3), Expected("passes", "bound", 500, 0.025)),
    accept=15.3,
    review=-6.0,
    step=2,
    bins=(Bin(-10, 0, 0, 900), Bin(4, 0, 12, 3), Bin(20, 50, 0, 0)),
    groups=(
        group("ward", "40131", 0.99),
        group("ward", "40134", 0.7),
        group("resident", "2", 0.6),
        group("age", "6", 0.9),
        group("age", "18", 0.9),
        *(group("school", f"S{n}", 0.9 + n / 1000) for n in range(20)),
        group("school", "S99", None),
    ),
)
STRATA = (
    StratumFound("pass:name+address", None, 900, 20, 20, 19, wilson(19, 20)),
    StratumFound("splink:1", 20.3, 100, 10, 0, 0, None),
)
SAMPLE = SampleFound(DAY, timezone.now(), 77, 30, 20, STRATA, wilson(19, 20), 0.9)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A night and a sample made by hand; the door still asks who reads."""

    def found(account: Account) -> LinkageQuality:
        linkage_quality.check_may_see_quality(account)
        return LinkageQuality("2026-10-31.0", DAY, REPORT, {"S99": "若葉小学校"})

    monkeypatch.setattr(words, "linkage_quality", found)
    monkeypatch.setattr(samples, "newest_found", lambda: SAMPLE)


@pytest.mark.parametrize("role", WORKERS)
def test_each_role(cast_home: Any, sign_in: SignIn, role: str) -> None:
    response = sign_in(role).get(ADDRESS)
    assert response.status_code == (200 if role in READERS else 403)


def test_nobody_enters_without_signing_in(client: Any, db: None) -> None:
    assert client.get(ADDRESS).status_code == 302


def test_the_menu_leads_there_for_those_who_may(cast_home: Any, sign_in: SignIn) -> None:
    for role, may in (("coordinator", True), ("analyst", True), ("worker", False), ("auditor", False)):
        page = sign_in(role).get("/", follow=True)
        assert (f'href="{ADDRESS}"' in page.content.decode()) == may, role
        assert page.request["PATH_INFO"] != ADDRESS, "nobody's day begins there"


def test_the_casts_night_has_its_page(cast_home: Any, sign_in: SignIn) -> None:
    page = sign_in("coordinator").get(ADDRESS).content.decode()
    for word in ("番号は、どうつながったか", "標本はまだありません", "秘匿", "まちがいの見込み"):
        assert word in page, word


def test_every_picture_has_its_sentence_source_and_day(told: None, sign_in: SignIn) -> None:
    page = sign_in("coordinator").get(ADDRESS).content.decode()
    pictures = re.findall(r'<svg class="chart[^"]*"[^>]*aria-label="([^"]+)"', page)
    assert len(pictures) == 7  # ways, weights, sample, ward, resident, age, school
    assert all(len(sentence) > 8 for sentence in pictures)
    assert page.count('<span class="src push">') == len(pictures)
    assert page.count("10/31</span></header>") == len(pictures)


def test_the_grey_zone_stands_between_its_lines(told: None, sign_in: SignIn) -> None:
    page = sign_in("analyst").get(ADDRESS).content.decode()
    assert "重みを計算した 965 組のうち、12 組は人が決めます" in page
    assert "人が決める幅" in page and "+15.3" in page and "−6.0" in page


def test_small_counts_of_numbers_are_closed(told: None, workers: dict[str, Account]) -> None:
    found = quality_page(workers["coordinator"])
    assert found is not None
    cells = {line.name: line.cells for line in found.ways.lines}
    assert cells["own_no:child_guidance"] == (None, 0, 0, 0, 0, 0, None)
    assert cells["pupil_no"] == (550, 0, 500, 50, 0, 0, 0)
    assert found.ways.total.cells == (None,), "the sum would tell it"
    assert "addressee_no" not in cells, "the register's own numbers are what others are linked to"


def test_numbers_add_up_where_none_is_closed(
    told: None, workers: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = replace(REPORT, ways=(*REPORT.ways[:4], Way("own_no:child_guidance", "new", 40)))
    monkeypatch.setattr(words, "linkage_quality", lambda account: LinkageQuality("2026-10-31.0", DAY, plain, {}))
    found = quality_page(workers["coordinator"])
    assert found is not None
    assert found.ways.total.cells == (590,)


def test_the_least_agreement_is_told_and_small_groups_are_not(told: None, workers: dict[str, Account]) -> None:
    with translation.override("ja"):
        found = quality_page(workers["coordinator"])
    assert found is not None
    tables = {table.head: table for table in found.agreement}
    assert tables["区"].figure.sentence == "氏名の一致がいちばん低いのは 南区(70.00%)"
    assert [line[0] for line in tables["住民種別"].lines] == ["外国人"]
    assert [line[0] for line in tables["年齢"].lines] == ["6–11歳", "18歳以上"]
    assert tables["区"].lines[0][1:] == ("1,200", ("99.0% / 1.0% / 0.0%", "—", "99.0% / 1.0% / 0.0%"), "0.40%")
    schools = tables["学校"]
    assert (len(schools.lines), schools.cut) == (21, 7)
    assert schools.lines[-1] == ("若葉小学校", "秘匿", ("—", "—", "—"), "—")


def test_a_sample_stands_with_its_intervals(told: None, workers: dict[str, Account]) -> None:
    with translation.override("ja"):
        found = quality_page(workers["coordinator"])
    assert found is not None and found.sample is not None
    assert found.sample.overall == "95.00%(95%区間 76.39%–99.11%)"
    assert [(word, shown) for word, _, shown in found.sample.lines] == [
        ("一致の規則(氏名・住所)", "95.00%(95%区間 76.39%–99.11%)"),
        ("根拠の重み(+20.3 から)", "—"),
    ]


def test_a_night_without_counts_says_so(
    told: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, cast_home: Any
) -> None:
    bare = Report((), 0, REPORT.expected, 15.3, -6.0, 2, (), ())
    monkeypatch.setattr(words, "linkage_quality", lambda account: LinkageQuality("2026-10-31.0", DAY, bare, {}))
    page = sign_in("coordinator").get(ADDRESS).content.decode()
    for word in ("重みを計算した組はありません", "宛名番号のある記録がありません", "番号のある系統がありません"):
        assert word in page, word


def test_before_the_first_night(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkage_quality, "published", lambda: None)
    monkeypatch.setattr(door, "published", lambda: None)
    page = sign_in("analyst").get(ADDRESS)
    assert page.status_code == 200
    assert "まだ公開された版がありません" in page.content.decode()


def test_it_stands_in_english(told: None, sign_in: SignIn) -> None:
    browser = sign_in("analyst")
    browser.cookies["django_language"] = "en"
    page = browser.get(ADDRESS).content.decode()
    for word in ("Linkage quality", "not calibrated", "Exact pass (Name, Address)", "Names agree least: Minami-ku"):
        assert word in page, word
    body = page[page.index('<main class="page"') :]
    assert re.findall(r"[ぁ-ゖァ-ヺ一-鿿]+", body[: body.index("</main>")]) == ["若葉小学校"]


def test_words_of_spaces_and_ways() -> None:
    with translation.override("ja"):
        assert space_word("own_no:child_guidance").endswith("の番号")
        assert way_word("pass:kana+given+birth") == "一致の規則(カナ・名・生年月日)"
        assert way_word("decision") == "職員の判断"


def test_a_sampled_pair_is_judged_by_the_records_alone(cast_home: Any, sign_in: SignIn, workers: Any) -> None:
    sample = samples.draw(1, by=workers["coordinator"], seed=3)
    pair: Pair = sample.links.get().pair
    browser = sign_in("coordinator")
    page = browser.get(f"/pairs/{pair.pk}/").content.decode()
    assert "無作為に選びました" in page and "いま1つのカルテに入っています" in page
    assert "家族からわかること" not in page, "the night's own family would tell its answer"
    assert "標本" in browser.get("/pairs/").content.decode()
    assert isinstance(sample.at, datetime)
