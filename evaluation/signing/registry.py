"""The checks before sign-off, each with a stable name.

Adding one is a decorated function in a module of ``checks/``, and that module's place in ``run.py``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from evaluation.signing.evidence import Evidence
from evaluation.signing.finding import Finding

Find = Callable[[Evidence], Iterable[Finding]]
_CHECKS: dict[str, Check] = {}


@dataclass(frozen=True, slots=True)
class Check:
    """``passed`` is what may be said when nothing was found; ``description`` says what is looked at."""

    slug: str
    title: str
    passed: str
    description: str
    find: Find


def check(slug: str, *, title: str, passed: str) -> Callable[[Find], Find]:
    """Registers the decorated function, whose docstring is the check's description."""

    def register(find: Find) -> Find:
        if slug in _CHECKS:
            raise ValueError(f"There are two checks named {slug}.")
        _CHECKS[slug] = Check(slug, title, passed, inspect.cleandoc(find.__doc__ or ""), find)
        return find

    return register


def registered() -> tuple[Check, ...]:
    """Every check whose module is loaded, in the order of their registration."""
    return tuple(_CHECKS.values())
