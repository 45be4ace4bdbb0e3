"""Shapes of database constraints that recur on many models, each with a sentence for the person who broke it.

Names are passed in and should be 30 characters or fewer: some databases cut longer ones. Rules let NULL pass
unless they are about NULL; a field that may not be empty says so itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import CheckConstraint, Choices, F, Q


def non_negative(*fields: str, name: str) -> CheckConstraint:
    """Every field is nought or more, or NULL. Raises ValueError when no field is named."""
    if not fields:
        raise ValueError("Name at least one field that may not be negative.")
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__gte": 0})
    return _check(condition, name, f"{_listed(fields)} cannot be negative.")


def ordered(start: str, end: str, name: str) -> CheckConstraint:
    """`end` is NULL or not before `start`."""
    condition = Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)})
    return _check(condition, name, f"{_words(end)} cannot be before {_words(start, inside=True)}.")


def paired(first: str, second: str, name: str) -> CheckConstraint:
    """Both fields are set or neither is: a decision has a person and a time."""
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    message = f"{_words(first)} and {_words(second, inside=True)} must be given together or not at all."
    return _check(both | neither, name, message)


def one_of(field: str, choices: type[Choices] | Iterable[str | int], name: str) -> CheckConstraint:
    """The field holds one of the choices (a Choices class or values). Raises ValueError for none."""
    offered = choices.values if isinstance(choices, type) and issubclass(choices, Choices) else choices
    # Plain values: a migration must not depend on a class that may later move.
    values = [getattr(choice, "value", choice) for choice in offered]
    if not values:
        raise ValueError(f"Give at least one value that {field} may take.")
    return _check(Q(**{f"{field}__in": values}), name, f"{_words(field)} is not one of the values allowed.")


def bounds_ordered(low: str, high: str, name: str) -> CheckConstraint:
    """The lower bound is not above the upper one; either may be NULL, meaning unbounded."""
    condition = Q(**{f"{low}__isnull": True}) | Q(**{f"{high}__isnull": True}) | Q(**{f"{low}__lte": F(high)})
    return _check(condition, name, f"{_words(low)} cannot be above {_words(high, inside=True)}.")


def _check(condition: Q, name: str, message: str) -> CheckConstraint:
    return CheckConstraint(condition=condition, name=name, violation_error_message=message)


def _words(field: str, *, inside: bool = False) -> str:
    words = field.replace("__", " ").replace("_", " ")
    return words if inside else words[:1].upper() + words[1:]


def _listed(fields: Iterable[str]) -> str:
    first, *rest = fields
    words = [_words(first), *(_words(field, inside=True) for field in rest)]
    return words[0] if not rest else f"{', '.join(words[:-1])} and {words[-1]}"
