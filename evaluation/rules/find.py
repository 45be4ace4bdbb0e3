"""Running every rule over the evidence of a year and layer."""

from __future__ import annotations

import datetime

from evaluation.figures.computation import Computation
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.rules import changes, claims, facts, limits, prose, records, repeats, totals, words
from evaluation.rules.evidence import Evidence
from evaluation.rules.found import Found
from evaluation.rules.ledger import money, returns
from evaluation.rules.reading import read_evidence, years_held
from evaluation.rules.registry import Rule, registered
from vru.lib.periods import LATEST, FinancialYear

# The modules whose rules are run. Naming them here loads them; a new module adds its name.
MODULES = (totals, changes, claims, facts, limits, repeats, records, words, prose, money, returns)


def all_rules() -> tuple[Rule, ...]:
    """Every rule, by name."""
    return registered()


def find_issues(*, year: FinancialYear, layer: str, as_at: datetime.date | None = None) -> list[Found]:
    """What is contradictory in the year and layer, gravest first, as at the end of a day; without one, of everything
    in hand (the last quarter's returns are only approved after the year has ended).

    Raises ScopeError for a layer that does not exist.
    """
    with read_snapshot():
        return find_issues_of(Computation(Scope.of(year, layer, as_at or datetime.date(LATEST, 12, 31))))


def find_issues_of(computation: Computation) -> list[Found]:
    """The same within a reading that is already open, whose rows are not read again."""
    scope = computation.scope
    found = find_in(read_evidence(computation))
    held = years_held(scope.layer)
    return [each for each in found if _is_told_in(each, scope.year, held)]


def find_in(evidence: Evidence) -> list[Found]:
    """What the rules find in evidence already read, each finding once, gravest first."""
    found = {(each.rule, each.basis): each for rule in all_rules() for each in rule.find(evidence)}
    return sorted(found.values(), key=lambda each: each.sort_key)


def _is_told_in(found: Found, year: FinancialYear, held: list[int]) -> bool:
    """Statements belong to no year, so a finding among them is told once: in the year of its newest document, or the
    nearest year of which anything is held.
    """
    if found.newest is None or not held:
        return True
    published = FinancialYear.of(found.newest).start
    return year.start == min(held, key=lambda each: (abs(each - published), each))
