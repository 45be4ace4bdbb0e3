"""The list of rules. Adding one is one decorated function; its docstring becomes the documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from grants.validation.facts import ReturnFacts
from grants.validation.outcome import Outcome, Problem

Check = Callable[[Outcome, ReturnFacts], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """``code`` is stable and public: R1xx stops a submission, W2xx asks for an explanation.

    A rule that is not ``for_nil`` is left out for a nil return. ``thresholds`` are the settings it uses.
    """

    code: str
    name: str
    check: Check
    staff_only: bool = False
    for_nil: bool = True
    thresholds: tuple[str, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.code.startswith("R")

    @property
    def meaning(self) -> str:
        """What the rule asks, in plain sentences, with today's thresholds in figures."""
        sentence = " ".join((self.check.__doc__ or "").split())
        return sentence.format_map(settings.RETURN_THRESHOLDS) if self.thresholds else sentence


RULES: dict[str, Rule] = {}


def rule(
    code: str, name: str, *, staff_only: bool = False, for_nil: bool = True, thresholds: tuple[str, ...] = ()
) -> Callable[[Check], Check]:
    """Register a check under a stable code. Raises ValueError when the code or name is taken, or undocumented.

    The docstring may name a threshold in braces: {not_known_percent}.
    """

    def register(check: Check) -> Check:
        if code in RULES or name in {other.name for other in RULES.values()}:
            raise ValueError(f"Rule {code} {name} is registered twice.")
        if not (check.__doc__ or "").strip():
            raise ValueError(f"Rule {code} needs a docstring: it is what people read.")
        RULES[code] = Rule(code, name, check, staff_only, for_nil, thresholds)
        return check

    return register


def rules_in_order() -> list[Rule]:
    """Errors first, then warnings, each by code."""
    return sorted(RULES.values(), key=lambda found: found.code)
