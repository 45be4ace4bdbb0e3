"""A return that came in, for the tests of what the unit does with it."""

from __future__ import annotations

from typing import Any

from grants.actions import review
from grants.actions.drafts import save_section
from grants.actions.submission import submit_return
from grants.models import MonitoringReturn, Revision, Section, SectionDraft
from tests.cast import World, complete_answers
from vru.accounts.models import User


def fill_in(world: World, item: MonitoringReturn | None = None, **changes: dict[str, str]) -> None:
    item = item or world.monitoring_return
    for letter, data in {**complete_answers(world), **changes}.items():
        draft = SectionDraft.objects.filter(monitoring_return=item, section=letter).first()
        save_section(
            monitoring_return=item,
            section=Section(letter),
            data=data,
            version=draft.version if draft else 0,
            by=world.cast.grantee,
            complete=True,
        )


def send(world: World, explanations: dict[str, str] | None = None, **changes: dict[str, str]) -> Revision:
    """The cast's own return, sent by the grantee."""
    fill_in(world, **changes)
    return submit_return(
        monitoring_return=world.monitoring_return,
        by=world.cast.grantee,
        declared_name="Gia Grantee",
        explanations=explanations,
    )


def send_and_approve(world: World, by: User | None = None, **options: Any) -> Revision:
    revision = send(world)
    review.approve_return(monitoring_return=world.monitoring_return, by=by or world.cast.programme_manager, **options)
    revision.refresh_from_db()
    return revision


def status_of(item: MonitoringReturn) -> str:
    return MonitoringReturn.objects.get(pk=item.pk).status
