"""The measurement of the workbook: a large return, made for the purpose and gone afterwards."""

from __future__ import annotations

import pytest

from benchmarks.workbook import READINGS, TARGETS, measure_workbook, workbook_lines
from grants.models import CommitmentIndicator
from tests.cast import World


@pytest.mark.django_db
def test_a_large_return_is_measured_and_leaves_nothing_behind(world: World) -> None:
    result = measure_workbook(world.monitoring_return, runs=1)
    assert result["boxes"] > 2 * READINGS
    assert result["generate_seconds"] > 0
    assert 0 < result["peak_mib"] < TARGETS["peak_mib"]
    assert CommitmentIndicator.objects.count() == 1
    assert len(workbook_lines(result)) == 4
