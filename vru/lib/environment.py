"""Reads settings from the environment and says in one sentence what is wrong with one."""

from __future__ import annotations

import os
from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


class Environment:
    """A typed view of environment variables.

    Raises ``ImproperlyConfigured`` with the variable's name, what was found and what is wanted.
    """

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, name: str, default: str | None = None) -> str:
        value = self._variables.get(name)
        if value:
            return value
        if default is None:
            raise ImproperlyConfigured(f"{name} is not set. Set it in the environment before starting.")
        return default

    def boolean(self, name: str, *, default: bool = False) -> bool:
        value = self._variables.get(name)
        if value is None:
            return default
        lowered = value.strip().lower()
        if lowered in _TRUE:
            return True
        if lowered in _FALSE:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be 1 or 0.")

    def integer(self, name: str, *, default: int, minimum: int = 0) -> int:
        value = self._variables.get(name)
        if not value:
            return default
        try:
            number = int(value)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.") from error
        if number < minimum:
            raise ImproperlyConfigured(f"{name} is {number}; it must be at least {minimum}.")
        return number

    def words(self, name: str, default: list[str]) -> list[str]:
        """A comma-separated list."""
        value = self._variables.get(name)
        if not value:
            return default
        return [word.strip() for word in value.split(",") if word.strip()]
