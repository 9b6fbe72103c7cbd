"""Every text of the pages has its English, and none stands in a template outside the catalogue."""

import io
import re
from pathlib import Path

import pytest
from babel.messages import extract, pofile
from django.utils.translation.template import templatize

WEB = Path(__file__).parents[2] / "src" / "mimamori" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SOURCES = sorted(WEB.rglob("*.py"))
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿々]")
KEYWORDS = {"gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "_": None}
FORMS = 2  # of English: one, many
# Language names stand in their own language, whatever the page's.
OWN_LANGUAGE = ("日本語",)


def messages_of(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # templatize gives the calls among blots, indented like the template: lines are brought to the margin for Python
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    found = set()
    for _line, message, _comments, _context in extract.extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        found.add(message[0] if isinstance(message, tuple) else message)
    return {message for message in found if message and JAPANESE.search(message)}


def counted_of(path: Path) -> set[str]:
    """The texts of a file that depend on a number."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    calls = extract.extract("python", io.BytesIO(text.encode()), keywords={"ngettext": (1, 2)})
    return {message[0] for _line, message, _comments, _context in calls if isinstance(message, tuple)}


def catalogue() -> dict[str, tuple[str, ...]]:
    with (WEB / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = pofile.read_po(file, locale="en", abort_invalid=True)
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        for message in messages
        if message.id and not message.fuzzy
    }


def test_every_text_has_its_english() -> None:
    english = catalogue()
    texts = set().union(*(messages_of(path) for path in (*TEMPLATES, *SOURCES)))
    assert len(texts) > 400
    assert sorted(text for text in texts if not all(english.get(text, ("",)))) == []


def test_what_is_counted_has_its_english_for_one_and_for_many() -> None:
    """A text that is counted somewhere is looked up as a plural: an entry without one leaves it in Japanese."""
    english = catalogue()
    counted = set().union(*(counted_of(path) for path in (*TEMPLATES, *SOURCES)))
    assert len(counted) > 20
    assert sorted(text for text in counted if len(english.get(text, ())) != FORMS) == []


def test_english_holds_no_japanese_but_examples() -> None:
    examples = {"平成28年6月14日"}
    for message, strings in catalogue().items():
        for string in strings:
            left = string
            for example in examples:
                left = left.replace(example, "")
            assert not JAPANESE.search(left), (message, string)


def test_placeholders_are_the_same() -> None:
    place = re.compile(r"%\((\w+)\)[sd]")
    for message, strings in catalogue().items():
        for string in strings:
            assert set(place.findall(string)) <= set(place.findall(message)), message


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_no_japanese_outside_the_catalogue(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", text, flags=re.DOTALL)
    for name in OWN_LANGUAGE:
        text = text.replace(name, "")
    assert JAPANESE.search(text) is None, JAPANESE.findall(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_templates_keep_the_content_policy(path: Path) -> None:
    """No inline style or script: the browser would refuse them."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(src|href)=[\"']https?:", text)
