"""A grantee's first page, and the words that say where a return stands."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from grants.models import MonitoringReturn, SectionDraft
from tests.cast import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.cast.grantee)
    return client


def test_the_home_page_says_which_months_and_how_far(world: World, client: Client) -> None:
    for letter, complete in (("C", True), ("D", False)):
        SectionDraft.objects.create(
            monitoring_return=world.monitoring_return,
            section=letter,
            is_complete=complete,
            saved_by=world.cast.grantee,
            saved_at=datetime.datetime(2020, 10, 1, tzinfo=datetime.UTC),
        )
    page = client.get("/").content.decode()
    assert "July to September 2020, 1 section finished" in page


def test_a_queried_return_is_not_called_overdue(world: World, client: Client) -> None:
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="queried")
    page = client.get(f"/returns/{world.grant.ref}/2020-21Q2/").content.decode()
    assert "overdue" not in page
    assert "send the return again" in page
