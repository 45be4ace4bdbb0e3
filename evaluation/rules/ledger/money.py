"""Rules on money in the unit's own records: what an award divides into must come to it, to the penny."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evaluation.rules.evidence import Evidence
from evaluation.rules.found import ERROR, WARNING, Found
from evaluation.rules.ledger.rows import AwardRow
from evaluation.rules.registry import rule
from evaluation.rules.wording import pence


@rule("splits-miss-award", title="Funding splits miss the award", severities=(ERROR,))
def splits_miss_award(evidence: Evidence) -> Iterator[Found]:
    """The funding splits of a commitment, over all sources and years, do not come to its award."""
    return _missing(evidence, lambda row: row.splits or 0, "funding splits", ERROR)


@rule("shares-miss-award", title="Area shares miss the award", severities=(ERROR,))
def shares_miss_award(evidence: Evidence) -> Iterator[Found]:
    """The area shares of a commitment do not come to its award. One without any share is not apportioned, and left."""
    return _missing(evidence, lambda row: row.shares, "area shares", ERROR)


@rule("profile-misses-award", title="The profile misses the award", severities=(WARNING,))
def profile_misses_award(evidence: Evidence) -> Iterator[Found]:
    """The planned spend by quarter of a commitment does not come to its funding splits of the same year.

    A commitment without a profile for the year is left.
    """
    for row in evidence.ledger.awards:
        planned, promised = row.profile_of_year, row.splits_of_year
        if planned is None or promised is None or planned == promised:
            continue
        apart = abs(planned - promised)
        yield _about_award(
            row, WARNING, f"{pence(planned)} profiled", f"{pence(promised)} promised for the year", apart,
            f"The quarters of {evidence.year} are profiled at {pence(planned)}; the year's part of the award is "
            f"{pence(promised)}, {pence(apart)} {'more' if promised > planned else 'less'}.",
        )  # fmt: skip


@rule("variation-not-applied", title="The award is not what was last approved", severities=(ERROR,))
def variation_not_applied(evidence: Evidence) -> Iterator[Found]:
    """The award of a commitment differs from the amount of its last approved variation."""
    return _missing(evidence, lambda row: row.varied_to, "last approved variation", ERROR)


@rule("paid-above-award", title="More was paid than awarded", severities=(ERROR,))
def paid_above_award(evidence: Evidence) -> Iterator[Found]:
    """Payments less credit notes are above the award: the difference has to be recovered."""
    for row in evidence.ledger.awards:
        if row.paid > row.award:
            yield _about_award(
                row, ERROR, f"{pence(row.paid)} paid", f"{pence(row.award)} awarded", row.paid - row.award,
                f"{pence(row.paid)} has been paid, net of credit notes; the award is {pence(row.award)}. "
                f"Recover {pence(row.paid - row.award)} or record the variation that explains it.",
            )  # fmt: skip


@rule("spent-above-award", title="More was spent than awarded", severities=(WARNING,))
def spent_above_award(evidence: Evidence) -> Iterator[Found]:
    """Approved spend of a commitment is above its award: the excess is match funding, or a mistake."""
    for row in evidence.ledger.awards:
        if row.spent > row.award:
            yield _about_award(
                row, WARNING, f"{pence(row.spent)} spent", f"{pence(row.award)} awarded", row.spent - row.award,
                f"Approved returns come to {pence(row.spent)} of spend; the award is {pence(row.award)}. Say whether "
                f"the {pence(row.spent - row.award)} above it is match funding.",
            )  # fmt: skip


@rule("source-overcommitted", title="More was promised from a source than it allocated", severities=(ERROR, WARNING))
def source_overcommitted(evidence: Evidence) -> Iterator[Found]:
    """Funding splits of the year on a source are above its allocation.

    A warning, because an approver may accept an overcommitment; an error where the source has no allocation at all.
    """
    for row in evidence.ledger.sources:
        allocated = row.allocated or 0
        if row.promised <= allocated:
            continue
        over = pence(row.promised - allocated)
        has_any = row.allocated is not None
        yield Found(
            severity=WARNING if has_any else ERROR,
            where=f"Funding source {row.title}, {evidence.year}",
            stated=f"{pence(row.promised)} promised",
            computed=f"{pence(allocated)} allocated",
            difference=over,
            explanation=f"Awards take {pence(row.promised)} from {row.title} in {evidence.year}; "
            + (f"its allocation is {pence(allocated)}." if has_any else "no allocation is recorded.")
            + f" {over} has no cover.",
            basis=(row.slug,),
        )


@rule("totals-disagree", title="A total changes with the way it is added up", severities=(ERROR,))
def totals_disagree(evidence: Evidence) -> Iterator[Found]:
    """A total of the year is not the sum of its slices (by objective, organisation, source, area, quarter), or not
    the sum of the rows it rests on, added up independently.
    """
    for row in evidence.ledger.totals:
        show: Callable[[int], str] = pence if row.is_money else lambda number: f"{number:,}"
        for way, summed in sorted(row.added_by.items()):
            if summed != row.headline:
                apart = show(abs(summed - row.headline))
                yield Found(
                    severity=ERROR,
                    where=f"{row.label}, {evidence.year}, added up {way}",
                    stated=show(row.headline),
                    computed=show(summed),
                    difference=apart,
                    explanation=f"{row.figure} is {show(row.headline)}; added up {way} it comes to {show(summed)}, "
                    f"{apart} {'more' if summed > row.headline else 'less'}.",
                    basis=(row.figure, way),
                )


def _missing(
    evidence: Evidence, summed: Callable[[AwardRow], int | None], parts: str, severity: str
) -> Iterator[Found]:
    for row in evidence.ledger.awards:
        reached = summed(row)
        if reached is not None and reached != row.award:
            apart = abs(row.award - reached)
            yield _about_award(
                row, severity, f"{pence(row.award)} awarded", pence(reached), apart,
                f"The {parts} of {row.ref} {'comes' if parts.endswith('variation') else 'come'} to {pence(reached)}; "
                f"the award is {pence(row.award)}, {pence(apart)} {'more' if row.award > reached else 'less'}.",
            )  # fmt: skip


def _about_award(row: AwardRow, severity: str, stated: str, computed: str, apart: int, sentence: str) -> Found:
    return Found(
        severity=severity,
        where=row.where,
        stated=stated,
        computed=computed,
        difference=pence(apart),
        explanation=sentence,
        basis=(row.ref,),
    )
