"""What the system is run by: versions of condition sets, who approved them, and the runs themselves."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mimamori.governance.runs import last_run
    from mimamori.governance.versions import approve, approved_sets, propose

__all__ = ["approve", "approved_sets", "last_run", "propose"]


def __getattr__(name: str) -> Any:
    """The verbs, imported when asked for: models exist only once Django is set up."""
    if name not in __all__:
        raise AttributeError(name)
    from mimamori.governance import runs, versions  # noqa: PLC0415

    return getattr(versions, name, None) or getattr(runs, name)
