"""The address of a protected family stands on no page, whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from tests.cast import SECRET_ADDRESS, WORKERS

from mimamori import intake
from mimamori.config import Config

ONE_PAGE = ["own_page", "worklist", "search", "conditions", "deliveries", "pairs", "runs", "trail", "accounts", "home"]


def addresses(cast: dict[str, str], findings: dict[str, Any], config: Config) -> list[str]:
    """Every page that can be opened by an address: of everybody of the cast, every finding and every delivery."""
    found = [reverse(name) for name in ONE_PAGE]
    found += [f"{reverse('worklist')}?view={view}" for view in ("mine", "unassigned", "all", "referred", "closed")]
    for case_no in cast.values():
        found += [reverse(name, args=[case_no]) for name in ("karte", "purpose", "readers")]
    for finding in findings.values():
        found += [reverse(name, args=[finding.pk]) for name in ("finding", "assess", "refer")]
    return found + [reverse("delivery", args=[one.source, one.id]) for one in intake.deliveries(config)]


@pytest.mark.parametrize("name", sorted(WORKERS))
def test_no_page_shows_the_secret_address(
    name: str,
    sign_in: Callable[[str], Any],
    cast: dict[str, str],
    findings: dict[str, Any],
    cast_home: Config,
) -> None:
    client = sign_in(name)
    opened = 0
    for address in addresses(cast, findings, cast_home):
        answer = client.get(address, follow=True)
        opened += answer.status_code == 200
        assert SECRET_ADDRESS not in answer.content.decode(), f"{name} reads it at {address}"
    assert opened >= 2, "the walk has to reach pages"


def test_the_walk_reaches_the_kartes(
    sign_in: Callable[[str], Any], cast: dict[str, str], findings: dict[str, Any], cast_home: Config
) -> None:
    client = sign_in("worker")
    kartes = [reverse("karte", args=[case_no]) for case_no in cast.values()]
    assert sum(client.get(address).status_code == 200 for address in kartes) >= 5


def test_a_search_for_the_address_finds_nobody(
    sign_in: Callable[[str], Any], cast: dict[str, str], findings: dict[str, Any]
) -> None:
    answer = sign_in("worker").post(reverse("search"), {"term": SECRET_ADDRESS}, follow=True)
    assert answer.status_code == 200
    assert not [case_no for case_no in cast.values() if case_no in answer.content.decode()]
