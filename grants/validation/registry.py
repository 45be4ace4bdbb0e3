"""The list of rules. Adding one is one decorated function; its docstring becomes the documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grants.validation.facts import ReturnFacts
from grants.validation.outcome import Outcome, Problem

Check = Callable[[Outcome, ReturnFacts], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """``code`` is stable and public: R1xx stops a submission, W2xx asks for an explanation."""

    code: str
    name: str
    check: Check
    staff_only: bool = False

    @property
    def is_error(self) -> bool:
        return self.code.startswith("R")

    @property
    def meaning(self) -> str:
        return (self.check.__doc__ or "").strip()


RULES: dict[str, Rule] = {}


def rule(code: str, name: str, *, staff_only: bool = False) -> Callable[[Check], Check]:
    """Register a check under a stable code. Raises ValueError when the code is taken or undocumented."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"Rule {code} is registered twice.")
        if not (check.__doc__ or "").strip():
            raise ValueError(f"Rule {code} needs a docstring: it is what people read.")
        RULES[code] = Rule(code, name, check, staff_only)
        return check

    return register
