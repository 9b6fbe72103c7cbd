"""`mimamori screen propose` and `approve`, as people type them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from mimamori import governance
from mimamori.access.models import Account
from mimamori.cli.entry import run
from mimamori.governance.models import ConditionVersion

pytestmark = pytest.mark.django_db
POVERTY = (files("mimamori.screening.conditions") / "poverty.toml").read_text(encoding="utf-8")


def test_one_person_proposes_a_file_and_another_approves_it(tmp_path: Path, workers: dict[str, Account]) -> None:
    path = tmp_path / "poverty.toml"
    path.write_bytes(b"\xef\xbb\xbf" + POVERTY.encode())  # as Notepad saves UTF-8
    assert run(["screen", "propose", str(path), "--by", workers["coordinator"].username]) == 0
    (version,) = ConditionVersion.objects.all()
    assert run(["screen", "approve", str(version.pk), "--by", workers["coordinator"].username]) == 2
    assert governance.approved_sets() == ()
    assert run(["screen", "approve", str(version.pk), "--by", workers["manager"].username]) == 0
    assert [one.difficulty for one in governance.approved_sets()] == ["poverty"]


@pytest.mark.parametrize(
    "content",
    [POVERTY.encode("cp932"), b"", b"\x00\xff", "困りごと".encode(), POVERTY.replace(">=", "=>").encode(), None],
)
def test_a_file_that_is_no_set_is_refused_in_japanese(
    tmp_path: Path, workers: dict[str, Account], capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "set.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    assert run(["screen", "propose", str(path), "--by", workers["coordinator"].username]) == 2
    out, err = capsys.readouterr()
    assert out == "" and any(ord(letter) > 0x3000 for letter in err) and "Traceback" not in err
    assert not ConditionVersion.objects.exists()
