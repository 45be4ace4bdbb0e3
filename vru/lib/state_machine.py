"""Status changes as one table keyed by an enum, complete by construction."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Generic, TypeVar

State = TypeVar("State", bound=Enum)


class TransitionRefused(ValueError):
    """A change of status that the table does not allow. The message is for the person who tried."""


class StateMachine(Generic[State]):
    """What may follow what.

    `name` is the thing whose status changes, as in messages ("return", "grant"). `transitions` has every
    member of one enum as a key, with the frozenset of members that may follow it, empty for a final state.
    Raises ValueError at construction when a member is missing or a target is no member.
    """

    def __init__(self, name: str, transitions: Mapping[State, frozenset[State]]) -> None:
        if not transitions:
            raise ValueError(f"The states of a {name} are missing: give every state and what may follow it.")
        states = type(next(iter(transitions)))
        missing = [member.name for member in states if member not in transitions]
        if missing:
            raise ValueError(f"The table of a {name} leaves out {', '.join(missing)}.")
        strangers = sorted(
            {repr(state) for state in transitions if not isinstance(state, states)}
            | {repr(to) for targets in transitions.values() for to in targets if not isinstance(to, states)}
        )
        if strangers:
            raise ValueError(f"The table of a {name} names what is no {states.__name__}: {', '.join(strangers)}.")
        self.name = name
        self.states = states
        self._transitions = {state: frozenset(targets) for state, targets in transitions.items()}

    def __repr__(self) -> str:
        return f"StateMachine({self.name!r}, {len(self._transitions)} states)"

    def can(self, frm: State, to: State) -> bool:
        """Whether `to` may follow `frm`. Values stored in the database ("draft") are accepted for members."""
        return self.states(to) in self._transitions[self.states(frm)]

    def check(self, frm: State, to: State) -> None:
        """Raises TransitionRefused, with what can be done instead, when `to` may not follow `frm`."""
        if self.can(frm, to):
            return
        was, wanted = _label(self.states(frm)), _label(self.states(to))
        options = [_label(state) for state in self.targets(frm)]
        if not options:
            raise TransitionRefused(f"This {self.name} is {was}, which is final: it cannot become {wanted}.")
        raise TransitionRefused(
            f"This {self.name} is {was} and cannot become {wanted}. From {was} it can become {_either(options)}."
        )

    def targets(self, frm: State) -> list[State]:
        """What may follow a state, in the enum's own order."""
        allowed = self._transitions[self.states(frm)]
        return [state for state in self.states if state in allowed]

    def terminal(self) -> frozenset[State]:
        """The states that nothing follows."""
        return frozenset(state for state, targets in self._transitions.items() if not targets)


def _label(state: Enum) -> str:
    label = str(getattr(state, "label", state.name.replace("_", " ").lower()))
    # "Sent to the Home Office" keeps its capitals, "Signed off" loses them inside a sentence.
    return label[:1].lower() + label[1:] if label[1:] == label[1:].lower() else label


def _either(options: list[str]) -> str:
    return options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"
