"""The database of the tests: a copy of one that was migrated once, where the caller has made one."""

from __future__ import annotations

import os
import shutil

import pytest
from django.db import connections

# Set by scripts/test.py: the database of DATABASE_URL has its tables already, and nobody writes to it.
MIGRATED = "VRU_TEST_MIGRATED" in os.environ


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Whether pytest-django starts from tables that exist. The copy goes away with its folder or its server."""
    return MIGRATED or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Name what is copied. Without a migrated database every process runs the migrations itself."""
    if not MIGRATED:
        return
    config = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        copy = tmp_path_factory.mktemp("database") / "test.sqlite3"
        shutil.copyfile(config["NAME"], copy)
        config["TEST"]["NAME"] = str(copy)
    else:
        config["TEST"]["TEMPLATE"] = config["NAME"]
