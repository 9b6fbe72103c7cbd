"""What people decide about linkage, and the ledger of case numbers, which outlives every snapshot."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mimamori.review.changes import called_now, changes_of, to_follow
    from mimamori.review.decisions import decide, decisions_table, renew_shields, undo
    from mimamori.review.ledger import keep, ledger_table
    from mimamori.review.pairs import keep_pairs

__all__ = [
    "called_now",
    "changes_of",
    "decide",
    "decisions_table",
    "keep",
    "keep_pairs",
    "ledger_table",
    "renew_shields",
    "to_follow",
    "undo",
]


def __getattr__(name: str) -> Any:
    """The verbs, imported when asked for: models exist only once Django is set up."""
    if name not in __all__:
        raise AttributeError(name)
    from mimamori.review import changes, decisions, ledger, pairs  # noqa: PLC0415

    return next(getattr(room, name) for room in (changes, decisions, ledger, pairs) if hasattr(room, name))
