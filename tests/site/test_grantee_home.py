"""A grantee's first page, and the words that say where a return stands."""

from __future__ import annotations

import datetime
import html

import pytest
from django.test import Client

from grants.models import MonitoringReturn, SectionDraft
from tests.cast import World
from tests.factories import (
    MonitoringReturnFactory,
    ReportingQuarterFactory,
    ReturnExtensionFactory,
    ReturnQueryFactory,
    RevisionFactory,
    approved_return,
)

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
    assert "July to September 2020" in page
    assert "1 of 10 sections finished" in page


def test_what_waits_for_my_signature_comes_first_and_only_to_who_may_sign(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="submitted")
    RevisionFactory(monitoring_return=world.monitoring_return, submitted_by=world.cast.grantee)
    pages = {}
    for person in (world.cast.grantee, world.cast.signatory):
        client = Client()
        client.force_login(person)
        pages[person] = client.get("/").content.decode()
    assert "Sign the return for 2020-21 Q2" in pages[world.cast.signatory]
    assert "Sign the return" not in pages[world.cast.grantee]
    assert "waiting for your organisation's second signature" in html.unescape(pages[world.cast.grantee])


def test_questions_closed_quarters_and_more_time_are_said(world: World, client: Client) -> None:
    item = world.monitoring_return
    revision = RevisionFactory(monitoring_return=item)
    ReturnQueryFactory.create_batch(2, revision=revision, raised_by=world.cast.programme_manager)
    MonitoringReturn.objects.filter(pk=item.pk).update(status="queried")
    assert "We have 2 questions about it" in client.get("/").content.decode()
    closed = MonitoringReturnFactory(
        commitment=world.grant,
        status="draft",
        quarter=ReportingQuarterFactory(year=2020, number=1, closes_on=datetime.date(2020, 8, 1)),
    )
    page = client.get("/").content.decode()
    assert "the quarter has closed" in page
    assert f"/returns/{world.grant.ref}/2020-21Q1/more-time/" in page
    ReturnExtensionFactory(monitoring_return=closed)
    assert "You have asked for more time" in client.get("/").content.decode()


def test_approved_returns_do_not_fill_the_page(world: World, client: Client) -> None:
    before = client.get("/").content.decode()
    approved_return(world.grant, 1, reach={"new": 3})
    assert client.get("/").content.decode().count("<li") == before.count("<li")


def test_a_queried_return_is_not_called_overdue(world: World, client: Client) -> None:
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="queried")
    page = client.get(f"/returns/{world.grant.ref}/2020-21Q2/").content.decode()
    assert "overdue" not in page
    assert "send the return again" in page


def test_sending_a_return_back_after_the_cut_off_says_first_that_more_time_is_needed(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    item = world.monitoring_return
    MonitoringReturn.objects.filter(pk=item.pk).update(status="submitted")
    RevisionFactory(monitoring_return=item, submitted_by=world.cast.grantee)
    client = Client()
    client.force_login(world.cast.signatory)
    receipt = f"/returns/{world.grant.ref}/{item.quarter.key}/sent/"
    assert "you cannot send it again until" not in client.get(receipt).content.decode()

    item.quarter.closes_on = datetime.date(2020, 12, 1)
    item.quarter.save()
    assert "you cannot send it again until" in client.get(receipt).content.decode()
    answer = client.post(
        receipt.replace("/sent/", "/take-back/"), {"revision": "1", "reason": "Wrong quarter."}, follow=True
    )
    page = answer.content.decode()
    assert "The return is back with your organisation." in page
    assert "Once you have more time, change what is wrong and send it again." in page
    assert "to be changed and sent again" not in page


def test_what_waits_for_a_colleague_is_not_said_to_be_with_the_unit(world: World, client: Client) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="submitted")
    RevisionFactory(monitoring_return=world.monitoring_return, submitted_by=world.cast.grantee)
    page = client.get("/").content.decode()
    assert "A colleague has to sign it before we look at it." in page
    assert "You need do nothing more" not in page
