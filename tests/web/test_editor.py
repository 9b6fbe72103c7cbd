"""The editor of a draft: what is typed becomes conditions or words of what is wrong, and is never lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mimamori import governance
from mimamori.screening import ConditionSet, first_sets
from mimamori.web import editing

SignIn = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("held", first_sets(), ids=lambda one: str(one.difficulty))
def test_a_first_set_is_opened_and_saved_as_it_was(
    held: ConditionSet, cast_home: Any, sign_in: SignIn, workers: dict[str, Any]
) -> None:
    version = governance.propose(held, by=workers["coordinator"])
    client, address = sign_in("coordinator"), f"/conditions/{version.pk}/edit/"
    page = client.get(address)
    assert page.status_code == 200
    typed = dict(editing.columns_of(page.context["sheet"]).lists())
    assert client.post(f"/conditions/{version.pk}/what-if/", typed).status_code == 200
    assert client.post(address, typed | {"do": "save"}).status_code == 302
    version.refresh_from_db()
    (saved,) = governance.sets_of([version])
    assert {one.id: one for one in saved.conditions} == {one.id: one for one in held.conditions}
    assert saved.model_copy(update={"conditions": ()}) == held.model_copy(update={"conditions": ()})
