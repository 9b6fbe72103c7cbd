"""HTML of our own templates as PDF. Nothing is fetched: the style is handed over as text, every address refused."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any, NoReturn

from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe

from mimamori.refusal import Refused

STYLE = Path(__file__).parent / "static" / "mimamori" / "print.css"
PICTURES = STYLE.with_name("print_pictures.css")
_ONE_AT_A_TIME = Lock()  # setting a document takes a core and its memory


def for_paper(svg: SafeString) -> SafeString:
    """A picture of ours with its look inside it: the style of a document does not reach into its pictures on paper."""
    opened, _, rest = svg.partition(">")
    look = PICTURES.read_text(encoding="utf-8")
    return mark_safe(f"{opened}><style>{look}</style>{rest}")  # noqa: S308 - both are ours


def pdf_of(html: str) -> bytes:
    """A document; raises `Refused` where the machine lacks what setting Japanese text needs."""
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415 - wants Pango, without which all else works
    except OSError:
        raise Refused(
            "この装置では印刷できません。管理者に、印刷用の部品(Pango)の導入を依頼してください。",
            "This machine cannot print: ask the administrator to install Pango.",
        ) from None
    with _ONE_AT_A_TIME:
        style = CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=_refused)
        made: Any = HTML(string=html, url_fetcher=_refused).write_pdf(stylesheets=[style])
    return bytes(made)


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A document as a file to save; `name` without its ending, and without anything of a person."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _refused(url: str, *args: Any, **kwargs: Any) -> NoReturn:
    raise ValueError("a printed document fetches nothing")
