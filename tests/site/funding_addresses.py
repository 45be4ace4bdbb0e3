"""One of everything that the pages about money coming in are about, by the kind of thing addressed."""

from __future__ import annotations

import datetime
from typing import Any

from tests.factories import (
    AgreementChangeFactory,
    AllocationFactory,
    BudgetLineFactory,
    ClaimFactory,
    FunderAgreementFactory,
    FunderRuleFactory,
    OvercommitmentFactory,
    YearEndStatementFactory,
)


def funding_addresses() -> dict[str, tuple[list[Any], str]]:
    """Arguments and query string; the agreement has a change, a claim and a statement."""
    source = AllocationFactory().source
    agreement = FunderAgreementFactory(source=source, status="accepted")
    change, claim = AgreementChangeFactory(agreement=agreement), ClaimFactory(agreement=agreement)
    sent = ClaimFactory(agreement=agreement, status="sent", sent_on=datetime.date(2020, 7, 1))
    YearEndStatementFactory(agreement=agreement)
    return {
        "source": ([source.slug], "?year=2020-21"),
        "source-year": ([source.slug, "2020-21"], ""),
        "funder-agreement": ([agreement.ref], ""),
        "agreement-change": ([agreement.ref, change.number], ""),
        "claim": ([agreement.ref, claim.number], ""),
        "claim-sent": ([agreement.ref, sent.number], ""),
        "budget-line": ([BudgetLineFactory(source=source).ref], ""),
        "overcommitment": ([OvercommitmentFactory(source=source).pk], ""),
        "funder-rule": ([FunderRuleFactory(source=source).pk], ""),
    }
