"""The models' pages: what was proved, who may do what next, and the card to save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.proved import kept_model, proved

from mimamori.audit.models import Event
from mimamori.governance.model_life import ModelState
from mimamori.governance.models import ModelStep, ModelVersion

SignIn = Callable[..., Any]
pytestmark = pytest.mark.django_db


def state_of(version: ModelVersion) -> str:
    return ModelVersion.objects.get(pk=version.pk).state


def test_without_a_model_the_page_says_so(cast_home: Any, sign_in: SignIn) -> None:
    page = sign_in("manager").get("/models/?difficulty=carer").content.decode()
    assert "この類型のモデルはまだありません" in page and "抽出条件だけで" in page


def test_what_did_not_prove_itself_cannot_be_put_forward(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    version = kept_model(workers)
    client = sign_in("analyst")
    listed = client.get("/models/?difficulty=abuse").content.decode()
    assert proved()[1].choice.reason.ja in listed
    page = client.get(f"/models/{version.pk}/").content.decode()
    assert 'value="ask"' in page and "disabled" in page
    assert client.post(f"/models/{version.pk}/", {"act": "ask"}).status_code == 422
    assert state_of(version) == ModelState.MEASURED


def test_from_asking_to_switching_off(cast_home: Any, sign_in: SignIn, workers: dict[str, Any]) -> None:
    version = kept_model(workers, offered=True)
    address = f"/models/{version.pk}/"
    analyst, manager = sign_in("analyst"), sign_in("manager")
    assert analyst.post(address, {"act": "approve", "adds": "10", "reason": "よい"}).status_code == 422
    analyst.post(address, {"act": "ask"})
    assert state_of(version) == ModelState.REVIEW
    assert "承認まち" in manager.get("/models/").content.decode()
    assert 'value="approve"' not in analyst.get(address).content.decode()
    for wrong in ({"adds": "60", "reason": "よい"}, {"adds": "10", "reason": " "}, {"reason": "よい"}):
        assert manager.post(address, {"act": "approve", **wrong}).status_code == 422
    assert state_of(version) == ModelState.REVIEW
    manager.post(address, {"act": "approve", "adds": "15", "reason": "検証を見て決めた"})
    assert state_of(version) == ModelState.ON
    assert "15 %" in manager.get("/models/?difficulty=abuse").content.decode()
    coordinator = sign_in("coordinator")
    coordinator.post(address, {"act": "switch_off"})
    assert state_of(version) == ModelState.OFF
    page = coordinator.get(address).content.decode()
    assert "使用をやめた版" in page and 'name="act"' not in page
    assert ModelStep.objects.filter(version=version).count() == 4


def test_the_curves_tell_the_capacity_and_their_figures(
    cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    version = kept_model(workers)
    page = sign_in("manager").get(f"/models/{version.pk}/").content.decode()
    assert "いまの受け持てる数" in page and "<svg" in page
    _, evaluation = proved()
    most = sum(proof.curves["points"][-1].found for proof in evaluation.splits)
    assert f"{most:,.0f}" in page


def test_the_card_is_a_file_and_told_to_the_trail(cast_home: Any, sign_in: SignIn, workers: dict[str, Any]) -> None:
    version = kept_model(workers)
    answer = sign_in("worker").get(f"/models/{version.pk}/card/")
    assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")
    assert Event.objects.filter(action="model.print").count() == 1
    assert sign_in("administrator").get(f"/models/{version.pk}/card/").status_code == 403
    assert sign_in("analyst").get("/models/999/").status_code == 422
