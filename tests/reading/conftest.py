"""A file store of each test's own, and the invented unit's year with a report that shows all of it."""

from __future__ import annotations

import pytest

from tests.report import unit_year as year


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    options = {"location": str(tmp_path / "files"), "base_url": None}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    return tmp_path / "files"


@pytest.fixture
def loaded(db):
    year.unit_year()
    year.outline()
