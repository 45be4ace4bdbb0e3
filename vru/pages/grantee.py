"""A grantee's home: what is due and when, how far along, what waits for them, and whom to ask."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from grants.actions.acceptance import may_accept
from grants.actions.signing import signs_for
from grants.models import (
    AwardAgreement,
    Commitment,
    MonitoringReturn,
    Question,
    ReturnExtension,
    ReturnQuery,
    Revision,
    Section,
)
from grants.models.monitoring_return import WITH_GRANTEE, MonitoringReturnQuerySet
from vru.accounts.models import User

Status = MonitoringReturn.Status


@dataclass(frozen=True, slots=True)
class Due:
    """One return that is the grantee's to fill in: ``done`` of ``all`` sections, and what stands in the way."""

    item: MonitoringReturn
    done: int
    all: int
    overdue: bool
    days: int
    closed: bool
    more_time_asked: bool
    questions: int


def grantee_home(request: HttpRequest, user: User) -> HttpResponse:
    """Only what is open is listed; approved returns are behind their grant, so the page does not grow by the year."""
    today = timezone.localdate()
    mine = MonitoringReturn.objects.visible_to(user)
    due = _due(mine, today)
    waiting = mine.filter(status=Status.SUBMITTED).select_related("quarter", "commitment").order_by("due_on", "pk")
    unsigned = set(mine.awaiting_signature().values_list("pk", flat=True))
    to_sign = _to_sign([item for item in waiting if item.pk in unsigned], user, today)
    signing = {item.pk for item in to_sign}
    context: dict[str, Any] = {
        "due": due,
        "to_sign": to_sign,
        "offers": _offers(user),
        "unsigned": [item for item in waiting if item.pk in unsigned and item.pk not in signing],
        "with_us": [item for item in waiting if item.pk not in unsigned],
        "next_opens": mine.filter(status=Status.SCHEDULED, opens_on__gt=today)
        .select_related("quarter", "commitment")
        .order_by("opens_on", "pk")
        .first(),
        "grants": Commitment.objects.visible_to(user).select_related("organisation", "programme", "manager"),
    }
    context["layer"] = next((grant.programme.layer for grant in context["grants"]), "")
    return render(request, "home/grantee.html", context)


def _offers(user: User) -> list[tuple[AwardAgreement, bool]]:
    """Awards that wait for an answer, each with whether this person may give it."""
    offers = (
        AwardAgreement.objects.visible_to(user)
        .filter(accepted_at__isnull=True, ended_at__isnull=True)
        .select_related("commitment__organisation")
        .order_by("offered_at", "pk")
    )
    by_organisation = {offer.commitment.organisation_id: offer.commitment for offer in offers}
    may = {organisation: may_accept(user, commitment) for organisation, commitment in by_organisation.items()}
    return [(offer, may[offer.commitment.organisation_id]) for offer in offers]


def _due(mine: MonitoringReturnQuerySet, today: datetime.date) -> list[Due]:
    """The most urgent first: questions and corrections, then by the day they are due. Five queries, however many."""
    rows = (
        mine.filter(status__in=WITH_GRANTEE)
        .select_related("quarter", "commitment__organisation", "commitment__programme", "commitment__manager")
        .annotate(
            finished=Count("drafts", filter=Q(drafts__is_complete=True)),
            unfinished=Count("drafts", filter=Q(drafts__is_complete=False)),
        )
        .order_by("due_on", "commitment__ref", "pk")
    )
    asks_at_declaration = Question.objects.current().filter(section=Section.DECLARATION).exists()
    closed = set(mine.not_received(today).values_list("pk", flat=True))
    asked = set(
        ReturnExtension.objects.waiting().filter(monitoring_return__in=mine).values_list("monitoring_return", flat=True)
    )
    questions = dict(
        ReturnQuery.objects.filter(
            revision__monitoring_return__in=mine, revision__superseded_at__isnull=True, answered_at__isnull=True
        )
        .order_by()
        .values_list("revision__monitoring_return")
        .annotate(Count("pk"))
    )
    found = []
    for item in rows:
        returned = item.status in {Status.QUERIED, Status.REOPENED}
        sections = sum(section is not Section.DECLARATION or asks_at_declaration for section in item.sections)
        found.append(
            Due(
                item=item,
                # What was sent stands until somebody changes it.
                done=sections - item.unfinished if returned else min(item.finished, sections),
                all=sections,
                overdue=item.is_overdue(today) and not returned,
                days=(item.due_on - today).days,
                closed=item.pk in closed,
                more_time_asked=item.pk in asked,
                questions=questions.get(item.pk, 0),
            )
        )
    return sorted(found, key=lambda each: each.item.status not in {Status.QUERIED, Status.REOPENED})


def _to_sign(unsigned: list[MonitoringReturn], user: User, today: datetime.date) -> list[MonitoringReturn]:
    """Those this person may sign. They cannot be the one who sent it, unless that is recorded as waived."""
    sent = Revision.objects.live().filter(monitoring_return__in=unsigned, signed_at=None)
    by = dict(sent.order_by("number").values_list("monitoring_return", "submitted_by"))
    signs = {
        (organisation, sender): sender != user.pk
        and signs_for(user, organisation, today, submitted_by=sender) is not None
        for organisation, sender in {(item.commitment.organisation_id, by.get(item.pk)) for item in unsigned}
    }
    return [item for item in unsigned if signs[item.commitment.organisation_id, by.get(item.pk)]]
