"""The checks, each with a stable name. A check lays one amount beside the same amount from another table or another way
of adding up, in pence.

Adding a check is one decorated function in a module of this package, and that module's place in ``run.py``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from evaluation.reconciliation.books import Books

_CHECKS: dict[str, Check] = {}


class Subject(StrEnum):
    """What the checks are about, in the order in which people read them."""

    AWARDS = "Awards"
    CHANGES = "Changes of awards and budgets"
    PAYMENTS = "Payments"
    SPEND = "Spend"
    FIGURES = "Published figures"
    FUNDERS = "Funders"
    LEDGER = "The ledger"
    HISTORY = "Rows and their history"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two amounts in pence that must be the same. ``page`` is an address name and its argument, where there is one."""

    where: str
    left: int
    right: int
    page: tuple[str, str] | None = None

    @property
    def difference(self) -> int:
        return self.left - self.right


Compare = Callable[[Books], Iterable[Pair]]


@dataclass(frozen=True, slots=True)
class Check:
    """``left`` and ``right`` say in a few words what each side is and where it comes from."""

    name: str
    subject: Subject
    title: str
    left: str
    right: str
    description: str
    compare: Compare


def check(name: str, subject: Subject, *, title: str, left: str, right: str) -> Callable[[Compare], Compare]:
    """Registers the decorated function, whose docstring is the check's description."""

    def register(compare: Compare) -> Compare:
        if name in _CHECKS:
            raise ValueError(f"There are two checks named {name}.")
        _CHECKS[name] = Check(name, subject, title, left, right, inspect.cleandoc(compare.__doc__ or ""), compare)
        return compare

    return register


def registered() -> tuple[Check, ...]:
    """Every check whose module is loaded, by subject and then in the order of their registration."""
    subjects = list(Subject)
    return tuple(sorted(_CHECKS.values(), key=lambda each: subjects.index(each.subject)))
