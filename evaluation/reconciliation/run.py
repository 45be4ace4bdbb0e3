"""Every check over one year and layer, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evaluation.figures.computation import Computation
from evaluation.figures.scope import Scope

# Importing a module registers its checks.
from evaluation.reconciliation import awards, changes, figures, funders, history, ledger, payments, spend
from evaluation.reconciliation.books import Books
from evaluation.reconciliation.registry import Check, Pair, registered
from vru.lib.money import Money

MODULES = (awards, changes, payments, spend, figures, funders, ledger, history)


@dataclass(frozen=True, slots=True)
class Compared:
    """One check: both totals in pence, how many pairs were laid beside each other, and those that differ."""

    check: Check
    left: int
    right: int
    pairs: int
    differing: tuple[Pair, ...]

    @property
    def difference(self) -> int:
        return self.left - self.right

    @property
    def agrees(self) -> bool:
        return not self.differing


@dataclass(frozen=True, slots=True)
class Reconciliation:
    scope: Scope
    compared: tuple[Compared, ...]

    @property
    def agrees(self) -> bool:
        return all(each.agrees for each in self.compared)

    @property
    def differing(self) -> list[Compared]:
        return [each for each in self.compared if not each.agrees]

    @property
    def differences(self) -> int:
        return sum(len(each.differing) for each in self.compared)

    def as_json(self) -> dict[str, Any]:
        """The contract that scripts read: amounts in pounds and pence as text."""
        return {
            "year": str(self.scope.year),
            "layer": self.scope.layer,
            "checks": [_check_json(each) for each in self.compared],
            "differences": [_pair_json(each.check, pair) for each in self.compared for pair in each.differing],
        }


def checks() -> tuple[Check, ...]:
    """Every check there is, in the order in which they are shown."""
    return registered()


def reconcile(scope: Scope, computation: Computation | None = None) -> Reconciliation:
    """Run every check. Call it inside ``read_snapshot``, so that both sides are read as of one moment.

    A ``computation`` of the scope that is open already is used for the side of the figures instead of another.
    """
    books = Books(computation or Computation(scope))
    return Reconciliation(scope, tuple(_compared(each, each.compare(books)) for each in checks()))


def _compared(check: Check, pairs: Iterable[Pair]) -> Compared:
    left = right = count = 0
    differing = []
    for pair in pairs:
        left, right, count = left + pair.left, right + pair.right, count + 1
        if pair.difference:
            differing.append(pair)
    return Compared(check, left, right, count, tuple(differing))


def pounds(pence: int) -> str:
    """Plain pounds and pence: "19700000.00", "-0.05"."""
    return f"{Money(pence).pounds:f}"


def _check_json(compared: Compared) -> dict[str, Any]:
    return {
        "name": compared.check.name,
        "title": compared.check.title,
        "left": pounds(compared.left),
        "right": pounds(compared.right),
        "difference": pounds(compared.difference),
        "left_from": compared.check.left,
        "right_from": compared.check.right,
        "compared": compared.pairs,
        "differing": len(compared.differing),
    }


def _pair_json(check: Check, pair: Pair) -> dict[str, str]:
    return {
        "name": check.name,
        "where": pair.where,
        "left": pounds(pair.left),
        "right": pounds(pair.right),
        "difference": pounds(pair.difference),
    }
