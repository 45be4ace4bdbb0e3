"""The records behind the figures: contradictions, and returns that were due and are not counted."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from evaluation.models import DataIssue
from evaluation.signing.evidence import Evidence
from evaluation.signing.finding import LONGEST_ABOUT, Finding, Weight, subject_of
from evaluation.signing.registry import check
from grants.models import MonitoringReturn, Revision
from vru.lib.words import clipped

SHOWN = 12
_WEIGHTS = {
    DataIssue.Severity.ERROR: Weight.BLOCKS,
    DataIssue.Severity.WARNING: Weight.EXPLAIN,
    DataIssue.Severity.NOTE: Weight.NOTE,
}


@check(
    "data-issues",
    title="Data issues are mended or accepted",
    passed="No difference between figures is left open.",
)
def data_issues(evidence: Evidence) -> Iterator[Finding]:
    """Every open difference that the rules found in the year. A contradiction stops the signature until it is mended or
    accepted with a note; a warning needs a sentence; a note is only said. Accepted ones are printed with their notes.
    """
    scope = evidence.scope
    open_ones = DataIssue.objects.filter(layer=scope.layer, year=scope.year.start, status=DataIssue.Status.OPEN)
    for issue in open_ones.gravest_first():
        difference = f", a difference of {issue.difference}" if issue.difference else ""
        yield Finding(
            _WEIGHTS[DataIssue.Severity(issue.severity)],
            subject_of(issue.fingerprint, [issue.stated, issue.computed]),
            clipped(issue.where, LONGEST_ABOUT),
            f"{issue.where}: {issue.stated} is stated, {issue.computed} follows from the counts{difference}.",
            f"{reverse('evaluation:issues')}{evidence.year_query}#issue-{issue.pk}",
            "Open the data issue",
        )


@check(
    "returns",
    title="Returns that were due are counted",
    passed="Every return that was due by the day of the edition is approved and counted.",
)
def returns(evidence: Evidence) -> Iterator[Finding]:
    """By quarter: returns due by the day of the edition, not waived, of which no version was approved by then. What
    they would have said is in no figure, so the report says why in a sentence.
    """
    for quarter, due, missing in _by_quarter(evidence):
        refs = [f"{each.commitment.ref} ({'received' if each.was_sent else 'not received'})" for each in missing]
        rest = f" and {len(refs) - SHOWN:,} more" if len(refs) > SHOWN else ""
        came = sum(each.was_sent for each in missing)
        count = f"{due - len(missing):,} of {due:,} returns due are approved"
        yield Finding(
            Weight.EXPLAIN,
            subject_of(quarter.key, sorted(each.pk for each in missing)),
            f"{quarter}, {count}",
            f"{quarter}: {count}; {came:,} of the others had come in. Not counted: {', '.join(refs[:SHOWN])}{rest}.",
            f"{reverse('returns:list')}?quarter={quarter.key}&layer={evidence.scope.layer}",
            "Open the returns",
        )


def _by_quarter(evidence: Evidence) -> Iterator[tuple]:
    """(quarter, returns due, those not counted) for each quarter in which any is missing."""
    scope = evidence.scope
    own = {"monitoring_return": OuterRef("pk")}
    counted = Exists(Revision.objects.approved_as_at(scope.moment).filter(**own))
    sent = Exists(Revision.objects.filter(**own, submitted_at__lte=scope.moment))
    due = (
        MonitoringReturn.objects.in_layer(scope.layer)
        .filter(quarter__year=scope.year.start)
        .exclude(status=MonitoringReturn.Status.WAIVED)
        .annotate(is_counted=counted, was_sent=sent)
        .filter(Q(due_on__lte=scope.as_at) | Q(was_sent=True))
        .select_related("quarter", "commitment")
        .order_by("quarter__number", "commitment__ref")
    )
    if evidence.report.subject:
        due = due.filter(commitment__programme__ref=evidence.report.subject)
    rows = list(due)
    for quarter in dict.fromkeys(each.quarter for each in rows):
        of_quarter = [each for each in rows if each.quarter == quarter]
        missing = [each for each in of_quarter if not each.is_counted]
        if missing:
            yield quarter, len(of_quarter), missing
