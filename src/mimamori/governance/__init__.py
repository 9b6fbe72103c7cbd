"""What the system is run by: versions of condition sets, who approved them, and the runs themselves."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mimamori.governance.runs import last_run, recent_runs
    from mimamori.governance.versions import approve, approved_sets, in_force, propose

__all__ = ["approve", "approved_sets", "in_force", "last_run", "propose", "recent_runs"]


def __getattr__(name: str) -> Any:
    """The verbs, imported when asked for: models exist only once Django is set up."""
    if name not in __all__:
        raise AttributeError(name)
    from mimamori.governance import runs, versions  # noqa: PLC0415

    return next(getattr(room, name) for room in (versions, runs) if hasattr(room, name))
