"""The life of a statistical model, as one table: from which state, by which act, to which; who may; what the trail is
told.

measured → review → on → off. A model begins measured: what is kept is what it was proved with. It is on from the night
after a second person approved it, and off at once, by one press; what is off stays readable and never comes back: the
same model under a new proof is another version.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mimamori.access import Permission
from mimamori.refusal import Refused


class ModelState(StrEnum):
    MEASURED = "measured"
    REVIEW = "review"  # waits for the second person
    ON = "on"
    OFF = "off"
    WITHDRAWN = "withdrawn"  # by who made it, before anybody approved it


class ModelAct(StrEnum):
    ASK = "ask"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    SWITCH_OFF = "switch_off"


KEEP = "keep"  # the first line of every record: it has no state before


@dataclass(frozen=True)
class ModelTransition:
    """`permissions`: who holds one of them may; `reason`: it has to be written; `by_another`: not by who made it."""

    state: ModelState
    act: ModelAct
    to: ModelState
    permissions: tuple[Permission, ...]
    reason: bool = False
    by_another: bool = False

    @property
    def action(self) -> str:
        """How the trail tells it."""
        return f"model.{self.act}"


_MAKES, _APPROVES = (Permission.USE_ZONE,), (Permission.APPROVE_MODELS,)

MODEL_TABLE: tuple[ModelTransition, ...] = (
    ModelTransition(ModelState.MEASURED, ModelAct.ASK, ModelState.REVIEW, _MAKES),
    ModelTransition(ModelState.MEASURED, ModelAct.WITHDRAW, ModelState.WITHDRAWN, _MAKES, reason=True),
    ModelTransition(ModelState.REVIEW, ModelAct.APPROVE, ModelState.ON, _APPROVES, reason=True, by_another=True),
    ModelTransition(ModelState.REVIEW, ModelAct.RETURN, ModelState.MEASURED, _APPROVES, reason=True),
    ModelTransition(ModelState.REVIEW, ModelAct.WITHDRAW, ModelState.WITHDRAWN, _MAKES, reason=True),
    # No second person and no reason: whoever doubts a model may stop it at once.
    ModelTransition(ModelState.ON, ModelAct.SWITCH_OFF, ModelState.OFF, (*_APPROVES, Permission.WRITE_CONDITIONS)),
)

_BY_STATE_AND_ACT = {(row.state, row.act): row for row in MODEL_TABLE}
assert len(_BY_STATE_AND_ACT) == len(MODEL_TABLE)

MODEL_STATE_LABELS: dict[ModelState, tuple[str, str]] = {
    ModelState.MEASURED: ("検証済み", "Measured"),
    ModelState.REVIEW: ("承認まち", "Waiting for approval"),
    ModelState.ON: ("使用中", "On"),
    ModelState.OFF: ("使用をやめた版", "Off"),
    ModelState.WITHDRAWN: ("取り下げ", "Withdrawn"),
}
MODEL_ACT_LABELS: dict[str, tuple[str, str]] = {
    ModelAct.ASK: ("承認を依頼する", "Ask for approval"),
    ModelAct.APPROVE: ("このモデルを承認する", "Approve this model"),
    ModelAct.RETURN: ("差し戻す", "Send back"),
    ModelAct.WITHDRAW: ("このモデルを取り下げる", "Withdraw this model"),
    ModelAct.SWITCH_OFF: ("このモデルを止める", "Switch this model off"),
}
MODEL_DONE_LABELS: dict[str, tuple[str, str]] = {
    KEEP: ("検証の結果とともに登録しました", "Kept with its proof"),
    ModelAct.ASK: ("承認を依頼しました", "Approval asked for"),
    ModelAct.APPROVE: ("承認しました", "Approved"),
    ModelAct.RETURN: ("差し戻しました", "Sent back"),
    ModelAct.WITHDRAW: ("取り下げました", "Withdrawn"),
    ModelAct.SWITCH_OFF: ("止めました", "Switched off"),
}


def check_model_act(state: str, act: ModelAct) -> ModelTransition:
    """The row for this act in this state; raises `Refused` where the state does not allow it."""
    row = _BY_STATE_AND_ACT.get((ModelState(state), act))
    if row is None:
        ja, en = MODEL_STATE_LABELS[ModelState(state)]
        raise Refused(
            f"いまの状態({ja})のモデルには、この操作はできません。画面を読み直してください。",
            f"The model's present state ({en}) does not allow this. Reload the page.",
        )
    return row


def model_acts_of(state: str) -> list[ModelTransition]:
    """Every act that a state allows, in the table's order."""
    return [row for row in MODEL_TABLE if row.state == state]
