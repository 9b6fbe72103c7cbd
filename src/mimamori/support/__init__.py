"""Case work: from a finding to help that arrives. States are one table (`states`), writes are verbs (`actions`)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mimamori.support.facts import work_facts
    from mimamori.support.following import Renumbered, follow
    from mimamori.support.opinions import Addition, Answers, added_before, answers_to, take_opinions
    from mimamori.support.sampling import looked_at, sample_results, take_sample
    from mimamori.support.taking import take_findings
    from mimamori.support.telling import escalate

__all__ = [
    "Addition",
    "Answers",
    "Renumbered",
    "added_before",
    "answers_to",
    "escalate",
    "follow",
    "looked_at",
    "sample_results",
    "take_findings",
    "take_opinions",
    "take_sample",
    "work_facts",
]


def __getattr__(name: str) -> Any:
    """Imported when asked for: models exist only once Django is set up."""
    if name not in __all__:
        raise AttributeError(name)
    from mimamori.support import facts, following, opinions, sampling, taking, telling  # noqa: PLC0415

    rooms = (taking, following, sampling, opinions, telling, facts)
    return next(getattr(room, name) for room in rooms if hasattr(room, name))
