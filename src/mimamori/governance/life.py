"""The life of a version, as one table: from which state, by which act, to which; who may; what the trail is told.

draft → testing → review → approved → retired. Pages, buttons and verbs read this table and nothing else. Whether an
approved version is the one that is run is no state: it follows from the day (`standing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mimamori.access import Permission
from mimamori.refusal import Refused


class State(StrEnum):
    DRAFT = "draft"  # the only state in which the content changes
    TESTING = "testing"  # frozen; personas and back-test run
    REVIEW = "review"  # waits for the second person
    APPROVED = "approved"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"  # by its writers, before anybody approved it


class Act(StrEnum):
    EDIT = "edit"
    TEST = "test"
    ASK = "ask"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    RETIRE = "retire"
    ROLL_BACK = "roll_back"


PROPOSE = "propose"  # the first line of every record: it has no state before


@dataclass(frozen=True)
class Transition:
    """`reason`: it has to be written; `by_another`: not by anybody who wrote the version."""

    state: State
    act: Act
    to: State
    permission: Permission
    reason: bool = False
    by_another: bool = False

    @property
    def action(self) -> str:
        """How the trail tells it."""
        return f"condition.{self.act}"


_WRITES, _APPROVES = Permission.WRITE_CONDITIONS, Permission.APPROVE_CONDITIONS

TABLE: tuple[Transition, ...] = (
    Transition(State.DRAFT, Act.EDIT, State.DRAFT, _WRITES),
    Transition(State.DRAFT, Act.TEST, State.TESTING, _WRITES),
    Transition(State.DRAFT, Act.WITHDRAW, State.WITHDRAWN, _WRITES, reason=True),
    Transition(State.TESTING, Act.ASK, State.REVIEW, _WRITES),
    Transition(State.TESTING, Act.WITHDRAW, State.WITHDRAWN, _WRITES, reason=True),
    Transition(State.REVIEW, Act.APPROVE, State.APPROVED, _APPROVES, by_another=True),  # a reason where a proof failed
    Transition(State.REVIEW, Act.RETURN, State.TESTING, _APPROVES, reason=True),
    Transition(State.REVIEW, Act.WITHDRAW, State.WITHDRAWN, _WRITES, reason=True),
    Transition(State.APPROVED, Act.RETIRE, State.RETIRED, _APPROVES, reason=True),
    Transition(State.APPROVED, Act.ROLL_BACK, State.APPROVED, _APPROVES, reason=True, by_another=True),
    Transition(State.RETIRED, Act.ROLL_BACK, State.APPROVED, _APPROVES, reason=True, by_another=True),
)

_BY_STATE_AND_ACT = {(row.state, row.act): row for row in TABLE}
assert len(_BY_STATE_AND_ACT) == len(TABLE)

STATE_LABELS: dict[State, tuple[str, str]] = {
    State.DRAFT: ("下書き", "Draft"),
    State.TESTING: ("検証中", "Being tested"),
    State.REVIEW: ("承認まち", "Waiting for approval"),
    State.APPROVED: ("承認済み", "Approved"),
    State.RETIRED: ("使用をやめた版", "Retired"),
    State.WITHDRAWN: ("取り下げ", "Withdrawn"),
}

# What a button says, and what the record says of it afterwards.
ACT_LABELS: dict[str, tuple[str, str]] = {
    PROPOSE: ("書きはじめる", "Begin a version"),
    Act.EDIT: ("下書きを直す", "Edit the draft"),
    Act.TEST: ("内容を確定して検証に進む", "Fix the content and test it"),
    Act.ASK: ("確認を依頼する", "Ask for approval"),
    Act.APPROVE: ("この版を承認する", "Approve this version"),
    Act.RETURN: ("検証に差し戻す", "Send back to testing"),
    Act.WITHDRAW: ("この版を取り下げる", "Withdraw this version"),
    Act.RETIRE: ("この版の使用をやめる", "Retire this version"),
    Act.ROLL_BACK: ("この版にもどす", "Go back to this version"),
}
DONE_LABELS: dict[str, tuple[str, str]] = {
    PROPOSE: ("書きはじめました", "Begun"),
    Act.EDIT: ("下書きを直しました", "Draft edited"),
    Act.TEST: ("内容を確定して検証に進めました", "Content fixed, sent to testing"),
    Act.ASK: ("確認を依頼しました", "Approval asked for"),
    Act.APPROVE: ("承認しました", "Approved"),
    Act.RETURN: ("検証に差し戻しました", "Sent back to testing"),
    Act.WITHDRAW: ("取り下げました", "Withdrawn"),
    Act.RETIRE: ("使用をやめました", "Retired"),
    Act.ROLL_BACK: ("この版にもどしました", "Gone back to"),
}


def check_act(state: str, act: Act) -> Transition:
    """The row for this act in this state; raises `Refused` where the state does not allow it."""
    row = _BY_STATE_AND_ACT.get((State(state), act))
    if row is None:
        ja, en = STATE_LABELS[State(state)]
        raise Refused(
            f"いまの状態({ja})の版には、この操作はできません。画面を読み直してください。",
            f"The version's present state ({en}) does not allow this. Reload the page.",
        )
    return row


def acts_of(state: str) -> list[Transition]:
    """Every act that a state allows, in the table's order."""
    return [row for row in TABLE if row.state == state]
