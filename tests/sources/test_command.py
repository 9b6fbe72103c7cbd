"""`mimamori sources`: list and show, for people and for programs."""

import json

import pytest

from mimamori.cli.columns import aligned, width
from mimamori.cli.entry import run
from mimamori.sources import load_registry


def test_the_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "--json"]) == 0
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert captured.err == ""
    assert [system["name"] for system in found] == [layout.name for layout in load_registry()]
    assert found[2]["label"] == "生活保護システム"
    assert found[2]["files"] == ["public_assistance.members.<YYYYMMDD>.txt"]
    assert found[2]["items"] == len(load_registry().get("public_assistance").tables[0].items)
    assert {"owner", "network"} <= set(found[2])


def test_the_list_reads_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(load_registry().layouts)
    starts = {
        width(line[: line.index(word)]) for line, word in zip(lines[2:4], ("市民局", "こども未来局"), strict=True)
    }
    assert len(starts) == 1, "the owners stand under each other, whatever the width of the names"


@pytest.mark.parametrize("name", [layout.name for layout in load_registry()])
def test_show_tells_every_item_and_code(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "show", name]) == 0
    text = capsys.readouterr().out
    layout = load_registry().get(name)
    assert layout.legal_basis in text
    for table in layout.tables:
        for item in table.items:
            assert item.label.ja in text
            assert item.field in text
            assert item.legal_basis is None or item.legal_basis in text
    for codes in layout.codes.values():
        for code, label in codes.items():
            assert f"  {code}  {label.ja}\n" in text + "\n"


def test_show_as_json_fills_in_what_items_leave_to_the_layout(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "show", "resident_register", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    by_field = {item["field"]: item for item in found["tables"][0]["items"]}
    assert by_field["sex"]["codes"] == {"1": "男", "2": "女"}
    assert by_field["sex"]["legal_basis"] == found["legal_basis"]
    assert by_field["protection"]["legal_basis"] == "住民基本台帳事務処理要領第5の10"
    assert by_field["nationality"]["loaded"] is False


def test_english(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIMAMORI_LANGUAGE", "en")
    assert run(["sources", "show", "childcare"]) == 0
    text = capsys.readouterr().out
    assert "Childcare and early education" in text
    assert "row key" in text


def test_an_unknown_system_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "show", "libraries"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, "libraries" in captured.err) == ("", True)


def test_widths_on_a_terminal() -> None:
    assert [width(text) for text in ("", "abc", "住民", "\uff76\uff85", "\u304b\u3099")] == [0, 3, 4, 2, 2]
    assert list(aligned(("名", "n"), [("東区", "7"), ("a", "10")], right=frozenset({1}))) == [
        "名     n", "----  --", "東区   7", "a     10",
    ]  # fmt: skip
