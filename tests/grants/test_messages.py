"""Who is told what about a return: each once, by mail and in the site, in words that hold no figures."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from grants import messages
from grants.models import MonitoringReturn, Revision
from programmes.models import Unit
from tests.cast import World
from tests.factories import (
    DelegationFactory,
    MembershipFactory,
    ReturnExtensionFactory,
    ReturnQueryFactory,
    RevisionFactory,
    UserFactory,
)
from vru.accounts.models import Membership, Role, User
from vru.jobs.models import MessagePreference, Notification, OutboxMessage, Topic

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2020, 10, 8)


def sent(world: World) -> Revision:
    item = world.monitoring_return
    MonitoringReturn.objects.filter(pk=item.pk).update(status="submitted")
    item.refresh_from_db()
    revision: Revision = RevisionFactory(monitoring_return=item, submitted_by=world.cast.grantee)
    return revision


def told() -> list[User]:
    return [row.user for row in Notification.objects.order_by("user__name", "pk")]


def mailed() -> list[str]:
    return list(OutboxMessage.objects.order_by("to").values_list("to", flat=True))


KINDS: dict[str, Callable[[World], int]] = {
    "opened": lambda world: messages.tell_opened(world.monitoring_return),
    "received": lambda world: messages.tell_received(sent(world)),
    "signature wanted": lambda world: messages.tell_signature_wanted(sent(world)),
    "signed": lambda world: messages.tell_signed(sent(world)),
    "queried": lambda world: messages.tell_queried(ReturnQueryFactory(revision=sent(world))),
    "approved": lambda world: messages.tell_approved(sent(world)),
    "reopened": lambda world: messages.tell_reopened(world.monitoring_return),
    "extension asked": lambda world: messages.tell_extension_asked(
        ReturnExtensionFactory(monitoring_return=world.monitoring_return)
    ),
    "extension granted": lambda world: messages.tell_extension_decided(
        ReturnExtensionFactory(
            monitoring_return=world.monitoring_return,
            status="granted",
            decided_by=world.cast.programme_manager,
            decided_at=timezone.now(),
        )
    ),
    "extension refused": lambda world: messages.tell_extension_decided(
        ReturnExtensionFactory(
            monitoring_return=world.monitoring_return,
            status="refused",
            decided_by=world.cast.programme_manager,
            decided_at=timezone.now(),
        )
    ),
    "reminder before": lambda world: messages.remind(world.monitoring_return, TODAY),
    "reminder after": lambda world: messages.remind(world.monitoring_return, datetime.date(2020, 10, 16)),
}
TO_STAFF = {"received", "extension asked"}
TO_SIGNATORY = {"signature wanted"}


def recipient(world: World, kind: str) -> User:
    if kind in TO_STAFF:
        return world.cast.programme_manager
    return world.cast.signatory if kind in TO_SIGNATORY else world.cast.grantee


def words_of(page: str) -> str:
    """The words of an HTML mail as its reader sees them."""
    body = re.sub(r"<(title|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_tells_the_person_concerned_in_the_site_and_by_mail(world: World, kind: str) -> None:
    assert KINDS[kind](world) == 1
    user = recipient(world, kind)
    assert told() == [user]
    assert mailed() == [user.email]


@pytest.mark.parametrize("kind", KINDS)
def test_both_forms_of_a_mail_say_the_same(world: World, kind: str) -> None:
    world.grant.title = 'Boys & <Girls>\' "club"'
    world.grant.save(update_fields=["title"])
    world.monitoring_return.commitment.title = world.grant.title
    KINDS[kind](world)
    mail = OutboxMessage.objects.get()
    item = world.monitoring_return
    for said in (mail.text, words_of(mail.html)):
        for fact in (
            mail.subject,
            f"{world.grant.title} ({world.grant.ref})",
            str(world.grant.organisation),
            str(item.quarter),
            f"http://localhost:8000{reverse('returns:tasks', args=[world.grant.ref, item.quarter.key])}",
            Unit.objects.the().name,
        ):
            assert fact in said
    for line in filter(None, mail.text.splitlines()):
        assert " ".join(line.rstrip(":").split()) in words_of(mail.html)
    assert "<Girls>" not in mail.html


@pytest.mark.parametrize("kind", KINDS)
def test_mail_in_html_has_a_language_a_title_one_heading_and_no_picture(world: World, kind: str) -> None:
    KINDS[kind](world)
    page = OutboxMessage.objects.get().html
    assert '<html lang="en-GB">' in page
    assert page.count("<h1") == 1
    assert "<img" not in page
    assert f"<title>{html.escape(OutboxMessage.objects.get().subject)}</title>" in page


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_occasion_told_again_tells_nobody(world: World, kind: str) -> None:
    item = world.monitoring_return
    revision = sent(world)
    query, extension = ReturnQueryFactory(revision=revision), ReturnExtensionFactory(monitoring_return=item)
    again: dict[str, Callable[[], int]] = {
        "received": lambda: messages.tell_received(revision),
        "signature wanted": lambda: messages.tell_signature_wanted(revision),
        "signed": lambda: messages.tell_signed(revision),
        "queried": lambda: messages.tell_queried(query),
        "approved": lambda: messages.tell_approved(revision),
        "extension asked": lambda: messages.tell_extension_asked(extension),
    }
    tell = again.get(kind, lambda: KINDS[kind](world) if not kind.startswith("extension") else 0)
    tell()
    count = Notification.objects.count(), OutboxMessage.objects.count()
    assert tell() == 0
    assert (Notification.objects.count(), OutboxMessage.objects.count()) == count


def test_what_is_rolled_back_tells_nobody(world: World) -> None:
    with transaction.atomic():
        assert messages.tell_opened(world.monitoring_return) == 1
        transaction.set_rollback(True)
    assert (told(), mailed()) == ([], [])


def test_person_who_switched_a_topic_off_is_told_in_the_site_only(world: World) -> None:
    MessagePreference.objects.create(user=world.cast.grantee, topic=Topic.RETURN_OPENED, by_email=False)
    messages.tell_opened(world.monitoring_return)
    assert (told(), mailed()) == ([world.cast.grantee], [])


def test_questions_come_by_mail_whatever_was_switched_off(world: World) -> None:
    MessagePreference.objects.create(user=world.cast.grantee, topic=Topic.RETURN_DECIDED, by_email=False)
    messages.tell_queried(ReturnQueryFactory(revision=sent(world)))
    assert mailed() == [world.cast.grantee.email]


def test_several_questions_on_one_day_are_told_once(world: World) -> None:
    revision = sent(world)
    for field in ("reach.new", "reach.contacts"):
        messages.tell_queried(ReturnQueryFactory(revision=revision, field=field))
    assert told() == [world.cast.grantee]


def test_question_raised_on_a_later_day_is_told_again(world: World) -> None:
    revision = sent(world)
    first = ReturnQueryFactory(revision=revision)
    messages.tell_queried(first)
    messages.tell_queried(ReturnQueryFactory(revision=revision, raised_at=first.raised_at + datetime.timedelta(days=1)))
    assert told() == [world.cast.grantee, world.cast.grantee]


def test_person_who_submitted_hears_of_questions_even_without_the_role(world: World) -> None:
    revision = sent(world)
    revision.submitted_by = world.cast.signatory
    messages.tell_queried(ReturnQueryFactory(revision=revision))
    assert set(told()) == {world.cast.grantee, world.cast.signatory}


def test_people_who_left_or_whose_account_is_closed_are_not_told(world: World) -> None:
    organisation = world.grant.organisation
    MembershipFactory(organisation=organisation, ended_at=timezone.now())
    MembershipFactory(organisation=organisation, user=UserFactory(is_active=False))
    messages.tell_opened(world.monitoring_return)
    assert told() == [world.cast.grantee]


def test_signatory_who_submitted_is_not_asked_to_sign(world: World) -> None:
    revision = sent(world)
    MembershipFactory(user=world.cast.grantee, organisation=world.grant.organisation, role=Membership.Role.SIGNATORY)
    messages.tell_signature_wanted(revision)
    assert told() == [world.cast.signatory]


def test_delegate_is_asked_to_sign_while_the_delegation_is_in_force(world: World) -> None:
    today = timezone.localdate()
    current = {"organisation": world.grant.organisation, "signatory": world.cast.signatory}
    stands_in, stood_in = (MembershipFactory(organisation=world.grant.organisation).user for _ in range(2))
    DelegationFactory(**current, delegate=stands_in, starts_on=today, ends_on=today)
    DelegationFactory(**current, starts_on=today, ends_on=today)  # To somebody who has left.
    yesterday = today - datetime.timedelta(days=1)
    DelegationFactory(**current, delegate=stood_in, starts_on=yesterday, ends_on=yesterday)
    messages.tell_signature_wanted(sent(world))
    assert set(told()) == {world.cast.signatory, stands_in}


def test_unit_is_told_when_nobody_else_can_sign(world: World) -> None:
    world.grant.needs_signatory = True
    revision = sent(world)
    revision.monitoring_return.commitment.needs_signatory = True
    Membership.objects.filter(user=world.cast.signatory).update(ended_at=timezone.now())
    messages.tell_signature_wanted(revision)
    assert told() == [world.cast.programme_manager]
    assert "Nobody at" in Notification.objects.get().title


def test_return_given_to_another_reviewer_is_announced_to_them(world: World) -> None:
    other = UserFactory(role=Role.PROGRAMME_MANAGER)
    revision = sent(world)
    revision.monitoring_return.reviewer = other
    messages.tell_received(revision)
    assert told() == [other]


def test_every_programme_manager_hears_of_a_grant_that_nobody_manages(world: World) -> None:
    other = UserFactory(role=Role.PROGRAMME_MANAGER)
    revision = sent(world)
    revision.monitoring_return.commitment.manager = None
    messages.tell_received(revision)
    assert set(told()) == {world.cast.programme_manager, other}


def test_mail_says_whom_to_ask_and_comes_from_the_unit(world: World) -> None:
    messages.tell_opened(world.monitoring_return)
    mail = OutboxMessage.objects.get()
    assert mail.sender == Unit.objects.the().name
    assert world.cast.programme_manager.email in mail.text


@pytest.mark.parametrize(("layer", "marked"), [("illustrative", True), ("recorded", False)])
def test_mail_about_invented_data_says_so(world: World, layer: str, marked: bool) -> None:
    programme = world.grant.programme
    type(programme).objects.filter(pk=programme.pk).update(layer=layer)
    item = MonitoringReturn.objects.get(pk=world.monitoring_return.pk)
    messages.tell_opened(item)
    mail = OutboxMessage.objects.get()
    assert [("ILLUSTRATIVE" in text) for text in (mail.text, mail.html)] == [marked, marked]


def test_question_itself_is_not_in_the_mail(world: World) -> None:
    messages.tell_queried(ReturnQueryFactory(revision=sent(world), text="Why 4,321 people? Ask Jo Bloggs."))
    mail = OutboxMessage.objects.get()
    assert "4,321" not in mail.text + mail.html
    assert "Bloggs" not in mail.text + mail.html


def test_title_typed_on_two_lines_makes_a_subject_of_one(world: World) -> None:
    world.grant.organisation.name = "Bright\r\nFutures"
    revision = sent(world)
    revision.monitoring_return.commitment.organisation.name = "Bright\r\nFutures"
    messages.tell_received(revision)
    assert "\n" not in OutboxMessage.objects.get().subject


@pytest.mark.parametrize("status", ["queried", "reopened"])
def test_reminder_of_what_was_sent_back_does_not_say_that_nothing_came_in(world: World, status: str) -> None:
    MonitoringReturn.objects.update(status=status)
    item = MonitoringReturn.objects.get(pk=world.monitoring_return.pk)
    assert messages.remind(item, datetime.date(2020, 11, 1)) == 1
    mail = OutboxMessage.objects.get()
    assert "sent your return" in mail.text
    assert "not come in" not in mail.text
    assert "overdue" not in mail.subject


@pytest.mark.parametrize("status", ["scheduled", "submitted", "approved", "locked", "waived"])
def test_nobody_is_reminded_of_what_is_not_with_them(world: World, status: str) -> None:
    MonitoringReturn.objects.update(status=status, waived_because="Not started.")
    item = MonitoringReturn.objects.get(pk=world.monitoring_return.pk)
    assert messages.remind(item, TODAY) == 0


def test_subject_says_which_quarter_and_which_grant(world: World) -> None:
    messages.tell_opened(world.monitoring_return)
    subject = OutboxMessage.objects.get().subject
    assert str(world.monitoring_return.quarter) in subject
    assert world.grant.title in subject
