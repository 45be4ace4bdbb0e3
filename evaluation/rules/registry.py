"""The rules, each with a stable name. A rule is general: it names no source, year or value.

Adding a rule is one decorated function in a module of this package, and that module's place in ``find.py``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from evaluation.rules.evidence import Evidence
from evaluation.rules.found import Found

Check = Callable[[Evidence], Iterable[Found]]
_RULES: dict[str, Rule] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """``slug`` is what issues are stored under and never changes; ``severities`` are those it may give."""

    slug: str
    title: str
    severities: tuple[str, ...]
    description: str
    check: Check

    def find(self, evidence: Evidence) -> Iterator[Found]:
        for found in self.check(evidence):
            if found.severity not in self.severities:
                raise ValueError(f"The rule {self.slug} gave the severity {found.severity}, which it does not declare.")
            yield replace(found, rule=self.slug)


def rule(slug: str, *, title: str, severities: tuple[str, ...]) -> Callable[[Check], Check]:
    """Registers the decorated function, whose docstring is the rule's description."""

    def register(check: Check) -> Check:
        if slug in _RULES:
            raise ValueError(f"There are two rules named {slug}.")
        _RULES[slug] = Rule(slug, title, severities, inspect.cleandoc(check.__doc__ or ""), check)
        return check

    return register


def registered() -> tuple[Rule, ...]:
    """Every rule whose module is loaded, by name."""
    return tuple(_RULES[slug] for slug in sorted(_RULES))
