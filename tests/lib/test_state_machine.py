"""Status changes: one complete table, and a plain sentence for what it does not allow."""

from enum import Enum, StrEnum

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.state_machine import StateMachine, TransitionRefused


class Door(StrEnum):
    OPEN = "open"
    AJAR = "ajar"
    SHUT = "shut"
    BRICKED_UP = "bricked_up"


class Letter(models.TextChoices):
    DRAFT = "draft", "Draft"
    SENT = "sent", "Sent to the Home Office"


DOOR = StateMachine(
    "door",
    {
        Door.OPEN: frozenset({Door.AJAR, Door.SHUT}),
        Door.AJAR: frozenset({Door.OPEN}),
        Door.SHUT: frozenset({Door.OPEN, Door.BRICKED_UP}),
        Door.BRICKED_UP: frozenset(),
    },
)


def test_the_table_says_what_may_follow():
    assert DOOR.can(Door.OPEN, Door.SHUT)
    assert not DOOR.can(Door.AJAR, Door.SHUT)
    assert not DOOR.can(Door.OPEN, Door.OPEN)
    assert DOOR.targets(Door.SHUT) == [Door.OPEN, Door.BRICKED_UP]
    assert DOOR.terminal() == {Door.BRICKED_UP}


def test_values_from_the_database_are_taken_for_states():
    assert DOOR.can("open", "shut")
    with pytest.raises(ValueError, match="half-open"):
        DOOR.can("half-open", "shut")


def test_a_refusal_says_what_can_be_done_instead():
    with pytest.raises(
        TransitionRefused, match=r"^This door is ajar and cannot become shut\. From ajar it can become open\.$"
    ):
        DOOR.check(Door.AJAR, Door.SHUT)
    with pytest.raises(TransitionRefused, match=r"open or bricked up\.$"):
        DOOR.check(Door.SHUT, Door.AJAR)
    with pytest.raises(TransitionRefused, match="is bricked up, which is final"):
        DOOR.check(Door.BRICKED_UP, Door.OPEN)


def test_labels_are_used_in_sentences_and_keep_their_names():
    letter = StateMachine("letter", {Letter.DRAFT: frozenset({Letter.SENT}), Letter.SENT: frozenset()})
    with pytest.raises(TransitionRefused, match="cannot become draft"):
        letter.check(Letter.SENT, Letter.DRAFT)
    with pytest.raises(TransitionRefused, match="Sent to the Home Office"):
        letter.check(Letter.SENT, Letter.SENT)


def test_a_table_that_leaves_out_a_state_is_refused():
    with pytest.raises(ValueError, match="leaves out SENT"):
        StateMachine("letter", {Letter.DRAFT: frozenset()})


def test_a_table_that_names_a_stranger_is_refused():
    with pytest.raises(ValueError, match="names what is no Letter"):
        StateMachine("letter", {Letter.DRAFT: frozenset({Door.OPEN}), Letter.SENT: frozenset()})
    with pytest.raises(ValueError, match="missing"):
        StateMachine("letter", {})


@given(st.data())
def test_check_agrees_with_can_for_every_pair_of_any_table(data):
    names = data.draw(st.lists(st.sampled_from("ABCDEF"), min_size=1, unique=True))
    states = Enum("states", names)
    table = {state: frozenset(data.draw(st.sets(st.sampled_from(list(states))))) for state in states}
    machine = StateMachine("thing", table)
    for frm in states:
        assert machine.targets(frm) == [state for state in states if state in table[frm]]
        for to in states:
            if machine.can(frm, to):
                machine.check(frm, to)
            else:
                with pytest.raises(TransitionRefused, match=r"\.$"):
                    machine.check(frm, to)
