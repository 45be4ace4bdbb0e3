"""Setting up a programme, changing what it says about itself, and moving it along its life."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from programmes.actions.checks import LONGEST_REASON, check_editor, cleaned, edit_refusal, locked_for_editing
from programmes.errors import ProgrammeRefused
from programmes.models import PROGRAMME_STATES, Decision, Programme, SourceDocument, Theme
from vru.accounts.models import AuditEvent, User
from vru.lib.layers import Layer

NEEDS_A_REASON = frozenset({Programme.Status.PAUSED, Programme.Status.CANCELLED, Programme.Status.CLOSED})
OLDEST = 120
# A reference is part of addresses; the pages beside it ("add") have no digit, so the two never meet.
REFERENCE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9._-]{1,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Basics:
    """What is asked when a programme is set up. Dates are both or one or none; a project names its programme."""

    title: str
    summary: str = ""
    parent: Programme | None = None
    theme: Theme | None = None
    decision: Decision | None = None
    manager: User | None = None
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom the programme is for, and the need that it answers with where that is shown."""

    target_group: str = ""
    youngest_age: int | None = None
    oldest_age: int | None = None
    need: str = ""
    need_source: SourceDocument | None = None
    need_place: str = ""


@transaction.atomic
def create_programme(*, ref: str, layer: str, basics: Basics, by: User) -> Programme:
    """A new programme, in draft. Raises ``ProgrammeRefused`` with a sentence for what cannot be kept."""
    check_editor(by)
    if layer == Layer.PUBLISHED:
        raise ProgrammeRefused("Published programmes are read from documents and are not added here.")
    programme = Programme(
        ref=free_reference(ref), layer=layer, status=Programme.Status.DRAFT, level=Programme.Level.MULTI_BOROUGH
    )
    _apply(programme, _checked_basics(programme, basics))
    programme.save()
    AuditEvent.record("programme added", programme, by=by)
    return programme


@transaction.atomic
def edit_programme(*, programme: Programme, basics: Basics, by: User) -> Programme:
    """Change title, summary, dates, theme, decision, manager or the programme that a project belongs to."""
    locked = locked_for_editing(programme, by)
    return _changed(locked, _checked_basics(locked, basics), "programme edited", by)


@transaction.atomic
def set_audience(*, programme: Programme, audience: Audience, by: User) -> Programme:
    """Say whom the programme is for and which need it answers; a citation names a document and a place in it."""
    locked = locked_for_editing(programme, by)
    ages = [age for age in (audience.youngest_age, audience.oldest_age) if age is not None]
    if any(age < 0 or age > OLDEST for age in ages):
        raise ProgrammeRefused(f"Ages are whole numbers from 0 to {OLDEST}.")
    if len(ages) == 2 and ages[0] > ages[1]:
        raise ProgrammeRefused("The oldest age is below the youngest. Change one of them.")
    if audience.need_source is not None and not audience.need.strip():
        raise ProgrammeRefused("Say which need the document shows.")
    if audience.need_place.strip() and audience.need_source is None:
        raise ProgrammeRefused("Choose the document that the place is in.")
    values = {
        **_fields(audience),
        "target_group": cleaned(audience.target_group, "The target group"),
        "need": cleaned(audience.need, "The need"),
        "need_place": cleaned(audience.need_place, "The place in the document", longest=200),
    }
    return _changed(locked, values, "programme's people and need set", by)


@transaction.atomic
def change_status(*, programme: Programme, to: Programme.Status, by: User, reason: str = "") -> Programme:
    """Move a programme along its state table and say who did it and why.

    Raises ``TransitionRefused`` for a step the table does not have; ``ProgrammeRefused`` for a person who may not, for
    pausing, cancelling or closing without a reason, for approving one without a main objective, and for ending one
    whose projects go on. Whether its grants have ended is checked by whoever knows grants.
    """
    check_editor(by)
    locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    PROGRAMME_STATES.check(Programme.Status(locked.status), to)
    why = cleaned(reason, "The reason", longest=LONGEST_REASON)
    if to in NEEDS_A_REASON and not why:
        raise ProgrammeRefused(f"Say why the programme is {to.label.lower()}.")
    if to == Programme.Status.APPROVED and locked.primary_objective_id is None:
        raise ProgrammeRefused("Choose the programme's main objective first: totals by objective use it.")
    if to in (Programme.Status.CLOSED, Programme.Status.CANCELLED):
        going_on = locked.projects.exclude(status__in=[Programme.Status.CLOSED, Programme.Status.CANCELLED]).first()
        if going_on is not None:
            raise ProgrammeRefused(f"End its projects first: “{going_on}” is {going_on.get_status_display().lower()}.")
    was, locked.status = locked.status, to
    locked.save(update_fields=["status"])
    AuditEvent.record(f"programme {to.label.lower()}", locked, by=by, reason=why, before=was, after=to.value)
    return locked


def free_reference(typed: str) -> str:
    """The reference of a new programme. Raises ``ProgrammeRefused`` when it is taken or of another shape."""
    ref = typed.strip()
    if REFERENCE.fullmatch(ref) is None:
        raise ProgrammeRefused("A reference has letters and a number without spaces, for example YW-2021.")
    # Any case: two references that differ only so would be taken for each other on the telephone.
    if Programme.objects.filter(ref__iexact=ref).exists():
        raise ProgrammeRefused(f"Another programme has the reference {ref}. Choose another one.")
    return ref


def _checked_basics(programme: Programme, basics: Basics) -> dict[str, Any]:
    if basics.starts_on and basics.ends_on and basics.ends_on < basics.starts_on:
        raise ProgrammeRefused("The programme ends before it starts. Change one of the dates.")
    parent = basics.parent
    if parent is not None:
        if parent.pk == programme.pk or parent.parent_id is not None:
            raise ProgrammeRefused("A project belongs to a programme, not to another project or to itself.")
        if programme.pk is not None and programme.projects.exists():
            raise ProgrammeRefused("This programme has projects of its own, so it cannot become a project.")
        if parent.layer != programme.layer:
            raise ProgrammeRefused("A project and its programme belong to the same layer.")
        refusal = "" if parent.pk == programme.parent_id else edit_refusal(parent)
        if refusal:
            raise ProgrammeRefused(f"“{parent}” takes no new project. {refusal}")
    if basics.decision is not None and basics.decision.layer != programme.layer:
        raise ProgrammeRefused("The decision belongs to another layer than the programme.")
    if basics.manager is not None and not basics.manager.is_staff_member:
        raise ProgrammeRefused("A programme's manager is one of the unit's staff.")
    return {
        **_fields(basics),
        "title": cleaned(basics.title, "The title", longest=300, required=True),
        "summary": cleaned(basics.summary, "The summary"),
    }


def _fields(values: Basics | Audience) -> dict[str, Any]:
    return {name: getattr(values, name) for name in values.__dataclass_fields__}


def _apply(programme: Programme, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(programme, name, value)


def _changed(programme: Programme, values: dict[str, Any], action: str, by: User) -> Programme:
    """Save what differs, and keep what it was; nothing is recorded when nothing changed."""
    before = {name: _plain(getattr(programme, name)) for name in values}
    after = {name: _plain(value) for name, value in values.items()}
    changed = [name for name in values if before[name] != after[name]]
    if not changed:
        return programme
    _apply(programme, values)
    programme.save(update_fields=changed)
    AuditEvent.record(
        action,
        programme,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return programme


def _plain(value: Any) -> Any:
    """A value as JSON keeps it: a row by its name, a day as ISO text."""
    if isinstance(value, models.Model):
        return str(value)
    return value.isoformat() if isinstance(value, datetime.date) else value
