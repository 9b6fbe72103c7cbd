"""The search page: no address holds what was typed; each hit says what fitted; only what the reader may see."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from tests.cast import SECRET_ADDRESS

pytestmark = pytest.mark.django_db


def searched(sign_in: Any, term: str, who: str = "worker", language: str = "ja") -> str:
    """The page of what was found."""
    client = sign_in(who, language)
    sent = client.post("/search/", {"term": term})
    assert sent.status_code == 302
    assert quote(term) not in sent.headers["Location"]
    page = client.get(sent.headers["Location"])
    assert page.status_code == 200
    return str(page.content.decode())


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("森下 陽菜", ["氏名"]),
        ("もりした 平成28年", ["よみ", "生年月日"]),
        ("morishita", ["よみ"]),
        ("森下 4年2組", ["氏名", "学年・組"]),
        ("若葉小 森下", ["学校", "氏名"]),
        ("野間2-5", ["住所"]),
        ("森上陽菜", ["近い名前"]),
    ],
)
def test_each_hit_says_what_fitted(cast: dict[str, str], sign_in: Any, term: str, told: list[str]) -> None:
    page = searched(sign_in, term)
    row = next(row for row in page.split("<tr data-row>") if cast["poverty"] in row)
    assert [word.split("<")[0] for word in row.split('<span class="tag">')[1:]] == told
    assert ("書いたとおりの児童はいません" in page) == (told == ["近い名前"])


def test_a_protected_child_is_marked_and_found_by_no_place(cast: dict[str, str], sign_in: Any) -> None:
    page = searched(sign_in, "佐伯 湊")
    assert cast["protected"] in page
    assert "支援措置" in page
    assert SECRET_ADDRESS not in page
    for term in ("柳瀬", SECRET_ADDRESS, "佐伯 柳瀬", "湊 若葉小", "佐伯 1年", "南区 湊"):
        assert cast["protected"] not in searched(sign_in, term, "coordinator"), term


def test_another_wards_child_is_not_found(cast: dict[str, str], sign_in: Any) -> None:
    assert cast["twin_one"] not in searched(sign_in, "岩永")
    assert cast["twin_one"] in searched(sign_in, "岩永", "coordinator")


def test_what_to_do_where_nobody_is_found_or_nothing_typed(cast: dict[str, str], sign_in: Any) -> None:
    assert "別の書き方" in searched(sign_in, "鈴木")
    assert "Nobody fits as written" in searched(sign_in, "森上陽菜", language="en")
    assert "児童の名前か番号" in sign_in("worker").get("/search/").content.decode()


def test_anothers_search_is_not_shown(cast: dict[str, str], sign_in: Any) -> None:
    address = sign_in("worker").post("/search/", {"term": "森下"}).headers["Location"]
    assert "森下" not in sign_in("supervisor").get(address).content.decode()
