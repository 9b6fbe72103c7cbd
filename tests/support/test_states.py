"""The table of states: whole, reachable, and with a way out of every state."""

from __future__ import annotations

import pytest

from mimamori.access import Permission, load_roles
from mimamori.audit import ACTIONS
from mimamori.refusal import Refused
from mimamori.support.states import (
    OUTCOME_EVENTS,
    OUTCOME_LABELS,
    REFERRAL_LABELS,
    STATE_LABELS,
    TABLE,
    Event,
    Outcome,
    ReferralState,
    State,
    check_event,
    label_of,
)


def test_every_state_outcome_and_answer_has_words() -> None:
    assert set(STATE_LABELS) == set(State)
    assert set(OUTCOME_LABELS) == set(Outcome) == set(OUTCOME_EVENTS)
    assert set(REFERRAL_LABELS) == set(ReferralState)
    for value in (*State, *Outcome, *ReferralState):
        assert label_of(value, "ja") and label_of(value, "en").isascii()


def test_every_event_is_used_and_every_action_is_known_to_the_trail() -> None:
    assert {row.event for row in TABLE} == set(Event)
    assert {row.action for row in TABLE} <= set(ACTIONS)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PROPOSED])
def test_every_state_is_reached_from_another(state: State) -> None:
    assert any(row.to is state and row.state is not state for row in TABLE)


@pytest.mark.parametrize("state", [state for state in State if state is not State.CLOSED])
def test_from_every_state_closing_can_be_reached(state: State) -> None:
    reached, new = {state}, {state}
    while new:
        new = {row.to for row in TABLE if row.state in new} - reached
        reached |= new
    assert State.CLOSED in reached


def test_every_step_is_somebodys() -> None:
    held = {permission for role in load_roles().roles.values() for permission in role.permissions}
    assert {row.permission for row in TABLE} <= held
    assert {row.permission for row in TABLE if row.event is Event.CLOSE} == {Permission.CLOSE}


def test_a_state_refuses_what_is_not_in_the_table() -> None:
    allowed = {(row.state, row.event) for row in TABLE}
    for state in State:
        for event in Event:
            if (state, event) in allowed:
                assert check_event(state, event).event is event
            else:
                with pytest.raises(Refused):
                    check_event(state, event)
