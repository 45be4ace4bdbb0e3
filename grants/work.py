"""The work that returns make for a programme manager, each kind defined once for the *Today* page and for the list."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, Sum, TextChoices

from grants.models import FundingSplit, MonitoringReturn, ReturnExtension, ReturnQuery, Revision, SpendLine
from grants.models.commitment import AWARDED_STATUSES, Commitment
from grants.models.monitoring_return import RECEIVED, WITH_GRANTEE, MonitoringReturnQuerySet

Status = MonitoringReturn.Status


class Work(TextChoices):
    REVIEW = "review", "To review"
    ANSWERED = "answered", "Queried and answered"
    WAITING = "waiting", "Waiting for an answer"
    OVERDUE = "overdue", "Overdue"
    ANOMALY = "anomaly", "Anomalies"
    UNDERSPEND = "underspend", "Forecast underspends"
    EXTENSION = "extension", "More time asked for"
    CLOSING = "closing", "About to close"
    SIGNATURE = "signature", "Waiting for a signature"


NOTES = {
    Work.REVIEW: "Complete and waiting for a decision.",
    Work.ANSWERED: "Every question is answered, but the return has not been sent again.",
    Work.WAITING: "You asked; the grantee has not answered everything.",
    Work.OVERDUE: "Not sent, and past the day they were due.",
    Work.ANOMALY: "Sent in, with something that only the unit can see is unusual.",
    Work.UNDERSPEND: "What was spent and what is still expected fall short of the year's award.",
    Work.EXTENSION: "Grant or refuse each.",
    Work.CLOSING: f"Not sent, and the quarter closes within {settings.RETURN_CLOSING_DAYS} days.",
    Work.SIGNATURE: "Sent in, and of no effect until a second person of the grantee signs.",
}


def _unanswered() -> Exists:
    open_queries = ReturnQuery.objects.filter(
        revision__monitoring_return=OuterRef("pk"), revision__superseded_at__isnull=True, answered_at__isnull=True
    )
    return Exists(open_queries)


def conditions(today: datetime.date) -> dict[Work, Q]:
    """The kinds that a return's own row decides; for a queryset ``with_pending()``."""
    unsigned = Q(commitment__needs_signatory=True, commitment__sole_officer_waiver="", pending__signed_at=None) & ~Q(
        pending__channel=Revision.Channel.UNIT
    )
    return {
        Work.REVIEW: Q(status=Status.SUBMITTED) & ~unsigned,
        Work.SIGNATURE: Q(status=Status.SUBMITTED) & unsigned,
        Work.ANSWERED: Q(status=Status.QUERIED) & ~Q(_unanswered()),
        Work.WAITING: Q(status=Status.QUERIED) & Q(_unanswered()),
        Work.OVERDUE: Q(status__in=[status for status in WITH_GRANTEE if status != Status.QUERIED], due_on__lt=today),
    }


def with_work(returns: MonitoringReturnQuerySet, today: datetime.date) -> MonitoringReturnQuerySet:
    """Returns with a boolean for each kind of work: ``is_review``, ``is_answered`` …"""
    flags = {
        f"is_{work.value}": ExpressionWrapper(condition, output_field=BooleanField())
        for work, condition in conditions(today).items()
    }
    return returns.with_pending().annotate(**flags)


def needing(returns: MonitoringReturnQuerySet, work: Work, today: datetime.date) -> MonitoringReturnQuerySet:
    """The returns that make one kind of work."""
    own = conditions(today)
    if work in own:
        return returns.with_pending().filter(own[work])
    if work is Work.CLOSING:
        return returns.closing_within(today, settings.RETURN_CLOSING_DAYS)
    if work is Work.EXTENSION:
        return returns.filter(Exists(ReturnExtension.objects.waiting().filter(monitoring_return=OuterRef("pk"))))
    if work is Work.ANOMALY:
        sent = returns.with_pending().annotate(sent_warnings=F("pending__warnings")).filter(status=Status.SUBMITTED)
        rows = sent.order_by().values_list("pk", "sent_warnings")
        return returns.filter(pk__in=[key for key, warnings in rows if anomalies(warnings)])
    return returns.filter(pk__in=[row.return_id for row in underspends(returns)])


def anomalies(warnings: list[dict[str, object]] | None) -> list[str]:
    """What the stored warnings say to staff only."""
    return [str(row["message"]) for row in warnings or [] if row.get("staff_only")]


@dataclass(frozen=True, slots=True)
class Underspend:
    """What a grant expects to leave unspent of the year's award, from its latest return."""

    return_id: int
    short_pence: int
    award_pence: int


def underspends(returns: MonitoringReturnQuerySet) -> list[Underspend]:
    """Largest first, for the latest year that these returns report on. Three queries.

    A grant's word is that of its latest return of the year: spend of the year so far and the forecast from there. Both
    are measured against the year's splits, so that an eighteen-month award is not one year's; without splits, against
    the award.
    """
    received = returns.filter(
        status__in=RECEIVED, commitment__status__in=AWARDED_STATUSES, commitment__kind=Commitment.Kind.GRANT
    ).exclude(commitment__status__in=[Commitment.Status.RECONCILED, Commitment.Status.TERMINATED])
    year = received.order_by("-quarter__year").values_list("quarter__year", flat=True).first()
    if year is None:
        return []
    lines = (
        SpendLine.objects.filter(
            revision__superseded_at__isnull=True,
            revision__monitoring_return__in=received.filter(quarter__year=year).order_by().values("pk"),
        )
        .order_by()
        .values_list(
            "revision__monitoring_return__commitment",
            "revision__monitoring_return__quarter__number",
            "revision__number",
            "revision__monitoring_return",
            "revision__monitoring_return__commitment__award_pence",
        )
        .annotate(actual=Sum("actual_pence"), forecast=Sum("forecast_pence"))
    )
    splits = FundingSplit.objects.filter(year=year, commitment__in=received.order_by().values("commitment"))
    awards = dict(
        splits.order_by().values("commitment").annotate(total=Sum("amount_pence")).values_list("commitment", "total")
    )
    return sorted(_short(lines, awards), key=lambda row: (-row.short_pence, row.return_id))


def _short(lines: Iterable[tuple[int, ...]], awards: dict[int, int]) -> Iterable[Underspend]:
    """Of an approved version and its correction, both live, the later one is the grantee's word."""
    latest: dict[tuple[int, int], tuple[int, ...]] = {}
    for grant, quarter, number, *rest in lines:
        if number >= latest.get((grant, quarter), (0,))[0]:
            latest[grant, quarter] = (number, *rest)
    by_grant: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
    for (grant, quarter), row in latest.items():
        by_grant.setdefault(grant, []).append((quarter, row))
    percent = settings.RETURN_THRESHOLDS["underspend_percent"]
    for grant, rows in by_grant.items():
        _, (_, return_id, whole_award, _, forecast) = max(rows)
        award = awards.get(grant, whole_award)
        short = award - sum(actual for _, (_, _, _, actual, _) in rows) - (forecast or 0)
        if short * 100 > percent * award:
            yield Underspend(return_id, short, award)


def reviewing_order(returns: MonitoringReturnQuerySet) -> MonitoringReturnQuerySet:
    """The order in which a manager goes through them: the longest waiting first."""
    return returns.order_by(F("due_on"), "commitment__ref", "pk")
