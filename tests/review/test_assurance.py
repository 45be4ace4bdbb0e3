"""A check against the grantee's registers: recorded once, compared with the version, read by both sides."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.figures.scope import Scope
from evaluation.figures.trace import contributions
from grants.actions.assurance import record_check
from grants.answers.assurance import assurance_of
from grants.errors import ActionRefused
from grants.models import AssuranceCheck, Measure, Revision
from tests.cast import World
from tests.factories import AssuranceCheckFactory, MembershipFactory
from tests.review.sending import send, send_and_approve
from vru.accounts.models import AuditEvent
from vru.lib.periods import FinancialYear

pytestmark = pytest.mark.django_db


def check(world: World, revision: Revision, **options: Any) -> AssuranceCheck:
    return record_check(
        **{
            "revision": revision,
            "kind": AssuranceCheck.Kind.SAMPLE,
            "held_on": datetime.date(2020, 11, 2),
            "looked_at": "Every tenth line of the register.",
            "found": "Two people are there twice.",
            "counts": {Measure.NEW: 8},
            "by": world.cast.programme_manager,
        }
        | options
    )


def test_a_self_report_is_called_one_and_a_checked_return_says_when(world: World) -> None:
    revision = send_and_approve(world)
    assert assurance_of(revision).sentence == "Approved as a self-report"
    check(world, revision)
    assert assurance_of(revision).sentence == "Approved, checked on 2 November 2020"


def test_a_check_of_an_earlier_version_does_not_vouch_for_its_correction(world: World) -> None:
    old = send_and_approve(world)
    AssuranceCheckFactory(revision=old, held_on=datetime.date(2020, 11, 2))
    old.number, old.pk, old.approved_by, old.approved_at = 2, None, None, None
    old.save()
    said = assurance_of(old)
    assert not said.is_checked
    assert said.sentence.endswith("an earlier version was checked on 2 November 2020")


def test_what_was_reported_comes_from_the_version_itself(world: World) -> None:
    made = check(world, send(world))
    count = made.counts.get()
    assert (count.reported, count.counted) == (10, 8)
    event = AuditEvent.objects.about(world.monitoring_return).get(action="return checked")
    assert event.details["counts"] == {"new": [10, 8]}


def test_a_double_click_records_one_check(world: World) -> None:
    revision = send(world)
    assert check(world, revision) == check(world, revision)
    assert AuditEvent.objects.filter(action="return checked").count() == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"held_on": datetime.date(2999, 1, 1)}, "has not come yet"),
        ({"follow_up_on": datetime.date(2020, 1, 1)}, "before the check"),
        ({"found": " "}, "what was found"),
        ({"counts": {Measure.TRAINED: 1}}, "nothing to compare"),
        ({"counts": {Measure.NEW: -1}}, "0 or more"),
    ],
)
def test_a_check_that_cannot_be_is_refused(world: World, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ActionRefused, match=sentence):
        check(world, send(world), **options)


def test_only_a_manager_who_does_not_act_for_the_organisation_checks_a_version_that_stands(world: World) -> None:
    revision = send(world)
    with pytest.raises(ActionRefused, match="Only a programme manager"):
        check(world, revision, by=world.cast.analyst)
    MembershipFactory(user=world.cast.programme_manager, organisation=world.grant.organisation)
    with pytest.raises(ActionRefused, match="You act for this organisation"):
        check(world, revision)


def address(world: World, name: str) -> str:
    return reverse(f"returns:{name}", args=[world.grant.ref, world.monitoring_return.quarter.key])


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.cast.named(name))
    return client


def test_a_check_is_typed_on_its_page_and_read_by_the_grantee_and_by_no_other(world: World) -> None:
    send_and_approve(world)
    typed = {
        "kind": "visit",
        "held_on-day": "2",
        "held_on-month": "11",
        "held_on-year": "2020",
        "looked_at": "The sign-in sheets.",
        "found": "Two people are there twice.",
        "count_new": "8",
    }
    manager = signed_in(world, "programme_manager")
    page = manager.get(address(world, "assurance-record")).content.decode()
    assert "The return says 10." in page
    assert manager.post(address(world, "assurance-record"), {"kind": "visit"}).status_code == 422
    assert manager.post(address(world, "assurance-record"), typed).status_code == 302
    assert "-2" in signed_in(world, "grantee").get(address(world, "assurance")).content.decode()
    assert "The sign-in sheets." in signed_in(world, "grantee").get(address(world, "assurance")).content.decode()
    assert signed_in(world, "outside_grantee").get(address(world, "assurance")).status_code == 404
    review = manager.get(address(world, "review")).content.decode()
    assert "Approved, checked on 2 November 2020" in review


def test_the_grant_page_lists_its_checks(world: World) -> None:
    revision = send_and_approve(world)
    check(world, revision)
    page = signed_in(world, "grantee").get(reverse("grants:all-returns", args=[world.grant.ref])).content.decode()
    assert "Sample check of registers" in page


def test_a_trace_says_which_figures_were_checked(world: World) -> None:
    revision = send_and_approve(world)
    scope = Scope.of(FinancialYear(2020), world.grant.programme.layer, timezone.localdate())
    assert [row.checked_on for row in contributions(scope, "reach.new")] == [None]
    check(world, revision)
    assert [row.checked_on for row in contributions(scope, "reach.new")] == [datetime.date(2020, 11, 2)]
