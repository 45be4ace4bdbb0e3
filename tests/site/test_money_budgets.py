"""Pages of payments, runs, debts, variance, underspend and virements ask the database no more for more rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.models import Payment, PaymentRun, RecoveryDebt, Virement
from tests.cast import World
from tests.factories import (
    CommitmentFactory,
    CostHeadingFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    OrganisationFactory,
    PaymentFactory,
    PaymentRunFactory,
    PaymentRunLineFactory,
    ProfileLineFactory,
    RecoveryDebtFactory,
    ReportingQuarterFactory,
    VariationFactory,
    VirementFactory,
    approved_return,
)

pytestmark = pytest.mark.django_db
# Makes so many rows more and gives the address of the page, which is the same each time.
More = Callable[[World, int], str]


def planned(world: World, many: int) -> list[Payment]:
    """Payments of as many grants and organisations."""
    programme = world.grant.programme
    return [
        PaymentFactory(
            commitment=CommitmentFactory(
                programme=programme, organisation=OrganisationFactory(supplier_reference="SUP-001")
            ),
            number=1,
        )
        for _ in range(many)
    ]


def payments(world: World, many: int) -> str:
    planned(world, many)
    return "/money/payments/"


def payments_to_choose(world: World, many: int) -> str:
    planned(world, many)
    return "/money/runs/make/"


def runs(world: World, many: int) -> str:
    for payment in planned(world, many):
        PaymentRunLineFactory(payment=payment, run=PaymentRunFactory())
    return "/money/runs/"


def one_run(world: World, many: int) -> str:
    run = PaymentRun.objects.order_by("pk").first() or PaymentRunFactory()
    for payment in planned(world, many):
        PaymentRunLineFactory(payment=payment, run=run)
    return f"/money/runs/{run.ref}/"


def debts(world: World, many: int) -> str:
    for payment in planned(world, many):
        RecoveryDebtFactory(commitment=payment.commitment, number=1)
    return "/money/debts/"


def one_debt(world: World, many: int) -> str:
    debt = RecoveryDebt.objects.first() or RecoveryDebtFactory(commitment=world.grant, number=1)
    for _ in range(many):
        PaymentFactory(commitment=world.grant, amount_pence=-1_000, is_credit_note=True, recovers=debt)
    return f"/money/debts/{world.grant.ref}/{debt.number}/"


def spending(world: World, many: int) -> None:
    """Grants with a plan, a return that was approved, and money from a source."""
    quarter, heading = ReportingQuarterFactory(year=2020, number=1), CostHeadingFactory(slug="staff")
    source = FundingSourceFactory(slug="home-office")
    for payment in planned(world, many):
        grant = payment.commitment
        FundingSplitFactory(commitment=grant, source=source, year=2020, amount_pence=grant.award_pence)
        ProfileLineFactory(commitment=grant, quarter=quarter, heading=heading, amount_pence=grant.award_pence)
        approved_return(grant, 1, actual_pence=1_000_00)


def variance(world: World, many: int) -> str:
    spending(world, many)
    return "/money/variance/?year=2020-21"


def underspend(world: World, many: int) -> str:
    spending(world, many)
    return "/money/underspend/?year=2020-21"


def virements(world: World, many: int) -> str:
    VirementFactory.create_batch(many)
    return "/money/virements/"


def one_virement(world: World, many: int) -> str:
    virement = Virement.objects.order_by("pk").first() or VirementFactory()
    VirementFactory.create_batch(many, from_commitment=virement.from_commitment, source=virement.source)
    return f"/money/virements/{virement.ref}/"


def variations(world: World, many: int) -> str:
    for payment in planned(world, many):
        VariationFactory(commitment=payment.commitment, number=1)
    return "/money/variations/"


PAGES: dict[str, tuple[More, int]] = {
    "payments": (payments, 16),
    "payments to choose from": (payments_to_choose, 16),
    "runs": (runs, 14),
    "a run": (one_run, 16),
    "debts": (debts, 14),
    "a debt": (one_debt, 18),
    "variance": (variance, 25),
    "underspend": (underspend, 32),
    "virements": (virements, 14),
    "a virement": (one_virement, 24),
    "variations": (variations, 14),
}


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", PAGES)
def test_many_rows_of_money_cost_no_more_queries_than_few(world: World, name: str) -> None:
    more, budget = PAGES[name]
    client = Client()
    client.force_login(world.cast.finance_officer)
    address = more(world, 2)
    asked(client, address)
    few = asked(client, address)
    assert more(world, 12) == address
    assert asked(client, address) <= few <= budget
