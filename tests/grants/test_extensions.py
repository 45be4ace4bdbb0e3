"""More time for a return: asked for, decided once, given unasked; and what it opens and closes again."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.actions.drafts import save_section
from grants.actions.extensions import ask_extension, give_extension, grant_extension, refuse_extension
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, ReportingQuarter, ReturnExtension, Section
from grants.timetable.calendar import usual_extension
from grants.timetable.locks import about_to_lock, lock_of, staff_lock_of
from tests.cast import World
from tests.factories import MembershipFactory, MonitoringReturnFactory, ReturnExtensionFactory, UserFactory
from vru.accounts.models import AuditEvent, Membership, Role
from vru.jobs.models import Notification

pytestmark = pytest.mark.django_db
WEEK = datetime.timedelta(days=7)


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def item(world: World) -> MonitoringReturn:
    """Long overdue: its day was in 2020."""
    return world.monitoring_return


def ask(world: World, until: datetime.date, reason: str = "Our manager is ill.") -> ReturnExtension:
    return ask_extension(monitoring_return=world.monitoring_return, until=until, reason=reason, by=world.cast.grantee)


def close_quarter(item: MonitoringReturn, on: datetime.date) -> None:
    ReportingQuarter.objects.filter(pk=item.quarter_id).update(closes_on=on)
    item.refresh_from_db()


def test_a_request_after_the_deadline_is_kept_audited_and_told(world: World, today: datetime.date) -> None:
    extension = ask(world, today + WEEK)
    assert extension.due_before == datetime.date(2020, 10, 15)
    assert AuditEvent.objects.about(world.monitoring_return).get().action == "extension asked for"
    assert Notification.objects.filter(user=world.cast.programme_manager, topic="extension").count() == 1


def test_a_double_click_asks_once_and_another_wish_waits_for_the_answer(world: World, today: datetime.date) -> None:
    assert ask(world, today + WEEK) == ask(world, today + WEEK)
    with pytest.raises(ActionRefused, match="already"):
        ask(world, today + WEEK, "Another reason.")
    assert ReturnExtension.objects.count() == 1


@pytest.mark.parametrize(("days", "sentence"), [(-1, "today or a later day"), (400, "at most")])
def test_a_day_that_cannot_be_granted_is_refused_when_it_is_asked_for(
    world: World, today: datetime.date, days: int, sentence: str
) -> None:
    with pytest.raises(ActionRefused, match=sentence):
        ask(world, today + datetime.timedelta(days=days))


def test_a_day_before_the_return_is_due_is_refused(world: World, item: MonitoringReturn, today: datetime.date) -> None:
    MonitoringReturn.objects.filter(pk=item.pk).update(due_on=today + WEEK)
    with pytest.raises(ActionRefused, match="Choose a later day"):
        ask(world, today + WEEK)


@pytest.mark.parametrize("status", ["scheduled", "submitted", "approved", "locked", "waived"])
def test_only_a_return_that_is_with_the_grantee_is_extended(
    world: World, item: MonitoringReturn, today: datetime.date, status: str
) -> None:
    MonitoringReturn.objects.filter(pk=item.pk).update(status=status, waived_because="Closed.")
    with pytest.raises(ActionRefused, match="Only a return that the grantee is filling in"):
        ask(world, today + WEEK)
    with pytest.raises(ActionRefused, match="Only a return that the grantee is filling in"):
        give_extension(monitoring_return=item, by=world.cast.programme_manager, reason="Illness.")


def test_outsiders_cannot_ask_and_grantees_cannot_decide(world: World, today: datetime.date) -> None:
    with pytest.raises(ActionRefused, match="own people"):
        ask_extension(
            monitoring_return=world.monitoring_return, until=today + WEEK, reason="x", by=world.cast.outside_grantee
        )
    extension = ask(world, today + WEEK)
    with pytest.raises(ActionRefused, match="Only a programme manager"):
        grant_extension(extension=extension, by=world.cast.grantee)


def test_a_granted_extension_opens_a_closed_quarter_until_its_last_day(
    world: World, item: MonitoringReturn, today: datetime.date
) -> None:
    close_quarter(item, datetime.date(2020, 11, 30))
    lock = lock_of(item, today)
    assert lock is not None
    assert lock.code == "quarter-closed"
    extension = ask(world, today + WEEK)
    grant_extension(extension=extension, by=world.cast.programme_manager)
    item.refresh_from_db()
    assert item.due_on == today + WEEK
    assert lock_of(item, today + WEEK) is None
    save_section(
        monitoring_return=item, section=Section.NARRATIVE, data={}, version=0, by=world.cast.grantee, complete=False
    )
    item.refresh_from_db()
    expired = lock_of(item, today + WEEK + datetime.timedelta(days=1))
    assert expired is not None
    assert "The extension ended on" in expired.reason


def test_another_day_and_a_note_reach_the_grantee(world: World, today: datetime.date) -> None:
    extension = ask(world, today + WEEK)
    granted = grant_extension(
        extension=extension, by=world.cast.programme_manager, until=today + WEEK / 7 * 3, note="As far as we can go."
    )
    assert (granted.until, granted.decision_note) == (today + WEEK / 7 * 3, "As far as we can go.")
    assert Notification.objects.filter(user=world.cast.grantee, topic="extension").count() == 1
    event = AuditEvent.objects.about(world.monitoring_return).first()
    assert event is not None
    assert event.details == {"asked_for": str(today + WEEK), "until": str(today + WEEK / 7 * 3)}


def test_a_refusal_needs_a_note_and_leaves_the_day_alone(world: World, today: datetime.date) -> None:
    extension = ask(world, today + WEEK)
    with pytest.raises(ActionRefused, match="the grantee reads it"):
        refuse_extension(extension=extension, by=world.cast.programme_manager, note=" ")
    refuse_extension(extension=extension, by=world.cast.programme_manager, note="The report goes out tomorrow.")
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.due_on == datetime.date(2020, 10, 15)
    assert not MonitoringReturn.objects.filter(extensions__in=ReturnExtension.objects.waiting()).exists()


def test_the_second_of_two_managers_is_told_what_the_first_decided(world: World, today: datetime.date) -> None:
    extension = ask(world, today + WEEK)
    refuse_extension(extension=extension, by=world.cast.programme_manager, note="Too late.")
    other = UserFactory(role=Role.PROGRAMME_MANAGER)
    with pytest.raises(ActionRefused, match="Programme Manager has decided about this request already and refused"):
        grant_extension(extension=extension, by=other)


def test_the_same_decision_twice_is_one_decision(world: World, today: datetime.date) -> None:
    extension = ask(world, today + WEEK)
    manager = world.cast.programme_manager
    assert grant_extension(extension=extension, by=manager) == grant_extension(extension=extension, by=manager)
    assert AuditEvent.objects.about(world.monitoring_return).filter(action="extension granted").count() == 1


def test_one_click_gives_a_working_day_about_a_week_on_and_two_clicks_give_no_more(
    world: World, item: MonitoringReturn, today: datetime.date
) -> None:
    manager = world.cast.programme_manager
    first = give_extension(monitoring_return=item, by=manager, reason="Illness.")
    assert give_extension(monitoring_return=item, by=manager, reason="Illness.") == first
    item.refresh_from_db()
    assert item.due_on == first.until >= today + WEEK
    assert first.until.weekday() < 5


def test_giving_time_grants_the_request_that_waits(world: World, item: MonitoringReturn, today: datetime.date) -> None:
    asked = ask(world, today + WEEK)
    manager = world.cast.programme_manager
    given = give_extension(monitoring_return=item, by=manager, reason="Go ahead.")
    assert given == asked
    assert give_extension(monitoring_return=item, by=manager, reason="Go ahead.") == asked
    assert ReturnExtension.objects.get().status == ReturnExtension.Status.GRANTED


def test_what_is_about_to_lock_and_what_was_not_received_leave_out_what_has_more_time(
    world: World, item: MonitoringReturn, today: datetime.date
) -> None:
    close_quarter(item, today + WEEK / 7)
    other = world.other_return
    assert set(MonitoringReturn.objects.closing_within(today, 7)) == {item, other}
    ReturnExtensionFactory(
        monitoring_return=other, status="granted", until=today + 2 * WEEK, decided_by=world.cast.director,
        decided_at=timezone.now(),
    )  # fmt: skip
    assert set(MonitoringReturn.objects.closing_within(today, 7)) == {item}
    assert not MonitoringReturn.objects.not_received(today).exists()
    assert set(MonitoringReturn.objects.not_received(today + WEEK)) == {item}
    assert set(MonitoringReturn.objects.not_received(today + 3 * WEEK)) == {item, other}


def test_a_return_about_to_lock_says_until_when(world: World, item: MonitoringReturn, today: datetime.date) -> None:
    assert about_to_lock(item, today) is None
    close_quarter(item, today + WEEK / 7 * 2)
    notice = about_to_lock(item, today)
    assert notice is not None
    assert "can be filled in until the end of" in notice.reason
    assert about_to_lock(item, today + WEEK) is None


def test_staff_read_who_approved_and_what_they_can_do(world: World, today: datetime.date) -> None:
    manager = world.cast.programme_manager
    item = MonitoringReturnFactory(commitment=world.grant, quarter__number=1, status="approved")
    item.revisions.create(
        number=1, submitted_by=world.cast.grantee, submitted_at=timezone.now(), declared_name="G", approved_by=manager,
        approved_at=timezone.now(),
    )  # fmt: skip
    lock = staff_lock_of(item, today)
    assert lock is not None
    assert "Approved by Programme Manager on" in lock.reason
    assert "reopen the return with a reason" in lock.next_step


def page(world: World, name: str = "extension", *extra: int) -> str:
    return reverse(f"returns:{name}", args=[world.grant.ref, world.monitoring_return.quarter.key, *extra])


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def date_boxes(name: str, day: datetime.date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_a_grantee_asks_on_the_page_and_reads_the_answer(world: World, today: datetime.date) -> None:
    grantee = signed_in(world.cast.grantee)
    wrong = grantee.post(page(world), {**date_boxes("until", today + WEEK), "reason": ""})
    assert wrong.status_code == 422
    assert "Say in a sentence why you need more time" in wrong.content.decode()
    assert grantee.post(page(world), {**date_boxes("until", today + WEEK), "reason": "Ill."}).status_code == 302
    assert "We have your request" in grantee.get(page(world)).content.decode()
    extension = ReturnExtension.objects.get()
    manager = signed_in(world.cast.programme_manager)
    assert "asks for time until" in manager.get(page(world)).content.decode()
    no = manager.post(page(world, "extension-decide", extension.pk), {"decision": "refuse", "refuse-note": ""})
    assert no.status_code == 422
    manager.post(page(world, "extension-decide", extension.pk), {"decision": "refuse", "refuse-note": "Too late now."})
    assert "Too late now." in grantee.get(page(world)).content.decode()


def test_a_manager_grants_as_asked_or_until_another_day(world: World, today: datetime.date) -> None:
    extension = ask(world, today + WEEK)
    manager = signed_in(world.cast.programme_manager)
    answer = manager.post(page(world, "extension-decide", extension.pk), {"decision": "grant", "back": "today"})
    assert answer["Location"] == reverse("home")
    extension.refresh_from_db()
    assert extension.status == "granted"
    again = ask(world, today + 2 * WEEK)
    late = {"decision": "other", **date_boxes("grant-until", today + 3 * WEEK)}
    assert manager.post(page(world, "extension-decide", again.pk), late)["Location"] == page(world)
    again.refresh_from_db()
    assert again.until == today + 3 * WEEK


def test_one_click_needs_a_reason_and_staff_cannot_ask(world: World) -> None:
    manager = signed_in(world.cast.programme_manager)
    assert manager.post(page(world, "extension-give"), {"one_click": "1"}).status_code == 422
    given = manager.post(page(world, "extension-give"), {"one_click": "1", "reason": "Illness.", "back": "review"})
    assert given["Location"] == page(world, "review")
    assert manager.post(page(world), {"reason": "x"}).status_code == 403
    outside = signed_in(world.cast.outside_grantee)
    assert outside.post(page(world), {"reason": "x"}).status_code == 404


def test_somebody_who_left_the_organisation_cannot_ask(world: World) -> None:
    gone = UserFactory()
    MembershipFactory(
        user=gone,
        organisation=world.grant.organisation,
        role=Membership.Role.SUBMITTER,
        ended_at=timezone.now() - WEEK,
    )
    assert signed_in(gone).get(page(world)).status_code == 404


def test_a_day_that_passed_while_the_request_waited_is_not_offered_to_be_granted(
    world: World, today: datetime.date
) -> None:
    ReturnExtensionFactory(
        monitoring_return=world.monitoring_return, asked_by=world.cast.grantee, until=datetime.date(2020, 10, 30)
    )
    shown = signed_in(world.cast.programme_manager).get(page(world)).content.decode()
    assert "The day they asked for has passed" in shown
    assert "Grant until 30 October 2020" not in shown
    assert f'value="{usual_extension(world.monitoring_return.due_on, today).year}"' in shown
