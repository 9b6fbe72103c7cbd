"""The states of a finding, as one table: from which state, by which event, to which; who may; what is told; until when.

The worklist, the buttons of a page and the verbs of `actions` all read this table and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mimamori.access import Permission
from mimamori.refusal import Refused


class State(StrEnum):
    PROPOSED = "proposed"
    ASSIGNED = "assigned"
    LOOKING = "looking"
    VISITED = "visited"  # somebody of the household was met, at home or elsewhere
    CONFERENCE = "conference"  # stands on the agenda of a conference (判定会議)
    SUPPORT_NEEDED = "support_needed"
    PLANNED = "planned"  # a plan (支援計画) says who does what by when
    WATCHING = "watching"
    NO_NEED = "no_need"  # until the supervisor closes
    ALREADY_KNOWN = "already_known"  # until the supervisor closes
    DATA_WRONG = "data_wrong"  # until the owner department is told and the supervisor closes
    REFERRED = "referred"
    IN_SUPPORT = "in_support"
    SUPPORT_DONE = "support_done"  # until the supervisor closes
    CLOSED = "closed"


class Outcome(StrEnum):
    """What an assessment comes to."""

    SUPPORT_NEEDED = "support_needed"
    WATCH = "watch"
    NO_NEED = "no_need"
    ALREADY_KNOWN = "already_known"
    DATA_WRONG = "data_wrong"


class ReferralState(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DONE = "done"


class Event(StrEnum):
    ASSIGN = "assign"
    START = "start"
    VISIT = "visit"
    FOUND_SUPPORT_NEEDED = "found_support_needed"
    FOUND_WATCH = "found_watch"
    FOUND_NO_NEED = "found_no_need"
    FOUND_ALREADY_KNOWN = "found_already_known"
    FOUND_DATA_WRONG = "found_data_wrong"
    TO_CONFERENCE = "to_conference"
    DECIDED_SUPPORT = "decided_support"
    DECIDED_WATCH = "decided_watch"
    DECIDED_NO_NEED = "decided_no_need"
    DECIDED_AGAIN = "decided_again"
    TAKEN_OFF = "taken_off"
    PLAN = "plan"
    FULFILLED = "fulfilled"
    REFER = "refer"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DONE = "done"
    LOOK_AGAIN = "look_again"
    RETURN = "return"
    CLOSE = "close"


class Deadline(StrEnum):
    """How the next deadline is found; the days are in `deadlines`."""

    KEEP = "keep"
    LOOK = "look"  # must-look: the next working day; others by tier
    PLAN = "plan"
    WATCH = "watch"  # the day the worker named
    CONFERENCE = "conference"  # the day of the conference
    REVIEW = "review"  # the day on which the plan is looked at again
    ANSWER = "answer"  # the day the agency was asked to answer by
    SUPPORT = "support"
    CONFIRM = "confirm"  # the supervisor's turn
    NONE = "none"


@dataclass(frozen=True)
class Transition:
    state: State
    event: Event
    to: State
    permission: Permission
    action: str  # in the trail
    deadline: Deadline
    told: str  # owner | supervisor | nobody
    notice_ja: str
    notice_en: str


def _assigning(state: State, to: State, deadline: Deadline) -> Transition:
    return Transition(
        state, Event.ASSIGN, to, Permission.ASSIGN, "finding.assign", deadline, "owner",
        "担当になりました", "You were assigned",
    )  # fmt: skip


def _assessing(state: State) -> tuple[Transition, ...]:
    may, action = Permission.ASSESS, "finding.assess"
    return (
        Transition(state, Event.FOUND_SUPPORT_NEEDED, State.SUPPORT_NEEDED, may, action, Deadline.PLAN, "supervisor",
                   "支援が必要と判断されました", "Support was found to be needed"),
        Transition(state, Event.FOUND_WATCH, State.WATCHING, may, action, Deadline.WATCH, "nobody",
                   "見守りになりました", "The child is watched"),
        Transition(state, Event.FOUND_NO_NEED, State.NO_NEED, may, action, Deadline.CONFIRM, "supervisor",
                   "支援の必要なしの確認をお願いします", "Please confirm that there is no need"),
        Transition(state, Event.FOUND_ALREADY_KNOWN, State.ALREADY_KNOWN, may, action, Deadline.CONFIRM, "supervisor",
                   "すでに支援中であることの確認をお願いします", "Please confirm that the case is known already"),
        Transition(state, Event.FOUND_DATA_WRONG, State.DATA_WRONG, may, action, Deadline.CONFIRM, "supervisor",
                   "データの誤りの確認をお願いします", "Please confirm that the data are wrong"),
    )  # fmt: skip


def _closing(state: State) -> tuple[Transition, ...]:
    may = Permission.CLOSE
    return (
        Transition(state, Event.CLOSE, State.CLOSED, may, "finding.close", Deadline.NONE, "owner",
                   "終結が承認されました", "Closing was approved"),
        Transition(state, Event.RETURN, State.LOOKING, may, "finding.return", Deadline.LOOK, "owner",
                   "差し戻されました", "Sent back to you"),
    )  # fmt: skip


def _conferring(state: State) -> Transition:
    return Transition(
        state, Event.TO_CONFERENCE, State.CONFERENCE, Permission.ASSESS, "finding.to_conference", Deadline.CONFERENCE,
        "supervisor", "判定会議にかけます", "Put on the agenda of a conference",
    )  # fmt: skip


def _planning(state: State) -> Transition:
    """A plan that stands is made new without a step back: only what had none is planned now."""
    to = State.PLANNED if state is State.SUPPORT_NEEDED else state
    return Transition(
        state, Event.PLAN, to, Permission.ASSESS, "finding.plan", Deadline.REVIEW, "supervisor",
        "支援計画ができました", "A plan was made",
    )  # fmt: skip


_START = (Permission.ASSESS, "finding.start", Deadline.KEEP, "nobody", "確認がはじまりました", "Looking has begun")
_AGAIN = (Permission.ASSESS, "finding.look_again", Deadline.LOOK, "nobody", "もう一度確認します", "Looking again")
_VISIT = (Permission.RECORD, "finding.visit", Deadline.KEEP, "nobody", "会えました", "Somebody was met")
_DECIDED = (Permission.ASSESS, "finding.decide")
_REFER = (Permission.REFER, "finding.refer", Deadline.ANSWER, "supervisor", "つなぎました", "Referred")
_ANSWER = (Permission.REFER, "finding.answer")

TABLE: tuple[Transition, ...] = (
    _assigning(State.PROPOSED, State.ASSIGNED, Deadline.KEEP),
    _assigning(State.ASSIGNED, State.ASSIGNED, Deadline.KEEP),
    _assigning(State.LOOKING, State.LOOKING, Deadline.KEEP),
    _assigning(State.VISITED, State.VISITED, Deadline.KEEP),
    _assigning(State.CONFERENCE, State.CONFERENCE, Deadline.KEEP),
    _assigning(State.SUPPORT_NEEDED, State.SUPPORT_NEEDED, Deadline.KEEP),
    _assigning(State.PLANNED, State.PLANNED, Deadline.KEEP),
    _assigning(State.WATCHING, State.WATCHING, Deadline.KEEP),
    _assigning(State.REFERRED, State.REFERRED, Deadline.KEEP),
    _assigning(State.IN_SUPPORT, State.IN_SUPPORT, Deadline.KEEP),
    Transition(State.PROPOSED, Event.START, State.LOOKING, *_START),
    Transition(State.ASSIGNED, Event.START, State.LOOKING, *_START),
    Transition(State.LOOKING, Event.VISIT, State.VISITED, *_VISIT),
    *_assessing(State.LOOKING),
    *_assessing(State.VISITED),
    *_assessing(State.WATCHING),
    *_assessing(State.IN_SUPPORT),
    Transition(State.WATCHING, Event.LOOK_AGAIN, State.LOOKING, *_AGAIN),
    Transition(State.SUPPORT_NEEDED, Event.LOOK_AGAIN, State.LOOKING, *_AGAIN),
    Transition(State.IN_SUPPORT, Event.LOOK_AGAIN, State.LOOKING, *_AGAIN),
    Transition(State.PLANNED, Event.LOOK_AGAIN, State.LOOKING, *_AGAIN),
    *(_conferring(state) for state in (State.LOOKING, State.VISITED, State.SUPPORT_NEEDED, State.WATCHING)),
    *(_conferring(state) for state in (State.PLANNED, State.IN_SUPPORT)),
    Transition(State.CONFERENCE, Event.DECIDED_SUPPORT, State.SUPPORT_NEEDED, *_DECIDED, Deadline.PLAN, "owner",
               "判定会議で、支援が必要とされました", "The conference found that support is needed"),
    Transition(State.CONFERENCE, Event.DECIDED_WATCH, State.WATCHING, *_DECIDED, Deadline.WATCH, "owner",
               "判定会議で、見守りとされました", "The conference decided to watch"),
    Transition(State.CONFERENCE, Event.DECIDED_NO_NEED, State.NO_NEED, *_DECIDED, Deadline.CONFIRM, "supervisor",
               "判定会議で、支援の必要なしとされました", "The conference found that there is no need"),
    Transition(State.CONFERENCE, Event.DECIDED_AGAIN, State.LOOKING, *_DECIDED, Deadline.LOOK, "owner",
               "判定会議で、もう一度確認することになりました", "The conference asks to look again"),
    Transition(State.CONFERENCE, Event.TAKEN_OFF, State.LOOKING, Permission.ASSESS, "finding.taken_off",
               Deadline.LOOK, "owner", "判定会議の議題からはずれました", "Taken off the agenda"),
    *(_planning(state) for state in (State.SUPPORT_NEEDED, State.PLANNED, State.REFERRED, State.IN_SUPPORT)),
    Transition(State.PLANNED, Event.FULFILLED, State.SUPPORT_DONE, Permission.ASSESS, "finding.fulfil",
               Deadline.CONFIRM, "supervisor", "支援計画を終えました。終結の確認をお願いします",
               "The plan is fulfilled; please confirm closing"),
    Transition(State.SUPPORT_NEEDED, Event.REFER, State.REFERRED, *_REFER),
    Transition(State.PLANNED, Event.REFER, State.REFERRED, *_REFER),
    Transition(State.REFERRED, Event.REFER, State.REFERRED, *_REFER),
    Transition(State.IN_SUPPORT, Event.REFER, State.REFERRED, *_REFER),
    Transition(State.REFERRED, Event.ACCEPTED, State.IN_SUPPORT, *_ANSWER, Deadline.SUPPORT, "nobody",
               "つなぎ先が受けました", "The agency accepted"),
    Transition(State.REFERRED, Event.REFUSED, State.SUPPORT_NEEDED, *_ANSWER, Deadline.PLAN, "supervisor",
               "つなぎ先が受けられませんでした", "The agency refused"),
    Transition(State.REFERRED, Event.DONE, State.SUPPORT_DONE, *_ANSWER, Deadline.CONFIRM, "supervisor",
               "支援が終わりました。終結の確認をお願いします", "Support has ended; please confirm closing"),
    Transition(State.IN_SUPPORT, Event.ACCEPTED, State.IN_SUPPORT, *_ANSWER, Deadline.SUPPORT, "nobody",
               "つなぎ先が受けました", "The agency accepted"),
    Transition(State.IN_SUPPORT, Event.REFUSED, State.IN_SUPPORT, *_ANSWER, Deadline.PLAN, "supervisor",
               "つなぎ先が受けられませんでした", "The agency refused"),
    Transition(State.IN_SUPPORT, Event.DONE, State.SUPPORT_DONE, *_ANSWER, Deadline.CONFIRM, "supervisor",
               "支援が終わりました。終結の確認をお願いします", "Support has ended; please confirm closing"),
    *_closing(State.NO_NEED),
    *_closing(State.ALREADY_KNOWN),
    *_closing(State.DATA_WRONG),
    *_closing(State.SUPPORT_DONE),
)  # fmt: skip

_BY_STATE_AND_EVENT = {(row.state, row.event): row for row in TABLE}
assert len(_BY_STATE_AND_EVENT) == len(TABLE)

STATE_LABELS: dict[State, tuple[str, str]] = {
    State.PROPOSED: ("未確認", "Not looked at"),
    State.ASSIGNED: ("割り当て済み", "Assigned"),
    State.LOOKING: ("確認中", "Looking"),
    State.VISITED: ("会えた(所見まち)", "Met (to be assessed)"),
    State.CONFERENCE: ("判定会議まち", "Waiting for the conference"),
    State.SUPPORT_NEEDED: ("支援が必要", "Support needed"),
    State.PLANNED: ("支援計画あり", "Planned"),
    State.WATCHING: ("見守り中", "Watching"),
    State.NO_NEED: ("必要なし(終結の確認まち)", "No need (to be confirmed)"),
    State.ALREADY_KNOWN: ("支援中と判明(終結の確認まち)", "Known already (to be confirmed)"),
    State.DATA_WRONG: ("データの誤り(終結の確認まち)", "Data wrong (to be confirmed)"),
    State.REFERRED: ("つなぎ先の返事まち", "Waiting for the agency"),
    State.IN_SUPPORT: ("支援中", "In support"),
    State.SUPPORT_DONE: ("支援終了(終結の確認まち)", "Support ended (to be confirmed)"),
    State.CLOSED: ("終結", "Closed"),
}

OUTCOME_LABELS: dict[Outcome, tuple[str, str]] = {
    Outcome.SUPPORT_NEEDED: ("支援が必要", "Support needed"),
    Outcome.WATCH: ("日を決めて見守る", "Watch until a day"),
    Outcome.NO_NEED: ("支援の必要なし", "No need"),
    Outcome.ALREADY_KNOWN: ("すでに支援中", "Known already"),
    Outcome.DATA_WRONG: ("データの誤り", "Data wrong"),
}

REFERRAL_LABELS: dict[ReferralState, tuple[str, str]] = {
    ReferralState.SENT: ("返事まち", "Sent"),
    ReferralState.ACCEPTED: ("受けた", "Accepted"),
    ReferralState.REFUSED: ("受けられない", "Refused"),
    ReferralState.DONE: ("終わった", "Done"),
}

WAITING_TO_CLOSE = frozenset(row.state for row in TABLE if row.event is Event.CLOSE)
OUTCOME_EVENTS = {outcome: Event(f"found_{outcome}") for outcome in Outcome}


def check_event(state: str, event: Event) -> Transition:
    """The row for this event in this state; raises `Refused` where the state does not allow it."""
    row = _BY_STATE_AND_EVENT.get((State(state), event))
    if row is None:
        label_ja, label_en = STATE_LABELS[State(state)]
        raise Refused(
            f"いまの状態({label_ja})では、この操作はできません。画面を読み直してください。",
            f"The present state ({label_en}) does not allow this. Reload the page.",
        )
    return row


def events_of(state: str) -> list[Transition]:
    """Every event that a state allows, in the table's order."""
    return [row for row in TABLE if row.state == state]


def notice_of(state: str, event: str, language: str) -> str:
    """What the table tells of this event in this state; empty where it knows none, as of a step of before."""
    row = next((one for one in TABLE if one.state == state and one.event == event), None)
    if row is None:
        return ""
    return row.notice_en if language.startswith("en") else row.notice_ja


def label_of(value: str, language: str) -> str:
    """A state, outcome or referral state in words."""
    for labels in (STATE_LABELS, OUTCOME_LABELS, REFERRAL_LABELS):
        for key, (ja, en) in labels.items():
            if key.value == value:
                return en if language.startswith("en") else ja
    raise ValueError(f"no such state: {value!r}")
