"""Everything that happened to a programme, newest first: its own record, its decisions, and its awards."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from heapq import merge
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from grants.models import Commitment
from grants.money.programme_totals import commitments_of
from programmes.models import Decision, Programme
from programmes.views.programme_page import page_context, visible_programme
from vru.accounts.models import AuditEvent
from vru.accounts.permissions import can_read_everything, require
from vru.lib.money import Money
from vru.lib.periods import LONDON

PAGE_SIZE = 30
# What of an event's details a reader of the timeline wants to see: its subject in words.
NAMED = ("risk", "title", "ward", "indicator", "copied_from")
Entry = dict[str, Any]


class Timeline(Sequence[Entry]):
    """Three sources merged by time. A slice reads no more of each source than the slice can hold."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.commitments = commitments_of(programme)
        self.events = _events(programme, self.commitments)
        self.decisions = _decisions(programme, self.commitments)
        self.awards = self.commitments.awarded().filter(awarded_on__isnull=False).order_by("-awarded_on", "-pk")

    def __len__(self) -> int:
        return self.events.count() + self.decisions.count() + self.awards.count()

    def __getitem__(self, chosen: Any) -> Any:
        if not isinstance(chosen, slice):
            return self[chosen : chosen + 1][0]
        start, stop = chosen.start or 0, chosen.stop
        events, decisions = list(self.events[:stop]), list(self.decisions[:stop])
        awards = list(self.awards.select_related("organisation")[:stop])
        titles = self._titles(events)
        sources: list[Iterable[Entry]] = [
            [_of_event(event, titles) for event in events],
            [_of_decision(decision) for decision in decisions],
            [_of_award(award) for award in awards],
        ]
        merged = merge(*sources, key=lambda entry: entry["sort"], reverse=True)
        return list(islice(merged, start, stop))

    def _titles(self, events: list[AuditEvent]) -> dict[str, str]:
        """Addresses of the awards that events are about, by key."""
        label = Commitment._meta.label_lower
        keys = {event.subject_id for event in events if event.subject_type == label}
        found = self.commitments.filter(pk__in=keys).values_list("pk", "ref")
        return {str(pk): reverse("grants:detail", args=[ref]) for pk, ref in found}


def _events(programme: Programme, commitments: QuerySet[Commitment]) -> QuerySet[AuditEvent]:
    def keys(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by().annotate(key=Cast("pk", CharField())).values("key")

    about = Q(subject_type=Programme._meta.label_lower, subject_id=str(programme.pk))
    about |= Q(subject_type=Commitment._meta.label_lower, subject_id__in=keys(commitments))
    about |= Q(subject_type=Decision._meta.label_lower, subject_id__in=keys(_decisions(programme, commitments)))
    return AuditEvent.objects.filter(about).select_related("actor").order_by("-at", "-pk")


def _decisions(programme: Programme, commitments: QuerySet[Commitment]) -> QuerySet[Decision]:
    """The programme's own decision and those of its projects and awards."""
    own = Q(pk=programme.decision_id) | Q(programmes__parent=programme)
    awards = Q(pk__in=commitments.filter(decision__isnull=False).order_by().values("decision"))
    return Decision.objects.filter(own | awards).distinct().order_by("-decided_on", "-pk")


def _of_event(event: AuditEvent, addresses: dict[str, str]) -> Entry:
    about = next((str(event.details[name]) for name in NAMED if event.details.get(name)), "")
    if event.subject_type != Programme._meta.label_lower:
        about = event.subject_label
    return {
        "sort": (event.at, 0, event.pk),
        "at": event.at,
        "title": f"{event.action[:1].upper()}{event.action[1:]}{f': {about}' if about else ''}",
        "by": event.actor.name if event.actor is not None else "",
        "text": event.reason,
        "href": addresses.get(event.subject_id, "") if event.subject_type == Commitment._meta.label_lower else "",
    }


def _of_decision(decision: Decision) -> Entry:
    amount = f"Authorised {Money(decision.authorised_pence)}." if decision.authorised_pence is not None else ""
    return {
        "sort": (_start_of(decision.decided_on), 1, decision.pk),
        "at": decision.decided_on,
        "title": f"Decided: {decision.title}",
        "by": decision.decided_by,
        "text": amount,
        "href": reverse("decisions:detail", args=[decision.ref]),
    }


def _of_award(award: Commitment) -> Entry:
    day = award.awarded_on or award.starts_on
    return {
        "sort": (_start_of(day), 2, award.pk),
        "at": day,
        "title": f"Awarded {award.award} to {award.organisation}",
        "by": "",
        "text": award.title,
        "href": reverse("grants:detail", args=[award.ref]),
    }


def _start_of(day: datetime.date) -> datetime.datetime:
    """Something dated by day alone comes before what has an hour that day."""
    return datetime.datetime.combine(day, datetime.time(), tzinfo=LONDON)


@require(can_read_everything)
@require_safe
def programme_history(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    page = Paginator(Timeline(programme), PAGE_SIZE).get_page(request.GET.get("page"))
    context = page_context(request, programme, "programme:history", page_obj=page)
    return render(request, "grants/programme_history.html", context)
