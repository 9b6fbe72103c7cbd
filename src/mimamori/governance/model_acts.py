"""What an account may do next with a model, as its page offers it. The verbs of `model_versions` check it all again."""

from __future__ import annotations

from dataclasses import dataclass

from mimamori.access import may
from mimamori.access.models import Account
from mimamori.governance.model_life import ModelAct, ModelTransition, model_acts_of
from mimamori.governance.model_versions import check_another, check_offered
from mimamori.governance.models import ModelVersion
from mimamori.refusal import Refused


@dataclass(frozen=True)
class OpenModelAct:
    """One act. `stopped`: why it cannot be done just now, else None."""

    row: ModelTransition
    stopped: Refused | None


def open_model_acts(account: Account, version: ModelVersion) -> list[OpenModelAct]:
    """The acts of the model's state that the account's role holds, in the table's order."""
    return [
        OpenModelAct(row, _stopped(account, version, row))
        for row in model_acts_of(version.state)
        if any(may(account, permission) for permission in row.permissions)
    ]


def _stopped(account: Account, version: ModelVersion, row: ModelTransition) -> Refused | None:
    try:
        check_another(account, version, row)
        if row.act in {ModelAct.ASK, ModelAct.APPROVE}:
            check_offered(version)
    except Refused as refused:
        return refused
    return None
