"""The page of a pair: who may, a second person who is not led, a third, taking back, family, weights, keys."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.cast import BY_NICKNAME, DAY, SECRET_ADDRESS, WORKERS

from mimamori import review
from mimamori.access.models import Account
from mimamori.review.models import Pair
from mimamori.review.pairs import ordered

pytestmark = pytest.mark.django_db
WHY = "family: else; given: kanji and kana; birth: same; household: guardian"
STATIC = Path(__file__).parents[2] / "src" / "mimamori" / "web" / "static" / "mimamori"


def ref(nickname: str) -> str:
    return f"addressee_no:{BY_NICKNAME[nickname].addressee_no.lstrip('0')}"


def made(left: str, right: str, **more: Any) -> Pair:
    first, second = ordered(ref(left), ref(right))
    facts = {"why": WHY, "weight": 9.5, "first_seen": DAY, "last_seen": DAY, **more}
    return Pair.objects.create(left_ref=first, right_ref=second, **facts)


@pytest.fixture
def pair(snapshot: Any, db: None) -> Pair:
    return made("poverty", "poverty_brother")


@pytest.fixture
def two(snapshot: Any, db: None) -> Pair:
    """A pair with a protected child."""
    return made("protected", "quiet", needs_second=True, weight=1.0)


@pytest.fixture
def workers(workers: dict[str, Account]) -> dict[str, Account]:
    """The cast and another coordinator."""
    other = Account(username="coordinator-2", role="coordinator", display_name="橋本")
    other.save()
    return {**workers, "other": other}


@pytest.mark.parametrize("who", WORKERS)
@pytest.mark.parametrize("address", ["/pairs/{}/", "/pairs/{}/undo/"])
def test_who_may(pair: Pair, sign_in: Any, who: str, address: str) -> None:
    """Who settles sees only what two decided differently."""
    asked = address.format(pair.pk)
    response = sign_in(who).post(asked) if "undo" in address else sign_in(who).get(asked)
    allowed = 302 if "undo" in address else 200
    assert response.status_code == (allowed if who == "coordinator" else 422 if who == "centre_supervisor" else 403)
    assert ("森下" in response.content.decode()) == (response.status_code == 200)


def test_deciding_leads_to_the_next_pair_and_back(pair: Pair, two: Pair, sign_in: Any) -> None:
    client = sign_in("coordinator")
    sent = client.post(f"/pairs/{pair.pk}/", {"answer": "different"})
    assert sent.headers["Location"] == f"/pairs/{two.pk}/"
    page = client.get(sent.headers["Location"]).content.decode()
    assert f'formaction="/pairs/{pair.pk}/undo/"' in page, "the last word can be taken back from the next page"
    assert "今日 1件、のこり 1件" in page
    back = client.post(f"/pairs/{pair.pk}/undo/", follow=True)
    assert "判断を取り消しました" in back.content.decode()
    assert review.decisions_table().num_rows == 0
    assert client.get("/pairs/").content.decode().count("<tr data-row>") == 2


def test_without_an_answer_nothing_is_decided(pair: Pair, sign_in: Any) -> None:
    page = sign_in("coordinator").post(f"/pairs/{pair.pk}/", follow=True).content.decode()
    assert "えらんでください" in page
    assert Pair.objects.get().state == "open"


def test_the_second_person_is_not_led_by_the_first(two: Pair, sign_in: Any) -> None:
    first, other = sign_in("coordinator"), sign_in("other")
    assert "理由を書いて" in first.post(f"/pairs/{two.pk}/", {"answer": "same"}, follow=True).content.decode()
    first.post(f"/pairs/{two.pk}/", {"answer": "same", "reason": "同じ園だった"})
    own = first.get(f"/pairs/{two.pk}/").content.decode()
    assert "二人目の確認まち" in own
    assert "同じ園だった" in own
    assert 'value="same"' not in own
    assert "ほかの人の判断をまつ組" in first.get("/pairs/").content.decode()
    page = other.get(f"/pairs/{two.pk}/").content.decode()
    assert "二人目の確認まち" in page
    assert "同じ園だった" not in page
    assert "古賀" not in page
    other.post(f"/pairs/{two.pk}/", {"answer": "different", "reason": "住む区がちがう"})
    assert review.decisions_table().num_rows == 0
    settler = sign_in("centre_supervisor")
    page = settler.get(f"/pairs/{two.pk}/").content.decode()
    assert "同じ園だった" in page
    assert "住む区がちがう" in page
    settler.post(f"/pairs/{two.pk}/", {"answer": "different", "reason": "両方を読んだ"})
    assert [row["same"] for row in review.decisions_table().to_pylist()] == [False]


def test_taking_back_what_two_decided_takes_two(two: Pair, sign_in: Any) -> None:
    first, other = sign_in("coordinator"), sign_in("other")
    for client in (first, other):
        client.post(f"/pairs/{two.pk}/", {"answer": "same", "reason": "確かめた"})
    first.post(f"/pairs/{two.pk}/undo/", {"reason": "別の子だった"})
    page = other.get(f"/pairs/{two.pk}/").content.decode()
    assert "取り消しの確認まち" in page
    assert "別の子だった" in page
    assert "判断を残す" in page
    assert "取り消しに同意する" in page
    other.post(f"/pairs/{two.pk}/undo/", {"reason": "同意"})
    assert Pair.objects.get().state == "open"


def test_a_protected_childs_place_and_the_other_parent_are_not_on_the_page(two: Pair, sign_in: Any) -> None:
    page = sign_in("coordinator").get(f"/pairs/{two.pk}/").content.decode()
    assert "佐伯 恵" in page
    assert "佐伯 剛" not in page
    assert SECRET_ADDRESS not in page


def test_the_family_of_both_sides(pair: Pair, sign_in: Any) -> None:
    page = sign_in("coordinator").get(f"/pairs/{pair.pk}/").content.decode()
    family = page[page.index("家族からわかること") : page.index("なぜ人が決めるのか")]
    assert family.count("森下 真由美") == 2, "the mother of both, once on each side"
    assert "同じ人" in family
    assert family.count("もう一方の記録の人") == 2, "each is the other's brother or sister"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_weights_as_picture_and_table(pair: Pair, sign_in: Any, language: str) -> None:
    page = sign_in("coordinator", language).get(f"/pairs/{pair.pk}/").content.decode()
    picture = re.search(r'<svg class="chart falls".*?</svg>', page, re.S)
    assert picture is not None
    assert picture.group().count("<rect") == 7, "the band, the prior, four comparisons, the rest"
    assert "−" in picture.group()
    assert {"ja": "そのほか", "en": "Other"}[language] in page, "what the levels do not explain"
    table = page[page.index("<details") : page.index("</details>")]
    assert table.count("<tr>") == 7


def test_a_contradiction_of_keys_has_no_weights(snapshot: Any, sign_in: Any) -> None:
    pair = made("poverty", "quiet", why="key belongs to a twin", weight=None)
    page = sign_in("coordinator").get(f"/pairs/{pair.pk}/").content.decode()
    assert "falls" not in page
    assert "ふたごのもう一人" in page


def test_every_key_has_its_button_and_enter_decides_nothing(pair: Pair, sign_in: Any) -> None:
    made("private", "quiet")
    page = sign_in("coordinator").get(f"/pairs/{pair.pk}/").content.decode()
    script = (STATIC / "review.js").read_text(encoding="utf-8")
    for key in re.findall(r'data-key="(.)"', page):
        assert f'"{key}"' in script, key
    assert {"s", "d", "h"} <= set(re.findall(r'data-key="(.)"', page))
    form = page[page.index('<form class="decide"') :]
    assert re.search(r"<button[^>]*>", form).group() == "<button disabled hidden>", "the form's default button"  # type: ignore[union-attr]
    assert "mimamori/review.js" in page
