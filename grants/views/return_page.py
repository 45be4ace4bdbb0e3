"""What every page of one return shares: the row, its address, who may write in it, and what was typed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from grants.actions.signing import why_not_sign
from grants.models import MonitoringReturn, Revision, Section
from grants.timetable.locks import lock_of
from grants.validation import Problem
from vru.accounts.models import Membership, User
from vru.accounts.permissions import person
from vru.lib.periods import PeriodError, Quarter


def visible_return(request: HttpRequest, ref: str, quarter: str) -> MonitoringReturn:
    """The return, if this person may see it; otherwise 404, whoever asks."""
    try:
        period = Quarter.parse(quarter)
    except PeriodError as error:
        raise Http404(str(error)) from error
    visible = MonitoringReturn.objects.visible_to(person(request)).select_related(
        "quarter", "commitment__organisation", "commitment__programme", "commitment__manager"
    )
    return get_object_or_404(visible, commitment__ref=ref, quarter__year=period.year, quarter__number=period.number)


def address(item: MonitoringReturn, name: str, *extra: str) -> str:
    return reverse(f"returns:{name}", args=[item.commitment.ref, item.quarter.key, *extra])


def number_in(request: HttpRequest, name: str) -> int:
    """A hidden field's whole number; 0 when it is missing or was tampered with."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def may_fill_in(user: Any, item: MonitoringReturn) -> bool:
    """Only the organisation's own people fill in its return; staff read and review."""
    return isinstance(user, User) and any(
        membership.organisation_id == item.commitment.organisation_id
        for membership in Membership.objects.current().filter(user=user)
    )


def return_context(item: MonitoringReturn, request: HttpRequest, title: str) -> dict[str, Any]:
    crumbs = [
        {"text": "Home", "href": reverse("home")},
        {"text": item.commitment.title, "href": reverse("grants:detail", args=[item.commitment.ref])},
        {"text": f"Return for {item.quarter}", "href": address(item, "tasks")},
    ]
    return {
        "return": item,
        "grant": item.commitment,
        "title": title,
        "crumbs": crumbs,
        "can_edit": lock_of(item, timezone.localdate()) is None and may_fill_in(person(request), item),
        "is_overdue": item.is_overdue(timezone.localdate()),
        "layer": item.commitment.programme.layer,
    }


def place_of(item: MonitoringReturn, problem: Problem) -> str:
    """The box that a finding is about; its section where there is no box; the list where neither has a page."""
    if problem.section is Section.DECLARATION and not problem.field:
        return address(item, "tasks")
    href = address(item, "section", problem.section.value)
    return f"{href}#id_{problem.field}" if problem.field else href


def may_sign(user: User, item: MonitoringReturn, revision: Revision) -> bool:
    """Whether to offer the signature; under a waiver nobody is asked, because the version is complete without."""
    revision.monitoring_return = item
    return revision.awaits_signature and not why_not_sign(revision, user, timezone.localdate())
