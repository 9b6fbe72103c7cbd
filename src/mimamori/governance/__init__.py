"""What the system is run by: versions of condition sets with the record of their lives, and the runs themselves."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mimamori.governance.acts import Open, open_acts
    from mimamori.governance.code import code_version
    from mimamori.governance.model_acts import OpenModelAct, open_model_acts
    from mimamori.governance.model_versions import (
        approve_model,
        ask_model,
        keep_model,
        model_of,
        models_by_key,
        models_on,
        send_model_back,
        switch_off,
        withdraw_model,
    )
    from mimamori.governance.proofs import check_proved, proofs_of, record_proof, remark
    from mimamori.governance.runs import last_run, recent_runs, run_numbered, sets_by_day, versions_of
    from mimamori.governance.standing import approved_sets, in_force, sets_of, standings
    from mimamori.governance.trying import try_personas
    from mimamori.governance.versions import (
        approve,
        ask_approval,
        copy,
        edit,
        propose,
        retire,
        roll_back,
        send_back,
        send_to_test,
        withdraw,
        wrote,
    )

__all__ = [
    "Open",
    "OpenModelAct",
    "approve",
    "approve_model",
    "approved_sets",
    "ask_approval",
    "ask_model",
    "check_proved",
    "code_version",
    "copy",
    "edit",
    "in_force",
    "keep_model",
    "last_run",
    "model_of",
    "models_by_key",
    "models_on",
    "open_acts",
    "open_model_acts",
    "proofs_of",
    "propose",
    "recent_runs",
    "record_proof",
    "remark",
    "retire",
    "roll_back",
    "run_numbered",
    "send_back",
    "send_model_back",
    "send_to_test",
    "sets_by_day",
    "sets_of",
    "standings",
    "switch_off",
    "try_personas",
    "versions_of",
    "withdraw",
    "withdraw_model",
    "wrote",
]


def __getattr__(name: str) -> Any:
    """The verbs, imported when asked for: models exist only once Django is set up."""
    if name not in __all__:
        raise AttributeError(name)
    from mimamori.governance import (  # noqa: PLC0415
        acts,
        code,
        model_acts,
        model_versions,
        proofs,
        runs,
        standing,
        trying,
        versions,
    )

    rooms = (versions, standing, proofs, runs, code, acts, trying, model_versions, model_acts)
    return next(getattr(room, name) for room in rooms if hasattr(room, name))
