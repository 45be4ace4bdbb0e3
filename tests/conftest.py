"""What holds for every test; fixtures that every test may use live in modules of their own."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

pytest_plugins = ["tests.services", "tests.cast", "tests.database"]

# The same examples on every run and every machine, and none of them timed: a red run can be made red again.
hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("repeatable")

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_configure() -> None:
    # Passwords of people who do not exist need no million rounds.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _give_each_worker_a_cache()


def _give_each_worker_a_cache() -> None:
    """A test that empties the cache must not empty its neighbour's: the counts of limits are kept there.

    Redis holds numbered databases; the one of the address is the broker's and of tests that run alone.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if settings.HAS_REDIS and worker:
        server = settings.REDIS_URL.rpartition("/")[0]
        settings.CACHES["default"]["LOCATION"] = f"{server}/{int(worker) + 1}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database, and put the files with the most slow tests first.

    A test without the mark cannot reach the database at all, so it has one answer on every database. A long file that
    begins last would leave the other worker without work.
    """
    slow: Counter[str] = Counter()
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        if item.get_closest_marker("slow") or item.get_closest_marker("browser"):
            slow[item.nodeid.partition("::")[0]] += 1
    items.sort(key=lambda item: -slow[item.nodeid.partition("::")[0]])
