"""A reviewer's own notes on a figure or a section. Staff see them, the grantee does not."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from grants.actions.drafts import lock_return
from grants.actions.review import check_reviewer
from grants.actions.texts import check_text
from grants.errors import ActionRefused
from grants.models import ReviewNote, Revision, Section
from vru.accounts.models import AuditEvent, User

LONGEST_NOTE = 4000


@transaction.atomic
def write_note(*, revision: Revision, section: Section, field: str, text: str, by: User) -> ReviewNote:
    """A comment kept beside the figure. The same words twice (a double click) are one note."""
    item = lock_return(revision.monitoring_return)
    check_reviewer(by, revision)
    text = text.strip()
    if not text:
        raise ActionRefused("Write the note.")
    check_text(text, "The note", LONGEST_NOTE)
    if section not in item.sections:
        raise ActionRefused(f"This grant does not answer section {section}.")
    note, made = ReviewNote.objects.get_or_create(
        revision=revision,
        section=section,
        field=field,
        text=text,
        written_by=by,
        defaults={"written_at": timezone.now()},
    )
    if made:
        AuditEvent.record("review note written", item, by=by, section=section, field=field, revision=revision.number)
    return note
