"""Addresses that no page of ours links to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.cast import World
from tests.security.test_hostile_returns import signed_in


@pytest.mark.parametrize("quarter", ["x", "-1", "%D9%A1", "2199-00Q5", "%00"])
def test_a_figure_of_a_quarter_that_cannot_be_read_is_not_found(world: World, quarter: str) -> None:
    client = signed_in(world.cast.analyst)
    assert client.get(f"{reverse('evaluation:figure')}?key=reach.new%20quarter={quarter}").status_code == 404
