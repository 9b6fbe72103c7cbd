"""Everything held on one person, gathered: what the systems told us (through the door) and what people wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mimamori import door
from mimamori.access.models import Account
from mimamori.screening.indicators import DIFFICULTY_LABELS
from mimamori.support.models import Assessment, Note, Referral
from mimamori.support.notes import words_of
from mimamori.support.states import label_of


@dataclass(frozen=True)
class Judgement:
    """One recorded assessment, referral or note. `text`, by a worker, may speak of others: to be checked."""

    kind: str  # assessment | referral | note
    day: date
    outcome: str
    text: str


@dataclass(frozen=True)
class Disclosure:
    """The document, before it is set for reading or for a program."""

    held: door.Held
    difficulties: tuple[str, ...]
    judgements: tuple[Judgement, ...]
    language: str

    @property
    def withheld(self) -> int:
        """Values that the preparer may not see; the owners of their systems add them."""
        return sum(source.withheld for source in self.held.sources)

    @property
    def needs_a_person(self) -> bool:
        """Whether someone must add or read something before the document is handed over."""
        return bool(self.withheld or self.judgements)


def document_for(case_no: str, *, by: Account, confirmed: bool = False, language: str = "ja") -> Disclosure:
    """Gather and log it; raises what `door.disclose` raises. Drafts are not records and stay out."""
    held = door.disclose(by, case_no, confirmed=confirmed, language=language)
    return Disclosure(
        held=held,
        difficulties=tuple(_difficulty(name, language) for name in held.difficulties),
        judgements=tuple(sorted(_judgements(case_no, language), key=lambda judgement: judgement.day)),
        language=language,
    )


def _difficulty(name: str, language: str) -> str:
    found = DIFFICULTY_LABELS.get(name)  # type: ignore[call-overload]  # any text may be asked for
    return str(found.text(language)) if found else name


def _judgements(case_no: str, language: str) -> list[Judgement]:
    """By their finding, which follows the person through merges and back; their own number is that of their day."""
    assessments = [
        Judgement("assessment", found.recorded_at.date(), label_of(found.outcome, language), found.text)
        for found in Assessment.objects.filter(finding__case_no=case_no, recorded_at__isnull=False)
        if found.recorded_at
    ]
    referrals = [
        Judgement("referral", found.sent_on, label_of(found.state, language), f"{found.agency_name}: {found.text}")
        for found in Referral.objects.filter(finding__case_no=case_no)
    ]
    notes = [  # a withdrawn one was of another child, or wrong
        Judgement("note", found.happened_on, " ".join(words_of(found, language)).strip(), found.text)
        for found in Note.objects.filter(finding__case_no=case_no, withdrawn_at=None)
    ]
    return assessments + referrals + notes
