"""A model's opinion on the screen: first one's own view, never a score, nothing of a model that was stopped."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import DAY, MINAMI
from tests.proved import kept_model

from mimamori import governance
from mimamori.access.models import Account
from mimamori.governance.models import ModelVersion, Run
from mimamori.support import actions
from mimamori.support.models import Finding
from mimamori.support.opinions import Addition, take_opinions

pytestmark = pytest.mark.django_db
SECRET = "統計モデルの意見"


@pytest.fixture
def version(workers: dict[str, Account]) -> ModelVersion:
    kept = kept_model(workers, offered=True)
    governance.ask_model(kept, by=workers["analyst"])
    return governance.approve_model(kept, by=workers["manager"], adds=10, reason="試す")


def added(case_no: str, model: int, reasons: tuple[str, ...] = ("absence_days_12m",)) -> Finding:
    one = Addition(case_no, MINAMI, "", "abuse", model, reasons, ("health_room_month", "tooth_decay"))
    take_opinions([one], as_of=DAY, places={(model, MINAMI): 1})
    return Finding.objects.get(case_no=case_no)


@pytest.fixture
def finding(version: ModelVersion, cast: dict[str, str], snapshot: Any) -> Finding:
    return added(cast["quiet"], version.pk)


def page(who: Account, path: str) -> str:
    client = Client()
    client.force_login(who)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def label(column: str) -> str:
    from mimamori.web.model_card import column_words

    return column_words("abuse")[column].ja


def test_before_the_own_view_the_worker_sees_that_not_why(finding: Finding, workers: dict[str, Account]) -> None:
    row = page(workers["worker"], "/work/?view=all")
    assert "統計モデルが加えた児童" in row and "所見を書いたあとに見られます" in row
    told = page(workers["worker"], f"/findings/{finding.pk}/")
    assert "統計モデルが加えた児童" in told
    assert SECRET not in told and label("absence_days_12m") not in told
    assert label("absence_days_12m") not in page(workers["worker"], f"/findings/{finding.pk}/assess/")
    assert SECRET in page(workers["supervisor"], f"/findings/{finding.pk}/")


def test_after_it_reasons_and_what_is_unknown_without_a_number(finding: Finding, workers: dict[str, Account]) -> None:
    actions.start(finding, by=workers["worker"])
    actions.assess(
        Finding.objects.get(), by=workers["worker"], outcome="no_need", reason="r", text="会えた。", checklist={}
    )
    told = page(workers["worker"], f"/findings/{finding.pk}/")
    assert SECRET in told and label("absence_days_12m") in told and "分からなかった項目" in told
    panel = told[told.index(SECRET) :]
    panel = re.sub(r"<[^>]+>", " ", panel[: panel.index("</section>")])
    assert not re.search(r"\d+\.\d|\d+ ?%", panel), "no score, no chance"


def test_what_a_reader_may_not_see_loses_its_words(
    version: ModelVersion, cast: dict[str, str], snapshot: Any, workers: dict[str, Account]
) -> None:
    from mimamori.screening import load_indicators
    from mimamori.screening.models.features import Column
    from mimamori.screening.models.shapes import Feature
    from mimamori.sources import load_registry

    secret = {layout.name for layout in load_registry() if layout.sensitivity > 3}
    hidden = next(one for one in load_indicators() if one.source in secret)
    column = Column(
        Feature(name=hidden.id, label=hidden.label, direction="neither", sources=hidden.sources),
        hidden, None, None,
    )  # fmt: skip
    finding = added(cast["quiet"], version.pk, (hidden.id,))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("mimamori.door.opinions.columns_of", lambda *given: (column,))
        told = page(workers["supervisor"], f"/findings/{finding.pk}/")
    panel = told[told.index(SECRET) :]
    assert hidden.label.ja not in panel[: panel.index("</section>")]
    assert "閲覧できない項目による条件" in panel


def test_stopped_it_says_nothing_any_more(finding: Finding, version: ModelVersion, workers: dict[str, Account]) -> None:
    governance.switch_off(version, by=workers["coordinator"])
    told = page(workers["supervisor"], f"/findings/{finding.pk}/")
    assert SECRET not in told and label("absence_days_12m") not in told
    assert "止められました" in told


def test_the_models_page_tells_what_people_found_with_small_counts_closed(
    finding: Finding, version: ModelVersion, workers: dict[str, Account]
) -> None:
    told = page(workers["manager"], f"/models/{version.pk}/")
    panel = told[told.index("職員が見立てた結果") :]
    panel = panel[: panel.index("</section>")]
    assert "加えた児童" in panel and not re.search(r"<dd[^>]*>1</dd>", panel)


@pytest.mark.parametrize(
    ("opinion", "said"),
    [
        (
            {"number": 2, "added": 3, "unseen": {}, "far": None, "moved": None},
            "前の夜の記録はありません",
        ),
        ({"number": 2, "added": 0, "unseen": {"height": 1}, "far": ["score"], "moved": {}}, "モデルの順位の値"),
        ({"number": 2, "added": 0, "unseen": {}, "far": [], "moved": {}}, "変化はわずか"),
        ({"number": 2, "fault": {"ja": "列がありません。", "en": "No column."}}, "列がありません。"),
    ],
)
def test_the_night_tells_of_its_models(opinion: dict[str, Any], said: str, workers: dict[str, Account]) -> None:
    now = timezone.now()
    Run.objects.create(
        state=Run.State.DONE, as_of=date(2026, 10, 31), ended_at=now, findings={"abuse": 4},
        snapshot="2026-10-31.00000000", opinions={"abuse": opinion},
    )  # fmt: skip
    assert said in page(workers["coordinator"], "/runs/")
