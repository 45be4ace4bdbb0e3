"""Fixtures that every test may use; each kind lives in its own module."""

pytest_plugins = ["tests.services", "tests.cast"]
