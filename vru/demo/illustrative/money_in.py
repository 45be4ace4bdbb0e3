"""The unit's own money in the illustrative year: changes, claims, receipts, year ends, overcommitment and rules.

Everything is invented. It has its own chance, so that nothing that was made before it moves.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from random import Random

from programmes.models import (
    AgreementChange,
    Allocation,
    BudgetChange,
    BudgetLine,
    Claim,
    FunderAgreement,
    FunderRule,
    FundingSource,
    Overcommitment,
    Receipt,
    YearEndStatement,
)
from vru.accounts.models import User
from vru.demo.illustrative.plan import SEED, YEAR
from vru.demo.illustrative.world import World
from vru.lib.layers import Layer
from vru.lib.money import split_pence
from vru.lib.periods import LONDON, FinancialYear

POUND = 100
PLAN = (
    "Young people in every area of the unit are reached by the end of the second quarter; services named in the "
    "programme plans are open by 30 June; a report goes to the funder after each quarter. (Illustrative.)"
)
# Title, kind, numerator, denominator, threshold: one of each outcome on the invented figures where they allow it.
RULES: tuple[tuple[str, FunderRule.Kind, str, str, str | None], ...] = (
    ("No money of the year is used after 31 March", FunderRule.Kind.NO_CARRY_OVER, "", "", None),
    ("Nearly everything allocated is promised", FunderRule.Kind.MINIMUM_SHARE, "award.total", "funding.source", "90"),
    (
        "Spend stays within a fifth of what is promised",
        FunderRule.Kind.MAXIMUM_SHARE,
        "spend.total",
        "award.total",
        "20",
    ),
    ("All the money is set aside for a purpose", FunderRule.Kind.MINIMUM_SHARE, "budget.total", "funding.source", "99"),
    ("A share of the grant pays for evaluation", FunderRule.Kind.MINIMUM_SHARE, "spend.total", "award.total", None),
)


def put_money_in(world: World, finance: User, director: User) -> None:
    """``finance`` prepares and records; ``director`` approves and certifies."""
    chance = Random(SEED + 41)
    for agreement in FunderAgreement.objects.filter(layer=Layer.ILLUSTRATIVE).select_related("source"):
        begun = agreement.year <= YEAR
        agreement.delivery_plan = PLAN
        agreement.accepted_on = datetime.date(agreement.year, 3, 20) if begun else None
        agreement.status = FunderAgreement.Status.ACCEPTED if begun else FunderAgreement.Status.OFFERED
        agreement.save(update_fields=["delivery_plan", "accepted_on", "status"])
        if agreement.year == YEAR:
            _put_claims(agreement, finance, chance)
    _put_changes(world, finance)
    _put_last_year(world, finance, director)
    _put_overcommitments(world, finance, director)
    _put_budget_changes(finance, chance)
    _put_rules(world)


def _noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), LONDON)


def _put_claims(agreement: FunderAgreement, finance: User, chance: Random) -> None:
    """Three quarters claimed and paid, the last one sent or still being written."""
    parts = split_pence(agreement.offer_pence // POUND, [chance.randint(20, 24) for _ in range(3)] + [30])
    for number, (quarter, pounds) in enumerate(zip(FinancialYear(YEAR).quarters(), parts, strict=True), start=1):
        sent_on = quarter.ends_on + datetime.timedelta(days=chance.randint(10, 25)) if number < 4 else None
        claim = Claim.objects.create(
            agreement=agreement,
            number=number,
            starts_on=quarter.starts_on,
            ends_on=quarter.ends_on,
            amount_pence=pounds * POUND,
            status=Claim.Status.AGREED if number < 3 else Claim.Status.SENT if sent_on else Claim.Status.DRAFT,
            sent_on=sent_on,
            note="Illustrative.",
        )
        if sent_on and number < 3:
            Receipt.objects.create(
                agreement=agreement,
                claim=claim,
                amount_pence=claim.amount_pence,
                received_on=sent_on + datetime.timedelta(days=chance.randint(12, 30)),
                reference=f"ILL-RCT-{agreement.source.slug}-{number}"[:100],
                recorded_by=finance,
            )


def _put_changes(world: World, finance: User) -> None:
    """One change that the funder approved, one refused and one it has not answered."""
    agreement = _of_year(world.sources[0])
    rows = (
        ("Sessions move online until schools reopen; the money stays.", AgreementChange.Status.APPROVED, 6, 12),
        ("A fifth hospital team, paid from an underspend.", AgreementChange.Status.REFUSED, 9, 21),
        ("Two months more for the counselling rooms.", AgreementChange.Status.ASKED, 12, None),
    )
    for number, (what, status, month, day) in enumerate(rows, start=1):
        AgreementChange.objects.create(
            agreement=agreement,
            number=number,
            what=f"{what} (Illustrative.)",
            status=status,
            asked_on=datetime.date(YEAR, month, 2),
            asked_by=finance,
            decided_on=datetime.date(YEAR, month, day) if day else None,
            decision_note="Letter of the funder's programme lead, in the agreement's folder." if day else "",
        )


def _of_year(source: FundingSource) -> FunderAgreement:
    return FunderAgreement.objects.get(source=source, year=YEAR, layer=Layer.ILLUSTRATIVE)


def _put_last_year(world: World, finance: User, director: User) -> None:
    """The year before: one agreement certified, one whose statement waits to be."""
    before = FinancialYear(YEAR - 1)
    for number, source in enumerate(world.sources[:2]):
        offer, certified = (900_000 - number * 250_000) * POUND, number == 0
        returned = 12_400 * POUND if certified else 0
        agreement = FunderAgreement.objects.create(
            ref=f"ILL-A-{before}-{source.slug}"[:40],
            source=source,
            year=before.start,
            layer=Layer.ILLUSTRATIVE,
            offer_pence=offer,
            offered_on=datetime.date(before.start, 3, 4),
            accepted_on=datetime.date(before.start, 3, 22),
            conditions="Spend in the year of the offer; report each quarter. (Illustrative.)",
            delivery_plan=PLAN,
            status=FunderAgreement.Status.CERTIFIED if certified else FunderAgreement.Status.ACCEPTED,
        )
        Allocation.objects.create(
            source=source, year=before.start, layer=Layer.ILLUSTRATIVE, amount_pence=offer, place="Illustrative"
        )
        claim = Claim.objects.create(
            agreement=agreement,
            number=1,
            starts_on=before.starts_on,
            ends_on=before.ends_on,
            amount_pence=offer,
            status=Claim.Status.AGREED,
            sent_on=datetime.date(YEAR, 4, 9),
            note="One claim for the whole year. (Illustrative.)",
        )
        _receive(agreement, claim, offer, returned, finance)
        YearEndStatement.objects.create(
            agreement=agreement,
            spent_pence=offer - returned,
            returned_pence=returned,
            note="Illustrative.",
            prepared_by=finance,
            prepared_at=_noon(datetime.date(YEAR, 4, 24)),
            certified_by=director if certified else None,
            certified_at=_noon(datetime.date(YEAR, 5, 6)) if certified else None,
        )


def _receive(agreement: FunderAgreement, claim: Claim, offer: int, returned: int, finance: User) -> None:
    amounts: list[tuple[int, datetime.date, Claim | None]] = [(offer, datetime.date(YEAR, 4, 30), claim)]
    if returned:
        amounts.append((-returned, datetime.date(YEAR, 5, 18), None))
    for number, (pence, day, of) in enumerate(amounts, start=1):
        Receipt.objects.create(
            agreement=agreement,
            claim=of,
            amount_pence=pence,
            received_on=day,
            reference=f"ILL-RCT-{agreement.ref}-{number}"[:100],
            recorded_by=finance,
        )


def _put_overcommitments(world: World, finance: User, director: User) -> None:
    """One in force, one that waits, one that ended."""
    rows = (
        (0, 50_000, "Two services told us that they will spend less than their award.", True, False),
        (1, 120_000, "Offers go out before the restated grant letter comes.", False, False),
        (-1, 30_000, "Cover until the transfer from reserves was agreed.", True, True),
    )
    for place, pounds, reason, approved, ended in rows:
        Overcommitment.objects.create(
            source=world.sources[place],
            year=YEAR,
            layer=Layer.ILLUSTRATIVE,
            amount_pence=pounds * POUND,
            reason=f"{reason} (Illustrative.)",
            asked_by=finance,
            asked_at=_noon(datetime.date(YEAR, 11, 3)),
            approved_by=director if approved else None,
            approved_at=_noon(datetime.date(YEAR, 11, 5)) if approved else None,
            ended_by=director if ended else None,
            ended_at=_noon(datetime.date(YEAR + 1, 1, 14)) if ended else None,
        )


def _put_budget_changes(finance: User, chance: Random) -> None:
    """Every line as it was set; some with a change, so that the last version says what the line says."""
    versions = []
    for line in BudgetLine.objects.filter(layer=Layer.ILLUSTRATIVE, year=YEAR).order_by("ref"):
        first = line.amount_pence + chance.choice((0, 0, 0, 500_000, -500_000))
        first = line.amount_pence if first < 0 else first
        steps = [(0, first, "Set with the year's budget.", datetime.date(YEAR, 3, 16))]
        if first != line.amount_pence:
            steps.append((first, line.amount_pence, "Moved after the first quarter.", datetime.date(YEAR, 7, 29)))
        for number, (before, after, reason, day) in enumerate(steps, start=1):
            versions.append(
                BudgetChange(
                    line=line,
                    number=number,
                    before_pence=before,
                    after_pence=after,
                    reason=f"{reason} (Illustrative.)",
                    made_by=finance,
                    made_at=_noon(day),
                )
            )
    BudgetChange.objects.bulk_create(versions)


def _put_rules(world: World) -> None:
    """Rules of every kind. One is without its threshold, which is left out and not invented."""
    for number, (title, kind, numerator, denominator, threshold) in enumerate(RULES, start=1):
        FunderRule.objects.get_or_create(
            source=world.sources[number % len(world.sources)],
            slug=f"illustrative-rule-{number}",
            defaults={
                "title": f"{title} (illustrative)",
                "kind": kind,
                "numerator": numerator,
                "denominator": denominator,
                "threshold_percent": Decimal(threshold) if threshold else None,
                "first_year": YEAR,
                "last_year": YEAR + 1,
                "place": "Illustrative",
            },
        )
