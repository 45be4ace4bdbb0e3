"""Fixtures of the tests about money."""

from tests.money.worlds import money_world

__all__ = ["money_world"]
