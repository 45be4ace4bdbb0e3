"""A programme manager's morning: what needs them, in groups, with what can be done in one go."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from grants.models import MonitoringReturn, ReturnExtension
from grants.models.monitoring_return import MonitoringReturnQuerySet
from grants.work import NOTES, Underspend, Work, anomalies, needing, reviewing_order, underspends, with_work
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.models import User
from vru.jobs.models import Notification, Topic
from vru.lib.periods import Quarter

LONGEST_GROUP = 20
Status = MonitoringReturn.Status
# What a return can still ask of anybody: the others are done, waived, or not open yet.
IN_HAND = [Status.OPEN, Status.DRAFT, Status.SUBMITTED, Status.QUERIED, Status.REOPENED]
FIELDS = (
    "pk",
    "status",
    "due_on",
    "quarter__year",
    "quarter__number",
    "quarter__closes_on",
    "commitment__ref",
    "commitment__title",
    "commitment__organisation__name",
)
FROM_PENDING = ("pending__number", "pending__submitted_at", "pending__warnings")
# Kinds that one query over the rows in hand decides.
FLAGGED = (Work.REVIEW, Work.ANSWERED, Work.WAITING, Work.OVERDUE, Work.SIGNATURE)
Row = dict[str, Any]


def today_page(request: HttpRequest, user: User) -> HttpResponse:
    """Only their own returns unless they ask for everybody's. Eight queries of its own, whatever the numbers."""
    layer, today = chosen_layer(request), timezone.localdate()
    everybody = request.GET.get("whose") == "all"
    returns = MonitoringReturn.objects.visible_to(user).in_layer(layer)
    if not everybody:
        returns = returns.reviewed_by(user)
    found = _grouped(returns, today)
    groups = [_group(work, found[work], today, everybody=everybody) for work in Work]
    context = {
        "groups": groups,
        "nothing": not any(group["count"] for group in groups),
        "empty": ", ".join(str(group["title"]).lower() for group in groups if not group["count"]),
        "everybody": everybody,
        "layer": layer,
        "layers": layers_in_use(),
        "today": today,
    }
    return render(request, "home/today.html", context)


def _grouped(returns: MonitoringReturnQuerySet, today: datetime.date) -> dict[Work, list[Row]]:
    """Every kind of work with all its rows, as plain values: a count needs no query of its own."""
    flags = [f"is_{work.value}" for work in FLAGGED]
    rows = reviewing_order(with_work(returns.filter(status__in=IN_HAND), today))
    in_hand = list(rows.values(*FIELDS, *FROM_PENDING, *flags))
    found = {work: [row for row in in_hand if row[f"is_{work.value}"]] for work in FLAGGED}
    sent = [row for row in in_hand if row["status"] == Status.SUBMITTED]
    found[Work.ANOMALY] = [row for row in sent if anomalies(row["pending__warnings"])]
    found[Work.CLOSING] = list(reviewing_order(needing(returns, Work.CLOSING, today)).values(*FIELDS))
    found[Work.EXTENSION] = _extensions(returns)
    found[Work.UNDERSPEND] = _underspends(returns)
    return found


def _extensions(returns: MonitoringReturnQuerySet) -> list[Row]:
    asked = ReturnExtension.objects.waiting().filter(monitoring_return__in=returns.order_by().values("pk"))
    fields = [f"monitoring_return__{name}" for name in FIELDS]
    rows = asked.order_by("asked_at", "pk").values("pk", "reason", "until", "asked_by__name", *fields)
    return [
        {name.removeprefix("monitoring_return__"): value for name, value in row.items() if name != "pk"}
        | {"extension": row["pk"]}
        for row in rows
    ]


def _underspends(returns: MonitoringReturnQuerySet) -> list[Row]:
    """The rows of the grants that are shown; the rest is only counted."""
    short = underspends(returns)
    shown = {row.return_id: row for row in short[:LONGEST_GROUP]}
    values = {row["pk"]: row for row in returns.filter(pk__in=list(shown)).order_by().values(*FIELDS)}
    blank: Row = {}
    return [(values[row.return_id] | {"short": row}) if row.return_id in values else blank for row in short]


def _group(work: Work, rows: list[Row], today: datetime.date, *, everybody: bool) -> dict[str, Any]:
    shown = rows[:LONGEST_GROUP]
    reminded = _reminded(shown) if work in {Work.OVERDUE, Work.CLOSING} and shown else {}
    whose = {"whose": "all"} if everybody else {}
    chosen = urlencode({"work": work.value, **whose})
    return {
        "work": work.value,
        "title": work.label,
        "note": NOTES[work],
        "count": len(rows),
        "rows": [_shown(work, row, today, reminded) for row in shown],
        "more": len(rows) > len(shown),
        "list_href": f"{reverse('returns:list')}?{chosen}",
        "bulk": [{"text": text, "href": f"{reverse(name)}?{chosen}"} for text, name in BULK.get(work, ()) if rows],
    }


BULK = {
    Work.REVIEW: (("Approve those that have no warnings", "returns:bulk-approve"),),
    Work.OVERDUE: (("Remind them", "returns:bulk-remind"),),
}


def _reminded(rows: Iterable[Row]) -> dict[str, datetime.datetime]:
    """When each return's grantee was last reminded, by whomever, by the return's page: one query."""
    pages = [_page_of(row) for row in rows]
    told = Notification.objects.filter(topic=Topic.REMINDER, href__in=pages).order_by().values("href")
    return dict(told.annotate(last=Max("created_at")).values_list("href", "last"))


def _page_of(row: Row) -> str:
    quarter = Quarter(row["quarter__year"], row["quarter__number"])
    return reverse("returns:tasks", args=[row["commitment__ref"], quarter.key])


def _shown(work: Work, row: Row, today: datetime.date, reminded: dict[str, datetime.datetime]) -> dict[str, Any]:
    quarter = Quarter(row["quarter__year"], row["quarter__number"])
    sent = row.get("pending__submitted_at")
    warnings = row.get("pending__warnings") or []
    short: Underspend | None = row.get("short")
    return {
        "title": row["commitment__title"],
        "organisation": row["commitment__organisation__name"],
        "ref": row["commitment__ref"],
        "quarter": str(quarter),
        "key": quarter.key,
        "due_on": row["due_on"],
        "sent_at": sent,
        "is_late": sent is not None and timezone.localdate(sent) > row["due_on"],
        "warnings": len(warnings),
        "anomalies": anomalies(warnings) if work is Work.ANOMALY else [],
        "days_late": (today - row["due_on"]).days,
        "reminded_at": reminded.get(_page_of(row)) if reminded else None,
        "closes_on": row["quarter__closes_on"],
        "short": short,
        "extension": row.get("extension"),
        "until": row.get("until"),
        "reason": row.get("reason"),
        "asked_by": row.get("asked_by__name"),
    }
