"""Saving what is typed: raw text, whatever it is, with a version so that two people cannot overwrite each other."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from grants.actions.texts import check_text
from grants.errors import ActionRefused, StaleDraft
from grants.messages import tell_opened
from grants.models import RETURN_STATES, MonitoringReturn, Questionnaire, Section, SectionDraft
from grants.timetable.locks import lock_of
from vru.accounts.models import AuditEvent, User
from vru.lib.autosave import is_later_save
from vru.lib.layers import Layer


def lock_return(monitoring_return: MonitoringReturn) -> MonitoringReturn:
    """The return's row, locked until the transaction ends: every action on a return starts here."""
    return (
        MonitoringReturn.objects.select_for_update(of=("self",))
        .select_related("commitment", "quarter")
        .get(pk=monitoring_return.pk)
    )


def move(item: MonitoringReturn, to: MonitoringReturn.Status, **fields: str) -> None:
    """Change the status along the table, with the fields that explain it."""
    RETURN_STATES.check(MonitoringReturn.Status(item.status), to)
    item.status = to
    for name, value in fields.items():
        setattr(item, name, value)
    item.save(update_fields=["status", *fields])


@transaction.atomic
def open_due_returns(*, today: datetime.date, by: User | None = None) -> int:
    """Open every scheduled return whose day has come, and tell the grantees. Returns how many; a second run opens none.

    Only the unit's own records move with the calendar: the demonstration's invented year stands still.
    """
    due = (
        MonitoringReturn.objects.in_layer(Layer.RECORDED)
        .select_for_update(of=("self",))
        .select_related("commitment__organisation", "commitment__programme", "quarter")
        .filter(status=MonitoringReturn.Status.SCHEDULED, opens_on__lte=today)
    )
    questionnaire = Questionnaire.objects.current()
    opened = 0
    for item in due:
        item.questionnaire = questionnaire
        item.save(update_fields=["questionnaire"])
        move(item, MonitoringReturn.Status.OPEN)
        AuditEvent.record("return opened", item, by=by)
        tell_opened(item)
        opened += 1
    return opened


@transaction.atomic
def save_section(
    *,
    monitoring_return: MonitoringReturn,
    section: Section,
    data: Mapping[str, str],
    version: int,
    by: User | None,
    complete: bool,
    page: str = "",
) -> SectionDraft:
    """Save a section as typed. ``version`` is the version the person was editing (0: none yet); ``by`` is None for the
    system itself.

    ``page`` names the open page and counts its saves ("k3f9:4"): when the answer to a save is lost on the way, the
    next save of the same page is no conflict with it, while one of another page is. Raises ``StaleDraft`` with the
    saved text when somebody saved since, ``ActionRefused`` when the return is closed.
    """
    item = lock_return(monitoring_return)
    lock = lock_of(item, timezone.localdate())
    if lock is not None:
        raise ActionRefused(f"{lock.reason} {lock.next_step}")
    if section not in item.sections:
        raise ActionRefused(f"This grant does not answer section {section}.")
    for name, text in data.items():
        check_text(text, f"The text in “{name}”")
    draft = SectionDraft.objects.select_related("saved_by").filter(monitoring_return=item, section=section).first()
    current = draft.version if draft else 0
    if draft and dict(data) == draft.data and complete == draft.is_complete:
        return draft  # A double click or a reload: nothing to save, so nothing to refuse.
    if draft and current != version and dict(data) != draft.data and not is_later_save(page, draft.saved_from):
        raise StaleDraft(draft)
    draft = draft or SectionDraft(monitoring_return=item, section=section, version=0)
    draft.data, draft.is_complete = dict(data), complete
    draft.version, draft.saved_by, draft.saved_at = current + 1, by, timezone.now()
    draft.saved_from = page
    draft.save()
    _begin(item)
    return draft


def _begin(item: MonitoringReturn) -> None:
    """From the first word on a return is a draft, and keeps the edition of the questions it was answered in."""
    if item.questionnaire_id is None:
        item.questionnaire = Questionnaire.objects.current()
        item.save(update_fields=["questionnaire"])
    if item.status == MonitoringReturn.Status.OPEN:
        move(item, MonitoringReturn.Status.DRAFT)


@transaction.atomic
def save_sections(
    *,
    monitoring_return: MonitoringReturn,
    sections: Mapping[Section, Mapping[str, str]],
    versions: Mapping[Section, int],
    by: User | None,
) -> list[SectionDraft]:
    """Save several sections, all or none: what a workbook or a grantee's own system hands in.

    ``versions`` are those the sender started from; a section it leaves out counts as never seen. Raises as
    ``save_section``.
    """
    return [
        save_section(
            monitoring_return=monitoring_return,
            section=section,
            data=data,
            version=versions.get(section, 0),
            by=by,
            complete=False,
        )
        for section, data in sections.items()
    ]
