"""A model card tells everything in both languages, is complete, and is one document with its look inside."""

from __future__ import annotations

import json
import re
from typing import Any

import pypdfium2
import pytest
from tests.proved import kept_model, proved
from tests.web.test_texts import JAPANESE

from mimamori.governance.models import ModelVersion
from mimamori.refusal import Refused
from mimamori.screening.models.card import HEADINGS
from mimamori.web.model_card import card_html, card_pdf, told_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(workers: dict[str, Any]) -> ModelVersion:
    return kept_model(workers)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_field_is_empty_and_what_was_measured_is_there(version: ModelVersion, language: str) -> None:
    told = told_card(version, language)
    assert [heading for heading, _, _ in told.entries] == [label.text(language) for label in HEADINGS.values()]
    tables = [table for _, _, every in told.entries for table in every]
    for _, texts, _ in told.entries:
        assert texts and all(text.strip() for text in texts)
    assert all(table.rows and all(cell for row in table.rows for cell, _ in row) for table in tables)
    _, evaluation = proved()
    assert {str(proof.day.year) for proof in evaluation.splits} <= {
        part[:4] for table in tables for row in table.rows for part, _ in row[:1]
    }
    assert evaluation.choice.reason.text(language) in [text for _, texts, _ in told.entries for text in texts]


def test_english_holds_no_japanese(version: ModelVersion) -> None:
    page = re.sub(r"<style>.*?</style>", "", card_html(version, "en"), flags=re.DOTALL)
    assert [text for text in re.findall(r">([^<]+)<", page) if JAPANESE.search(text)] == []


def test_the_document_fetches_nothing_and_holds_no_script(version: ModelVersion) -> None:
    page = card_html(version, "ja")
    assert "<style>" in page and page.count("<html") == 1
    assert not re.search(r"<script|https?:|\ssrc=|<link", page)


def test_the_pdf_tells_the_verdict_the_digest_and_who_by_role(version: ModelVersion, workers: dict[str, Any]) -> None:
    content = card_pdf(version, "ja")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    flat = re.sub(r"\s", "", text)
    assert version.digest in flat
    assert "このモデルは使いません" in flat and "分析担当" in flat
    assert workers["analyst"].display_name.replace(" ", "") not in flat


def test_a_model_that_was_tampered_with_has_no_card(version: ModelVersion) -> None:
    content = json.loads(version.content)
    content["seed"] = 99
    version.content = json.dumps(content)
    with pytest.raises(Refused):
        told_card(version, "ja")
