"""What must hold of the files themselves."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@cache
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize(
    "name",
    [
        "requirements.lock",
        "requirements-dev.lock",
        "requirements-peers.lock",
        "requirements-spark.lock",
        "requirements-uv.lock",
    ],
)
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = text_of(ROOT / name)
    assert "://" not in text
    pins = re.findall(r"^[A-Za-z0-9_.\-\[\]]+==.*$", text, re.MULTILINE)
    assert pins
    for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
        if not block.startswith("#"):
            assert "--hash=sha256:" in block, block.splitlines()[0]


def test_everything_declared_is_locked() -> None:
    import tomllib

    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    locked = {
        line.split("==")[0].split("[")[0] for line in text_of(ROOT / "requirements.lock").splitlines() if "==" in line
    }
    for requirement in project["dependencies"] + project["optional-dependencies"]["setup"]:
        assert re.split(r"[<>=\[]", requirement)[0].lower() in locked


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    decisions = "\n".join(text_of(path) for path in (ROOT / "docs" / "decisions").glob("*.md"))
    extras = [name for names in project["optional-dependencies"].values() for name in names]
    for requirement in project["dependencies"] + extras:
        name = re.split(r"[<>=\[]", requirement)[0]
        assert re.search(rf"`{re.escape(name)}(\[.*?\])?`", decisions), f"no line of reason for {name}"


def test_no_absolute_path_of_a_machine() -> None:
    wrong = re.compile(r"(?<![\w.])/(?:work/(?:main|shared)|root|home/\w+)/")
    offenders = [path.relative_to(ROOT) for path in tracked() if path.suffix != ".png" and wrong.search(text_of(path))]
    assert offenders == []


def test_readmes_name_only_what_exists() -> None:
    for readme in ("README.md", "README.ja.md"):
        text = text_of(ROOT / readme)
        for link in re.findall(r"\]\(((?!http)[^)#]+)\)", text):
            assert (ROOT / link).exists(), f"{readme}: {link}"
        for target in re.findall(r"`make ([a-z]+)", text):
            assert re.search(rf"^{target}:", text_of(ROOT / "Makefile"), re.MULTILINE), target


def test_modules_stay_readable() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix == ".py" and "migrations" not in path.parts
        for lines in [text_of(path).count("\n")]
        if lines > 400
    }
    assert long == {}
