"""What an award still lacks before it can be offered, step by step of its set-up. Reads only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Sum

from grants.models import Commitment, Payment
from vru.accounts.models import DueDiligenceCheck, Organisation
from vru.lib.money import Money
from vru.lib.periods import FinancialYear

DILIGENCE_NEEDED = tuple(DueDiligenceCheck.Kind)


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing at a step. What is only ``advice`` does not stop the offer."""

    step: str
    text: str
    advice: bool = False


@dataclass(frozen=True, slots=True)
class Diligence:
    """The checks of an organisation, by kind: what was never looked at, what has run out, what has failed."""

    missing: tuple[str, ...]
    expired: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.expired or self.failed)


def diligence_of(organisation: Organisation, day: datetime.date) -> Diligence:
    """One query."""
    latest = {check.kind: check for check in DueDiligenceCheck.objects.last_of_each().filter(organisation=organisation)}
    failed = DueDiligenceCheck.Outcome.FAILED
    return Diligence(
        missing=tuple(kind.label for kind in DILIGENCE_NEEDED if kind not in latest),
        expired=tuple(
            kind.label
            for kind in DILIGENCE_NEEDED
            if kind in latest and (ends := latest[kind].expires_on) is not None and ends < day
        ),
        failed=tuple(kind.label for kind in DILIGENCE_NEEDED if kind in latest and latest[kind].outcome == failed),
    )


def lacks_of(commitment: Commitment) -> list[Lack]:
    """In the order of the steps. A contract and a unit cost need no agreement, targets or returns."""
    lacks = [*_of_facts(commitment), *_of_money(commitment)]
    if commitment.kind == Commitment.Kind.GRANT:
        lacks += _of_results(commitment)
        if not commitment.agreements.filter(ended_at__isnull=True).exists():
            lacks.append(Lack("agreement", "Make the agreement."))
    return lacks


def _of_facts(commitment: Commitment) -> list[Lack]:
    lacks = []
    if not commitment.description.strip():
        lacks.append(Lack("what", "Say what the money is for."))
    elif commitment.description.strip().casefold() == commitment.title.strip().casefold():
        lacks.append(Lack("what", "The description only repeats the title. Say what the money is for."))
    if commitment.manager_id is None:
        lacks.append(Lack("what", "Choose the programme manager who looks after it."))
    if commitment.decision_id is None:
        lacks.append(Lack("what", "No decision authorises it yet.", advice=True))
    shared = commitment.partners.aggregate(total=Sum("share_pence"))["total"] or 0
    if shared > commitment.award_pence:
        above = Money(shared - commitment.award_pence)
        lacks.append(Lack("partners", f"Partners receive {above} more than the award. Make their shares smaller."))
    return lacks


def _of_money(commitment: Commitment) -> list[Lack]:
    award = commitment.award_pence
    if not award:
        return [Lack("amount", "Say how much is awarded.")]
    lacks = [
        lack
        for step, what, total in (
            ("sources", "the sources", _sum(commitment, "splits")),
            ("profile", "the profile", _sum(commitment, "profile_lines")),
        )
        if (lack := _gap(step, what, award, total)) is not None
    ]
    shares = _sum(commitment, "area_shares")
    if not shares:
        lacks.append(Lack("areas", "Say where the money is spent, or that it is for the whole area."))
    elif shares != award and (lack := _gap("areas", "the areas", award, shares)) is not None:
        lacks.append(lack)
    outside = commitment.splits.exclude(year__range=_years(commitment)).exists()
    if outside:
        lacks.append(Lack("sources", "A source pays in a year outside the award's dates."))
    if commitment.profile_lines.exclude(quarter__year__range=_years(commitment)).exists():
        lacks.append(Lack("profile", "The profile plans money outside the award's dates."))
    planned = commitment.payments.exclude(status=Payment.Status.CANCELLED).aggregate(total=Sum("amount_pence"))
    if not planned["total"]:
        lacks.append(Lack("payments", "No payments are planned.", advice=True))
    return lacks


def _of_results(commitment: Commitment) -> list[Lack]:
    lacks = []
    if not commitment.indicators.exists():
        lacks.append(Lack("indicators", "No indicators are chosen.", advice=True))
    if not commitment.reach_targets.exists():
        lacks.append(Lack("targets", "No numbers of people are agreed.", advice=True))
    return lacks


def _gap(step: str, what: str, award: int, total: int) -> Lack | None:
    if total == award:
        return None
    if total < award:
        return Lack(step, f"{Money(award - total)} of the award is missing in {what}.")
    return Lack(step, f"There is {Money(total - award)} more in {what} than the award.")


def _sum(commitment: Commitment, part: str) -> int:
    return int(getattr(commitment, part).aggregate(total=Sum("amount_pence"))["total"] or 0)


def _years(commitment: Commitment) -> tuple[int, int]:
    return FinancialYear.of(commitment.starts_on).start, FinancialYear.of(commitment.ends_on).start
