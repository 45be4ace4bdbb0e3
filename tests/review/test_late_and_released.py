"""Approvals after the cut-off say why, and an approval releases the payments that waited for it."""

from __future__ import annotations

import datetime

import pytest

from grants.actions import review
from grants.errors import ActionRefused
from grants.models import Payment
from tests.cast import World
from tests.factories import PaymentFactory
from tests.review.sending import send, send_and_approve, status_of
from vru.accounts.models import AuditEvent
from vru.jobs.models import Notification

pytestmark = pytest.mark.django_db


def test_an_approval_after_the_cut_off_needs_a_reason_that_is_kept(world: World) -> None:
    revision, item = send(world), world.monitoring_return
    item.quarter.closes_on = datetime.date(2020, 11, 30)
    item.quarter.save()
    manager = world.cast.programme_manager
    with pytest.raises(ActionRefused, match=r"closed on 30 November 2020\. Say why"):
        review.approve_return(monitoring_return=item, by=manager)
    assert status_of(item) == "submitted"
    review.approve_return(monitoring_return=item, by=manager, note="Their computer was stolen.")
    revision.refresh_from_db()
    assert revision.approval_note == "Their computer was stolen."
    event = AuditEvent.objects.about(item).get(action="return approved")
    assert event.reason == "Their computer was stolen."


def test_a_correction_after_its_payment_was_made_needs_a_reason(world: World) -> None:
    send_and_approve(world)
    manager, item = world.cast.programme_manager, world.monitoring_return
    PaymentFactory(commitment=world.grant, number=1, waits_for=item, status="paid", paid_on=datetime.date(2020, 11, 2))
    review.reopen_return(monitoring_return=item, by=manager, reason="Two were counted twice.")
    send(world, C={"reach.new": "8"}, D={"age.10-14": "2", "age.15-17": "6"})
    with pytest.raises(ActionRefused, match="Payment 1, which waited for this return, was paid on 2 November 2020"):
        review.approve_return(monitoring_return=item, by=manager)


def test_the_version_looked_at_is_the_one_approved(world: World) -> None:
    send(world)
    with pytest.raises(ActionRefused, match="newer version"):
        review.approve_return(monitoring_return=world.monitoring_return, by=world.cast.programme_manager, seen=7)


def test_sections_can_be_approved_together(world: World) -> None:
    send(world)
    item, manager = world.monitoring_return, world.cast.programme_manager
    review.approve_sections(monitoring_return=item, sections=item.sections[:-1], by=manager)
    assert status_of(item) == "submitted"
    review.approve_sections(monitoring_return=item, sections=item.sections[-1:], by=manager)
    assert status_of(item) == "approved"


def test_the_grantee_is_told_of_a_query_an_approval_and_a_reopening(world: World) -> None:
    send_and_approve(world)
    review.reopen_return(
        monitoring_return=world.monitoring_return, by=world.cast.programme_manager, reason="A figure is wrong."
    )
    titles = list(Notification.objects.filter(user=world.cast.grantee).order_by("pk").values_list("title", flat=True))
    assert any("is approved" in title for title in titles)
    assert any("open again" in title for title in titles)


def test_a_payment_waits_for_its_return_and_is_ready_once_it_is_approved(world: World) -> None:
    item = world.monitoring_return
    waits = PaymentFactory(commitment=world.grant, number=1, waits_for=item)
    free = PaymentFactory(commitment=world.grant, number=2)
    assert list(Payment.objects.waiting_for_returns()) == [waits]
    assert list(Payment.objects.ready()) == [free]
    send_and_approve(world)
    assert list(Payment.objects.waiting_for_returns()) == []
    assert list(Payment.objects.ready()) == [waits, free]


def test_reopening_a_return_takes_no_payment_back(world: World) -> None:
    waits = PaymentFactory(commitment=world.grant, waits_for=world.monitoring_return)
    send_and_approve(world)
    review.reopen_return(
        monitoring_return=world.monitoring_return, by=world.cast.programme_manager, reason="A figure is wrong."
    )
    assert list(Payment.objects.ready()) == [waits]


def test_a_payment_that_waits_for_a_waived_return_waits_for_nothing(world: World) -> None:
    waits = PaymentFactory(commitment=world.grant, waits_for=world.monitoring_return)
    review.waive_return(
        monitoring_return=world.monitoring_return, by=world.cast.programme_manager, reason="Relaxed this quarter."
    )
    assert list(Payment.objects.ready()) == [waits]


def test_a_paid_or_cancelled_payment_is_neither_ready_nor_waiting(world: World) -> None:
    PaymentFactory(commitment=world.grant, number=1, status="paid", paid_on=datetime.date(2020, 8, 1))
    PaymentFactory(commitment=world.grant, number=2, status="cancelled", waits_for=world.monitoring_return)
    assert not Payment.objects.ready().exists()
    assert not Payment.objects.waiting_for_returns().exists()
