"""The decision register: each decision with what it authorised, and nothing changed without saying why."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from programmes.actions.checks import LONGEST_REASON, check_editor, cleaned
from programmes.errors import ProgrammeRefused
from programmes.models import Decision
from vru.accounts.models import AuditEvent, User
from vru.lib.layers import Layer

REFERENCE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9._-]{1,39}", re.ASCII)
MOST_PENCE = 10**13  # £100bn: what a wrong unit reaches, and no decision does
_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class DecisionDetails:
    """``authorised_pence`` None: the decision names no amount."""

    title: str
    decided_on: datetime.date
    decided_by: str = ""
    summary: str = ""
    url: str = ""
    authorised_pence: int | None = None


@transaction.atomic
def record_decision(*, ref: str, layer: str, details: DecisionDetails, by: User, today: datetime.date) -> Decision:
    """Enter a decision. Raises ``ProgrammeRefused`` for what cannot be kept."""
    check_editor(by)
    if layer == Layer.PUBLISHED:
        raise ProgrammeRefused("Published decisions are read from documents and are not entered here.")
    number = ref.strip()
    if REFERENCE.fullmatch(number) is None:
        raise ProgrammeRefused("A reference has letters and a number without spaces, for example DEC-2021-04.")
    if Decision.objects.filter(ref__iexact=number).exists():
        raise ProgrammeRefused(f"Another decision has the reference {number}. Choose another one.")
    decision = Decision.objects.create(ref=number, layer=layer, **_checked(details, today))
    AuditEvent.record("decision recorded", decision, by=by, authorised_pence=decision.authorised_pence)
    return decision


@transaction.atomic
def correct_decision(
    *, decision: Decision, details: DecisionDetails, by: User, reason: str, today: datetime.date
) -> Decision:
    """Put right what was entered; the reference stays. What it was before is kept with the reason."""
    check_editor(by)
    locked = Decision.objects.select_for_update().get(pk=decision.pk)
    if locked.layer == Layer.PUBLISHED:
        raise ProgrammeRefused(
            "This decision was read from published documents. It changes only when they are read again."
        )
    why = cleaned(reason, "The reason", longest=LONGEST_REASON)
    if not why:
        raise ProgrammeRefused("Say why the decision is corrected.")
    values = _checked(details, today)
    before = {name: _plain(getattr(locked, name)) for name in values}
    after = {name: _plain(value) for name, value in values.items()}
    changed = [name for name in values if before[name] != after[name]]
    if not changed:
        return locked
    for name in changed:
        setattr(locked, name, values[name])
    locked.save(update_fields=changed)
    AuditEvent.record(
        "decision corrected",
        locked,
        by=by,
        reason=why,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return locked


def _checked(details: DecisionDetails, today: datetime.date) -> dict[str, Any]:
    if details.decided_on > today:
        raise ProgrammeRefused("The decision's date is still to come. Enter it once it is made.")
    amount = details.authorised_pence
    if amount is not None and not 0 <= amount < MOST_PENCE:
        raise ProgrammeRefused("The amount authorised cannot be negative, or so large. Check the pounds and pence.")
    return {
        "title": cleaned(details.title, "The title", longest=300, required=True),
        "decided_on": details.decided_on,
        "decided_by": cleaned(details.decided_by, "Who decided", longest=200),
        "summary": cleaned(details.summary, "The summary"),
        "url": _checked_url(details.url),
        "authorised_pence": amount,
    }


def _checked_url(typed: str) -> str:
    """Only the web: a link of another kind (javascript:, file:, data:) could do harm to whoever follows it."""
    url = cleaned(typed, "The link", longest=200)
    if url:
        try:
            _web_address(url)
        except ValidationError as error:
            raise ProgrammeRefused(
                "The link must begin with http:// or https://, like https://example.org/."
            ) from error
    return url


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value
