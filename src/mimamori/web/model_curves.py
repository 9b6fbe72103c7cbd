"""The curves of a proof over all its splits: events found by the length of the list, as a picture and its table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mimamori.screening.models.candidates import NAMES, POINTS, Name
from mimamori.screening.models.curves import Place
from mimamori.screening.models.evaluation import Evaluation
from mimamori.screening.models.figures import SHORT
from mimamori.web.frame import language
from mimamori.web.pictures.found_by_length import KINDS, picture


@dataclass(frozen=True)
class Curves:
    """`key`: each line's mark and words. `head`, `rows`: what all candidates found, by length."""

    svg: SafeString
    sentence: str
    key: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def curves_of(evaluation: Evaluation) -> Curves:
    """The conditions, the candidate and the best single indicator are drawn; the table tells all."""
    events = sum(proof.events for proof in evaluation.splits)
    candidate = evaluation.choice.candidate
    drawn: tuple[Name, ...] = (POINTS, candidate, "single")
    summed = {name: _summed(evaluation, name) for name in NAMES}
    words = {name: SHORT[name].text(language()) for name in NAMES}
    at_capacity = {name: next(place for place in summed[name] if place.times == 1.0) for name in drawn}
    sentence = gettext(
        "いまの受け持てる数の一覧で、出来事%(n)s件のうち、抽出条件は%(points)s件、%(word)sは%(model)s件を見つけました。"
    ) % {
        "n": f"{events:,}",
        "points": f"{at_capacity[POINTS].found:,.0f}",
        "word": words[candidate],
        "model": f"{at_capacity[candidate].found:,.0f}",
    }
    shown = picture({words[name]: summed[name] for name in drawn}, max(events, 1), sentence=sentence)
    return Curves(
        svg=shown,
        sentence=sentence,
        key=tuple(zip(KINDS, (words[name] for name in drawn), strict=True)),
        head=tuple(words[name] for name in NAMES),
        rows=tuple(
            (f"{place.times:g}", f"{place.listed:,.0f}", *(_found(summed[name][number]) for name in NAMES))
            for number, place in enumerate(summed[candidate])
        ),
    )


def _summed(evaluation: Evaluation, name: Name) -> tuple[Place, ...]:
    by_length = zip(*(proof.curves[name] for proof in evaluation.splits), strict=True)
    return tuple(
        Place(
            times=places[0].times,
            listed=sum(place.listed for place in places),
            found=sum(place.found for place in places),
            found_best=sum(place.found_best for place in places),
            found_worst=sum(place.found_worst for place in places),
        )
        for places in by_length
    )


def _found(place: Place) -> str:
    """With equals at the worst and the best, where that makes a difference."""
    if round(place.found_worst) == round(place.found_best):
        return f"{place.found:,.0f}"
    return f"{place.found:,.0f} ({place.found_worst:,.0f}–{place.found_best:,.0f})"
