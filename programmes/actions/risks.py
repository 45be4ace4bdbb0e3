"""A programme's risks: raised, looked at again, and closed with the reason."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from programmes.actions.checks import LONGEST_REASON, check_editor, cleaned
from programmes.errors import ProgrammeRefused
from programmes.models import Programme, ProgrammeRisk
from vru.accounts.models import AuditEvent, User
from vru.lib.layers import Layer


@dataclass(frozen=True, slots=True)
class RiskDetails:
    """Likelihood and impact are whole numbers from 1 to 5; the score is their product."""

    title: str
    owner: User
    likelihood: int
    impact: int
    response: ProgrammeRisk.Response
    review_on: datetime.date
    description: str = ""
    response_text: str = ""


@transaction.atomic
def raise_risk(*, programme: Programme, details: RiskDetails, by: User, today: datetime.date) -> ProgrammeRisk:
    locked = _locked(programme, by)
    if details.review_on < today:
        raise ProgrammeRefused("The review date has passed. Choose a day to come.")
    risk = ProgrammeRisk.objects.create(programme=locked, **_checked(details))
    AuditEvent.record("risk raised", locked, by=by, risk=risk.title, score=risk.score)
    return risk


@transaction.atomic
def review_risk(*, risk: ProgrammeRisk, details: RiskDetails, by: User, today: datetime.date) -> ProgrammeRisk:
    """Write down how the risk stands now, and when it is looked at again."""
    locked = _locked(risk.programme, by)
    current = ProgrammeRisk.objects.get(pk=risk.pk)
    _check_open(current)
    if details.review_on < today:
        raise ProgrammeRefused("Say when the risk is looked at again: that day has passed.")
    was = current.score
    for name, value in _checked(details).items():
        setattr(current, name, value)
    current.save()
    AuditEvent.record("risk reviewed", locked, by=by, risk=current.title, before=was, after=current.score)
    return current


@transaction.atomic
def close_risk(*, risk: ProgrammeRisk, reason: str, by: User) -> ProgrammeRisk:
    locked = _locked(risk.programme, by)
    current = ProgrammeRisk.objects.get(pk=risk.pk)
    _check_open(current)
    why = cleaned(reason, "The reason", longest=LONGEST_REASON)
    if not why:
        raise ProgrammeRefused("Say why the risk is closed.")
    current.closed_at, current.closed_by, current.closed_because = timezone.now(), by, why
    current.save(update_fields=["closed_at", "closed_by", "closed_because"])
    AuditEvent.record("risk closed", locked, by=by, reason=why, risk=current.title)
    return current


def _locked(programme: Programme, by: User) -> Programme:
    """Risks outlive the work: those of a programme that has ended are still reviewed and closed."""
    check_editor(by)
    locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if locked.layer == Layer.PUBLISHED:
        raise ProgrammeRefused("This programme was read from published documents and keeps no risks.")
    return locked


def _check_open(risk: ProgrammeRisk) -> None:
    if risk.closed_at is not None:
        raise ProgrammeRefused("The risk is closed. Raise it again if it has come back.")


def _checked(details: RiskDetails) -> dict[str, object]:
    if not (1 <= details.likelihood <= 5 and 1 <= details.impact <= 5):
        raise ProgrammeRefused("Likelihood and impact are whole numbers from 1 to 5.")
    if not details.owner.is_staff_member:
        raise ProgrammeRefused("A risk's owner is one of the unit's staff.")
    return {
        "title": cleaned(details.title, "The risk", longest=200, required=True),
        "description": cleaned(details.description, "The description"),
        "owner": details.owner,
        "likelihood": details.likelihood,
        "impact": details.impact,
        "response": details.response,
        "response_text": cleaned(details.response_text, "What is done about it"),
        "review_on": details.review_on,
    }
