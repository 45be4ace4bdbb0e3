"""Two managers press a button in the same moment: one decision, whatever the order."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from grants.actions.extensions import give_extension, grant_extension, refuse_extension
from grants.actions.schedule import plan_returns
from grants.errors import ActionRefused
from grants.models import Commitment, ReturnExtension
from tests.cast import World
from tests.factories import CommitmentFactory, ReturnExtensionFactory, UserFactory
from vru.accounts.models import AuditEvent, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all of them in threads that start together; the sentences of those that were refused.

    SQLite has one writer at a time, so there the second comes after the first.
    """
    refused: list[str] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except ActionRefused as error:
            refused.append(str(error))

    def run_alone(act: Callable[[], object]) -> None:
        start.wait(timeout=10)
        try:
            run(act)
        finally:
            connection.close()

    if connection.vendor == "sqlite":
        for act in acts:
            run(act)
        return refused
    threads = [threading.Thread(target=run_alone, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return refused


def test_one_grants_and_one_refuses_and_the_second_is_told(world: World) -> None:
    until = timezone.localdate() + datetime.timedelta(days=7)
    extension = ReturnExtensionFactory(
        monitoring_return=world.monitoring_return, asked_by=world.cast.grantee, until=until
    )
    other = UserFactory(role=Role.PROGRAMME_MANAGER)
    refused = at_once(
        lambda: grant_extension(extension=extension, by=world.cast.programme_manager),
        lambda: refuse_extension(extension=extension, by=other, note="Too late."),
    )
    assert len(refused) == 1
    assert "has decided about this request already" in refused[0]
    decided = AuditEvent.objects.filter(action__in=["extension granted", "extension refused"])
    assert decided.count() == 1
    world.monitoring_return.refresh_from_db()
    granted = ReturnExtension.objects.get().status == "granted"
    assert (world.monitoring_return.due_on == until) is granted


def test_a_double_click_that_arrives_at_once_gives_one_week(world: World) -> None:
    def give() -> None:
        give_extension(monitoring_return=world.monitoring_return, by=world.cast.programme_manager, reason="Ill.")

    assert at_once(give, give) == []
    assert ReturnExtension.objects.count() == 1


def test_two_plans_at_once_make_each_return_once() -> None:
    grant: Commitment = CommitmentFactory()
    assert at_once(*[lambda: plan_returns(commitment=grant, by=None)] * 2) == []
    assert grant.returns.count() == 4
