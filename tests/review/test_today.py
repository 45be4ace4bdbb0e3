"""A programme manager's morning: every kind of work, the same on *Today* and in the list."""

from __future__ import annotations

import datetime
import random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grants.models import MonitoringReturn, Revision
from grants.work import Work, needing, underspends
from tests.cast import World
from tests.factories import (
    CommitmentFactory,
    FundingSplitFactory,
    MonitoringReturnFactory,
    ReportingQuarterFactory,
    ReturnExtensionFactory,
    ReturnQueryFactory,
    RevisionFactory,
    SpendLineFactory,
    UserFactory,
    approved_return,
)
from vru.accounts.models import Role
from vru.jobs.models import Notification, Topic

pytestmark = pytest.mark.django_db
STAFF_ONLY = {
    "code": "W208", "section": "F", "field": "", "message": "Dear.", "value": "", "staff_only": True
}  # fmt: skip


def manager(world: World) -> Client:
    client = Client()
    client.force_login(world.cast.programme_manager)
    return client


def groups(page: object) -> dict[str, dict[str, object]]:
    return {group["work"]: group for group in page.context["groups"]}  # type: ignore[attr-defined]


def a_return(world: World, status: str, **grant: object) -> MonitoringReturn:
    """Of a grant of its own, managed by the cast's manager."""
    made: MonitoringReturn = MonitoringReturnFactory(
        commitment=CommitmentFactory(
            programme=world.grant.programme, **{"manager": world.cast.programme_manager, **grant}
        ),
        quarter=world.monitoring_return.quarter,
        status=status,
        due_on=datetime.date(2020, 10, 15),
    )
    return made


def queried(world: World, **query: object) -> MonitoringReturn:
    item = a_return(world, "queried")
    ReturnQueryFactory(revision=RevisionFactory(monitoring_return=item), **query)
    return item


def in_every_state(world: World) -> dict[Work, MonitoringReturn]:
    MonitoringReturn.objects.all().delete()
    made = {Work.REVIEW: a_return(world, "submitted")}
    RevisionFactory(monitoring_return=made[Work.REVIEW])
    made[Work.SIGNATURE] = a_return(world, "submitted", needs_signatory=True)
    RevisionFactory(monitoring_return=made[Work.SIGNATURE])
    made[Work.ANOMALY] = a_return(world, "submitted")
    RevisionFactory(monitoring_return=made[Work.ANOMALY], warnings=[STAFF_ONLY])
    made[Work.WAITING] = queried(world)
    made[Work.ANSWERED] = queried(world, answer="So.", answered_by=UserFactory(), answered_at=timezone.now())
    made[Work.OVERDUE] = a_return(world, "draft")
    made[Work.EXTENSION] = a_return(world, "scheduled")
    ReturnExtensionFactory(monitoring_return=made[Work.EXTENSION])
    made[Work.CLOSING] = a_return(world, "open")
    closing = ReportingQuarterFactory(year=2020, number=3)
    closing.closes_on = timezone.localdate() + datetime.timedelta(days=3)
    closing.save()
    made[Work.CLOSING].quarter = closing
    made[Work.CLOSING].due_on = timezone.localdate() + datetime.timedelta(days=1)
    made[Work.CLOSING].save()
    return made


def test_each_kind_of_work_is_found_once_and_the_list_agrees(world: World) -> None:
    made = in_every_state(world)
    shown = groups(manager(world).get("/"))
    for work, item in made.items():
        rows = shown[work.value]["rows"]
        assert item.commitment.ref in [row["ref"] for row in rows], work  # type: ignore[attr-defined]
        found = manager(world).get(reverse("returns:list"), {"work": work.value}).context["page_obj"]
        assert sorted(row["ref"] for row in rows) == sorted(row.commitment.ref for row in found)  # type: ignore[attr-defined]


def test_today_agrees_with_the_returns_own_rules(world: World) -> None:
    in_every_state(world)
    today = timezone.localdate()
    everything = MonitoringReturn.objects.all()
    assert set(needing(everything, Work.REVIEW, today)) == set(everything.to_review())
    assert set(needing(everything, Work.SIGNATURE, today)) == set(everything.awaiting_signature())


def test_a_manager_sees_their_own_and_what_was_given_to_them_unless_they_ask_for_all(world: World) -> None:
    MonitoringReturn.objects.all().delete()
    colleague = UserFactory(role=Role.PROGRAMME_MANAGER)
    mine, theirs, given, away = (
        a_return(world, "draft", manager=who) for who in (world.cast.programme_manager, colleague, colleague, None)
    )
    given.reviewer = world.cast.programme_manager
    given.save()
    mine_elsewhere = a_return(world, "draft")
    mine_elsewhere.reviewer = colleague
    mine_elsewhere.save()
    client = manager(world)
    refs = {row["ref"] for row in groups(client.get("/"))["overdue"]["rows"]}  # type: ignore[attr-defined]
    assert refs == {mine.commitment.ref, given.commitment.ref}
    everybody = groups(client.get("/", {"whose": "all"}))["overdue"]["count"]
    assert everybody == len([mine, theirs, given, away, mine_elsewhere])


def test_an_overdue_return_says_by_how_much_and_when_they_were_last_reminded(world: World) -> None:
    item = world.monitoring_return
    at = timezone.now()
    Notification.objects.create(
        user=world.cast.grantee,
        key="reminder",
        topic=Topic.REMINDER,
        title="Overdue",
        href=reverse("returns:tasks", args=[world.grant.ref, item.quarter.key]),
        created_at=at,
    )
    row = groups(manager(world).get("/"))["overdue"]["rows"][0]  # type: ignore[index]
    assert row["days_late"] == (timezone.localdate() - item.due_on).days
    assert row["reminded_at"] == at


def test_a_return_that_came_in_late_is_marked_and_its_warnings_counted(world: World) -> None:
    item = a_return(world, "submitted")
    revision = RevisionFactory(monitoring_return=item, warnings=[STAFF_ONLY, STAFF_ONLY])
    Revision.objects.filter(pk=revision.pk).update(submitted_at=revision.submitted_at + datetime.timedelta(days=4))
    page = manager(world).get("/")
    row = groups(page)["review"]["rows"][0]  # type: ignore[index]
    assert (row["is_late"], row["warnings"]) == (True, 2)
    assert "2 warnings" in page.content.decode()


def test_extra_time_asked_for_is_granted_in_one_click(world: World) -> None:
    extension = ReturnExtensionFactory(monitoring_return=world.monitoring_return)
    page = manager(world).get("/").content.decode()
    address = reverse(
        "returns:extension-decide", args=[world.grant.ref, world.monitoring_return.quarter.key, extension.pk]
    )
    assert f'action="{address}"' in page


def test_a_forecast_underspend_is_measured_against_the_years_award(world: World) -> None:
    """£60,000 of an eighteen-month award belongs to the year; £20,000 spent and £10,000 expected leave £30,000."""
    grant = CommitmentFactory(programme=world.grant.programme, award_pence=90_000_00)
    FundingSplitFactory(commitment=grant, year=2020, amount_pence=60_000_00)
    approved_return(grant, 1, actual_pence=5_000_00, forecast_pence=50_000_00)
    approved_return(grant, 2, actual_pence=15_000_00, forecast_pence=10_000_00)
    found = underspends(MonitoringReturn.objects.all())
    assert [(row.short_pence, row.award_pence) for row in found] == [(30_000_00, 60_000_00)]


def test_a_correction_that_waits_replaces_the_word_of_the_approved_version(world: World) -> None:
    grant = CommitmentFactory(programme=world.grant.programme, award_pence=60_000_00)
    first = approved_return(grant, 1, actual_pence=5_000_00, forecast_pence=10_000_00)
    assert [row.short_pence for row in underspends(MonitoringReturn.objects.all())] == [45_000_00]
    correction = RevisionFactory(monitoring_return=first.monitoring_return, number=2)
    SpendLineFactory(revision=correction, number=1, actual_pence=5_000_00, forecast_pence=55_000_00)
    assert underspends(MonitoringReturn.objects.all()) == []


def test_a_morning_without_work_says_so(world: World) -> None:
    MonitoringReturn.objects.all().delete()
    assert "Nothing needs you today" in manager(world).get("/").content.decode()


def many(world: World, count: int) -> None:
    """Grants in every state, with a year of spend behind them."""
    chance = random.Random(count)
    for _ in range(count):
        grant = CommitmentFactory(
            programme=world.grant.programme,
            organisation=world.grant.organisation,
            manager=world.cast.programme_manager,
        )
        approved_return(grant, 1, actual_pence=chance.randrange(10**6), forecast_pence=chance.randrange(10**6))
        item = MonitoringReturnFactory(
            commitment=grant,
            quarter=world.monitoring_return.quarter,
            status=chance.choice(["submitted", "queried", "open"]),
            due_on=datetime.date(2020, 10, 15),
        )
        if item.status != "open":
            revision = RevisionFactory(monitoring_return=item, warnings=[STAFF_ONLY] * chance.randrange(3))
            if item.status == "queried":
                ReturnQueryFactory(revision=revision)
        else:
            ReturnExtensionFactory(monitoring_return=item)


@pytest.mark.parametrize("page", ["/", "/?whose=all", "/returns/", "/returns/?work=anomaly&sort=sent"])
def test_a_page_of_work_asks_the_same_number_of_questions_for_any_number_of_grants(world: World, page: str) -> None:
    client = manager(world)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    many(world, 4)
    asked()
    few = asked()
    many(world, 40)
    assert asked() <= few <= 24
