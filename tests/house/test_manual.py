"""The manual: its written pages are current, its links lead somewhere, and its commands are ones the product has."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from PIL import Image
from tools.manual import PAGES
from tools.manual.chapters import chapter_page
from tools.manual.markdown import anchor, table
from tools.manual.tasks import CHAPTERS
from tools.manual.tasks.steps import Chapter, Press, Save, Unfold

from mimamori.access import load_roles
from mimamori.cli.entry import mimamori
from mimamori.screening import load_indicators
from mimamori.sources import load_registry

ROOT = Path(__file__).parents[2]
TEXTS = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/manual/*.md")])
PICTURES = ROOT / "docs" / "manual" / "pictures"
TOURS = ("docs/tour.md", "docs/tour.ja.md")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def anchors(path: Path) -> frozenset[str]:
    return frozenset(anchor(heading) for heading in re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE))


@cache
def commands(name: str) -> tuple[str, ...]:
    """Every command line of a page that starts with `mimamori`: lines of code blocks, and code inside sentences."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    lines = [line for block in blocks for line in block.splitlines()] + inline
    return tuple(line for line in lines if re.match(r"(?:[A-Z_]+=\S* )*mimamori\b", line))


def parsed(line: str) -> Iterator[str]:
    """The names of the commands of a line, each with its arguments parsed and nothing run."""
    words = shlex.split(line, comments=True)
    arguments = words[words.index("mimamori") + 1 :]
    command: click.Command = mimamori
    context = command.make_context("mimamori", arguments)
    while isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        if not rest:
            assert command.invoke_without_command, f"{line}: a command is missing"
            return
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        assert name is not None
        command = found
        context = command.make_context(name, rest, parent=context)
        yield name


@pytest.mark.parametrize("name", PAGES)
def test_written_pages_are_current(name: str) -> None:
    kept = (ROOT / name).read_bytes().decode("utf-8")
    assert kept == PAGES[name](), f"{name} is not what the declarations say now: run make manual"


def test_written_pages_tell_everything() -> None:
    sources, indicators = (PAGES[f"docs/{name}.md"]() for name in ("sources", "indicators"))
    for layout, one in load_registry().tables():
        assert f"`{layout.name}`" in sources
        assert all(f"| {item.label.ja} | {item.label.en} | `{item.field}` |" in sources for item in one.items)
    for indicator in load_indicators():
        assert f"<br>`{indicator.id}`" in indicators


def test_the_tasks_are_those_of_eight_roles() -> None:
    labels = {name: role.label.ja for name, role in load_roles().roles.items()}
    chapters = [one for one in CHAPTERS if not one.begins_outside]
    assert len({one.role for one in chapters}) >= 8
    assert {one.title for one in chapters} <= {
        *labels.values(),
        *(label.replace(" ", "の") for label in labels.values()),
    }


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_what_a_step_presses_is_named_in_its_sentence(chapter: Chapter) -> None:
    for task in chapter.tasks:
        for step in task.steps:
            for act in step.do:
                named = act.name if isinstance(act, Press | Save | Unfold) else ""
                assert named.removeprefix("nishi-worker を") in step.say, f"{task.title}: {named}"


@cache
def product() -> str:
    """Every word of the product's code, templates and declarations."""
    kinds = (".html", ".py", ".toml")
    files = sorted(one for one in (ROOT / "src" / "mimamori").rglob("*") if one.suffix in kinds)
    return "".join(one.read_text(encoding="utf-8") for one in files)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_what_the_manual_quotes_is_what_the_product_says(chapter: Chapter) -> None:
    quoted = set(re.findall("「([^「」]+)」", chapter_page(chapter)))
    titles = {title for one in CHAPTERS for title in (one.title, *(task.title for task in one.tasks))}
    assert {words for words in quoted - titles if words not in product()} == set()


def test_pictures_are_those_of_the_tasks_and_small() -> None:
    named = {name for chapter in CHAPTERS for name in chapter.pictures()}
    assert {one.name for one in PICTURES.iterdir()} == named, "run make manual"
    assert sum(one.stat().st_size for one in PICTURES.iterdir()) < 4_000_000
    for one in PICTURES.iterdir():
        with Image.open(one) as picture:
            assert picture.width <= 1366, one.name


def test_a_cell_cannot_break_its_table() -> None:
    assert table(("a", "b"), [("1|2", "3\n4")]) == ["| a | b |", "| --- | --- |", "| 1\\|2 | 3<br>4 |"]


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)\s]+)\)", text)
    for link in links:
        file, _, heading = link.partition("#")
        target = (path.parent / file) if file else path
        assert target.exists(), f"{named(path)}: {link}"
        assert not heading or heading in anchors(target), f"{named(path)}: {link}"


@pytest.mark.parametrize("name", TOURS)
def test_commands_of_the_tour_are_ones_the_product_has(name: str) -> None:
    shown = commands(name)
    assert len(shown) >= 10
    for line in shown:
        try:
            assert list(parsed(line)), line
        except click.UsageError as error:
            pytest.fail(f"{name}: {line}: {error.format_message()}")


def test_both_tours_show_the_same_commands() -> None:
    """Comments beside them aside."""
    english, japanese = ([shlex.split(line, comments=True) for line in commands(name)] for name in TOURS)
    assert english == japanese


@pytest.mark.parametrize(
    "line",
    ["mimamori nigth", "mimamori night --as-off 2026-10-31", "mimamori audit", "mimamori sources show", "mimamori"],
)
def test_a_command_that_is_none_is_noticed(line: str) -> None:
    with pytest.raises((click.UsageError, AssertionError)):
        assert list(parsed(line))
