"""An award that is whole: everything an offer asks for, in one call."""

from __future__ import annotations

import datetime

from grants.actions.agreements import make_agreement
from grants.models import AwardAgreement, Commitment
from tests.factories import (
    AgreementTemplateFactory,
    AllocationFactory,
    AreaShareFactory,
    CommitmentFactory,
    CostHeadingFactory,
    FundingSplitFactory,
    ProfileLineFactory,
    ReportingQuarterFactory,
)
from vru.accounts.models import Organisation, User

WORDS = "The unit gives {{organisation.name}} {{award.amount}} for {{award.title}}.\n\n{{table.partners}}"


def whole_draft(organisation: Organisation, manager: User, **fields: object) -> Commitment:
    """A draft grant of £100,000 with splits, a place and a profile that come to it, and a source that has the money."""
    grant: Commitment = CommitmentFactory(
        organisation=organisation,
        manager=manager,
        status=Commitment.Status.DRAFT,
        awarded_on=None,
        description="Mentors meet forty young people every week.",
        starts_on=datetime.date(2026, 4, 1),
        ends_on=datetime.date(2027, 3, 31),
        **fields,
    )
    split = FundingSplitFactory(commitment=grant, year=2026)
    AllocationFactory(source=split.source, year=2026, layer=grant.programme.layer, amount_pence=grant.award_pence * 10)
    AreaShareFactory(commitment=grant, amount_pence=grant.award_pence)
    ProfileLineFactory(
        commitment=grant,
        quarter=ReportingQuarterFactory(year=2026, number=1),
        heading=CostHeadingFactory(slug="labour"),
        amount_pence=grant.award_pence,
    )
    return grant


def with_agreement(grant: Commitment, by: User, words: str = WORDS) -> AwardAgreement:
    return make_agreement(commitment=grant, template=AgreementTemplateFactory(body=words), by=by)
