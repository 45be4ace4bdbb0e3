"""Keeping what the rules find, and what somebody decided about it."""

from __future__ import annotations

import datetime
from collections import Counter

from django.db import transaction

from evaluation.models import DataIssue
from evaluation.rules import Found, find_issues
from vru.accounts.models import AuditEvent, User
from vru.lib.periods import FinancialYear
from vru.lib.words import clipped

Status = DataIssue.Status
_SAID = ("stated", "computed")


class IssueError(ValueError):
    """A decision about an issue that cannot be taken. The message says why."""


def refresh_issues(
    *, year: FinancialYear, layer: str, by: User | None = None, as_at: datetime.date | None = None
) -> dict[str, int]:
    """Run the rules and store what they find, by fingerprint: {"found", "new", "reopened", "gone"}.

    A decision survives for as long as the numbers it was taken on: an accepted issue whose numbers change is open
    again. What is no longer found is gone, and open again if it comes back. Raises ScopeError for an unknown layer.
    """
    found = {
        each.fingerprint(year=year.start, layer=layer): each
        for each in find_issues(year=year, layer=layer, as_at=as_at)
    }
    with transaction.atomic():
        return _store(found, year=year.start, layer=layer, by=by)


@transaction.atomic
def accept_issue(*, issue: DataIssue, note: str, by: User) -> DataIssue:
    """Accept a difference, saying why. Raises IssueError without a reason or when the issue is no longer found."""
    locked = DataIssue.objects.select_for_update().get(pk=issue.pk)
    if not note.strip():
        raise IssueError("Say why the difference is accepted.")
    if locked.status == Status.GONE:
        raise IssueError("This issue is no longer found, so there is nothing to accept.")
    return _decide(locked, Status.ACCEPTED, note.strip(), by)


@transaction.atomic
def reopen_issue(*, issue: DataIssue, reason: str, by: User) -> DataIssue:
    """Take back an acceptance, saying why. Raises IssueError when the issue was not accepted or no reason is given."""
    locked = DataIssue.objects.select_for_update().get(pk=issue.pk)
    if locked.status != Status.ACCEPTED:
        raise IssueError("Only an accepted issue can be opened again.")
    if not reason.strip():
        raise IssueError("Say why the issue is opened again.")
    return _decide(locked, Status.OPEN, locked.note, by, reason=reason.strip())


def _decide(issue: DataIssue, status: str, note: str, by: User | None, *, reason: str = "") -> DataIssue:
    before, issue.status, issue.note = issue.status, status, note
    issue.save(update_fields=["status", "note"])
    AuditEvent.record(f"issue.{status}", issue, by=by, reason=reason or note, before=before)
    return issue


def _store(found: dict[str, Found], *, year: int, layer: str, by: User | None) -> dict[str, int]:
    known = {
        issue.fingerprint: issue
        for issue in DataIssue.objects.select_for_update().filter(year=year, layer=layer).order_by("pk")
    }
    counts: Counter[str] = Counter(found=len(found), new=0, reopened=0, gone=0)
    for fingerprint, each in found.items():
        issue = known.get(fingerprint)
        if issue is None:
            DataIssue.objects.create(fingerprint=fingerprint, year=year, layer=layer, **_fields(each))
            counts["new"] += 1
        else:
            counts["reopened"] += _update(issue, _fields(each), by)
    for fingerprint, issue in known.items():
        if fingerprint not in found and issue.status != Status.GONE:
            _decide(issue, Status.GONE, issue.note, by)
            counts["gone"] += 1
    return dict(counts)


def _update(issue: DataIssue, fields: dict[str, object], by: User | None) -> bool:
    """Bring a known issue up to date; whether it was opened again."""
    is_changed = any(getattr(issue, name) != fields[name] for name in _SAID)
    opens = issue.status == Status.GONE or (issue.status == Status.ACCEPTED and is_changed)
    changed = [name for name, value in fields.items() if getattr(issue, name) != value]
    for name in changed:
        setattr(issue, name, fields[name])
    if changed:
        issue.save(update_fields=changed)
    if opens:
        came_back = issue.status == Status.GONE
        reason = "Found again." if came_back else "The numbers changed after the difference was accepted."
        _decide(issue, Status.OPEN, issue.note, by, reason=reason)
    return opens


def _fields(found: Found) -> dict[str, object]:
    return {
        "rule": found.rule,
        "severity": found.severity,
        "where": clipped(found.where, 400),
        "stated": clipped(found.stated, 200),
        "computed": clipped(found.computed, 200),
        "difference": clipped(found.difference, 200),
        "explanation": found.explanation,
        "sources": list(found.sources),
    }
