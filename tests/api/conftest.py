from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nobody_has_called_yet() -> None:
    """Counts are kept by the number of the key, and every test's first key has the same."""
    cache.clear()
