"""Rules on approved returns: what a form would have refused, found again however it got there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from evaluation.rules.evidence import Evidence
from evaluation.rules.found import ERROR, Found
from evaluation.rules.ledger.rows import ApprovalRow
from evaluation.rules.registry import rule
from grants.models import Measure


@rule("breakdown-misses-headline", title="A breakdown misses its headline", severities=(ERROR,))
def breakdown_misses_headline(evidence: Evidence) -> Iterator[Found]:
    """The categories of a dimension in an approved return do not come to the headline of the measure."""
    for row in evidence.ledger.breakdowns:
        headline = row.headline or 0
        if row.summed == headline:
            continue
        label = Measure(row.measure).label.lower()
        apart = abs(row.summed - headline)
        yield Found(
            severity=ERROR,
            where=f"{row.where}, {label} by {row.dimension}",
            stated=f"{headline:,}" if row.headline is not None else "no total",
            computed=f"{row.summed:,}",
            difference=f"{apart:,}",
            explanation=f"By {row.dimension} the return has {row.summed:,} {label}; its headline is {headline:,}. "
            f"{apart:,} {'too many' if row.summed > headline else 'too few'}.",
            basis=(str(row.revision), row.measure, row.dimension),
        )


@rule("funnel-widens", title="More people at a later stage than at an earlier one", severities=(ERROR,))
def funnel_widens(evidence: Evidence) -> Iterator[Found]:
    """Over the year so far, more people started than were referred, or more completed than started."""
    for row in evidence.ledger.funnels:
        stages = [("referred", row.referred), ("started", row.started), ("completed", row.completed)]
        reported = [(name, number) for name, number in stages if number is not None]
        for (before, wide), (after, narrow) in pairwise(reported):
            if narrow > wide:
                yield Found(
                    severity=ERROR,
                    where=f"{row.where}, people {after}",
                    stated=f"{narrow:,} {after}",
                    computed=f"at most {wide:,} {before}",
                    difference=f"{narrow - wide:,}",
                    explanation=f"{narrow:,} people {after}, and only {wide:,} {before}, over the year so far.",
                    basis=(row.ref, after),
                )


@rule("numerator-above-denominator", title="A reading has more results than people", severities=(ERROR,))
def numerator_above_denominator(evidence: Evidence) -> Iterator[Found]:
    """The numerator of a percentage in an approved return is above its denominator."""
    for row in evidence.ledger.pairs:
        yield Found(
            severity=ERROR,
            where=f"{row.where}, {row.indicator}",
            stated=row.numerator,
            computed=f"at most {row.denominator}",
            difference="",
            explanation=f"{row.indicator}: {row.numerator} of {row.denominator} is more than all of them.",
            basis=(str(row.revision), row.indicator),
        )


@rule("approved-by-submitter", title="A return was approved by whoever submitted it", severities=(ERROR,))
def approved_by_submitter(evidence: Evidence) -> Iterator[Found]:
    """One person both submitted and approved a revision."""
    for row in evidence.ledger.approvals:
        if row.approved_by == row.submitted_by:
            yield _improper(row, "one person", "two people", "The person who submitted this return also approved it.")


@rule("signature-missing", title="A return was approved without its signature", severities=(ERROR,))
def signature_missing(evidence: Evidence) -> Iterator[Found]:
    """A grant that needs a second person's signature has an approved revision without one, or signed by its
    submitter, and no waiver for a sole officer is recorded.
    """
    for row in evidence.ledger.approvals:
        if row.needs_signatory and not row.is_sole_officer and row.signed_by in (None, row.submitted_by):
            held = "no signature" if row.signed_by is None else "signed by its submitter"
            yield _improper(
                row, held, "a second person's signature", "This grant needs the signature of a second person."
            )


@rule("approval-out-of-order", title="A return was approved before it was submitted", severities=(ERROR,))
def approval_out_of_order(evidence: Evidence) -> Iterator[Found]:
    """The approval of a revision is dated before its submission."""
    for row in evidence.ledger.approvals:
        if row.approved_at is not None and row.approved_at < row.submitted_at:
            yield _improper(
                row, f"approved {row.approved_at:%d %B %Y}", f"submitted {row.submitted_at:%d %B %Y}",
                "The approval is dated before the submission.",
            )  # fmt: skip


@rule("approved-without-revision", title="An approved return has nothing in it", severities=(ERROR,))
def approved_without_revision(evidence: Evidence) -> Iterator[Found]:
    """A return has the status approved or locked and no approved revision, so that no figure counts it."""
    for name in evidence.ledger.unapproved:
        yield Found(
            severity=ERROR,
            where=name,
            stated="approved",
            computed="no approved revision",
            difference="",
            explanation="The return is marked as approved, and none of its revisions is: it is in no figure.",
            basis=(name,),
        )


def _improper(row: ApprovalRow, stated: str, computed: str, sentence: str) -> Found:
    return Found(
        severity=ERROR,
        where=row.where,
        stated=stated,
        computed=computed,
        difference="",
        explanation=sentence,
        basis=(str(row.revision),),
    )
