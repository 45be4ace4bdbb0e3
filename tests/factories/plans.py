"""Details of programmes, funders' agreements, overcommitments and populations."""

from __future__ import annotations

import datetime

import factory
from factory.django import DjangoModelFactory

from programmes.models import (
    AgreementChange,
    AreaPopulation,
    BudgetChange,
    Claim,
    NamedWard,
    ObjectiveWeight,
    Overcommitment,
    ProgrammeDocument,
    ProgrammeRisk,
    Receipt,
    YearEndStatement,
)
from tests.factories.accounts import UserFactory
from tests.factories.grants import noon
from tests.factories.programmes import (
    AreaFactory,
    BudgetLineFactory,
    FunderAgreementFactory,
    FundingSourceFactory,
    ObjectiveFactory,
    ProgrammeFactory,
)
from vru.lib.files.stored import StoredFile
from vru.lib.layers import Layer

YEAR = 2020
HASH = "0" * 64
DAY = datetime.date(2020, 6, 1)


class ObjectiveWeightFactory(DjangoModelFactory):
    class Meta:
        model = ObjectiveWeight

    programme = factory.SubFactory(ProgrammeFactory)
    objective = factory.SubFactory(ObjectiveFactory)
    percent = 100


class NamedWardFactory(DjangoModelFactory):
    class Meta:
        model = NamedWard

    programme = factory.SubFactory(ProgrammeFactory)
    area = factory.SubFactory(AreaFactory)
    name = factory.Sequence(lambda n: f"Ward {n}")


class ProgrammeRiskFactory(DjangoModelFactory):
    class Meta:
        model = ProgrammeRisk

    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda n: f"Risk {n}")
    owner = factory.SubFactory(UserFactory)
    likelihood = 3
    impact = 4
    response = ProgrammeRisk.Response.TREAT
    review_on = DAY


class ProgrammeDocumentFactory(DjangoModelFactory):
    class Meta:
        model = ProgrammeDocument

    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda n: f"Paper {n}")
    kind = ProgrammeDocument.Kind.BUSINESS_CASE
    name = "paper.pdf"
    content_type = "application/pdf"
    size = 5
    sha256 = HASH
    scan = StoredFile.Scan.NOT_SCANNED
    file = "programmes/paper.pdf"
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = noon(DAY)


class AgreementChangeFactory(DjangoModelFactory):
    class Meta:
        model = AgreementChange

    agreement = factory.SubFactory(FunderAgreementFactory)
    number = factory.Sequence(lambda n: n + 1)
    what = "Delivery of the second strand moves to the autumn."
    asked_on = DAY
    asked_by = factory.SubFactory(UserFactory)


class ClaimFactory(DjangoModelFactory):
    class Meta:
        model = Claim

    agreement = factory.SubFactory(FunderAgreementFactory)
    number = factory.Sequence(lambda n: n + 1)
    starts_on = datetime.date(2020, 4, 1)
    ends_on = datetime.date(2020, 6, 30)
    amount_pence = 25_000_000


class ReceiptFactory(DjangoModelFactory):
    class Meta:
        model = Receipt

    agreement = factory.SubFactory(FunderAgreementFactory)
    amount_pence = 25_000_000
    received_on = DAY
    reference = factory.Sequence(lambda n: f"RCT-{n:05d}")
    recorded_by = factory.SubFactory(UserFactory)


class YearEndStatementFactory(DjangoModelFactory):
    class Meta:
        model = YearEndStatement

    agreement = factory.SubFactory(FunderAgreementFactory)
    spent_pence = 90_000_000
    prepared_by = factory.SubFactory(UserFactory)
    prepared_at = noon(datetime.date(2021, 4, 20))


class OvercommitmentFactory(DjangoModelFactory):
    """Asked for and not approved yet."""

    class Meta:
        model = Overcommitment

    source = factory.SubFactory(FundingSourceFactory)
    year = YEAR
    layer = Layer.RECORDED
    amount_pence = 5_000_000
    reason = "Two grants are expected to underspend."
    asked_by = factory.SubFactory(UserFactory)
    asked_at = noon(DAY)


class AreaPopulationFactory(DjangoModelFactory):
    class Meta:
        model = AreaPopulation

    area = factory.SubFactory(AreaFactory)
    year = YEAR
    layer = Layer.RECORDED
    youngest_age = 10
    oldest_age = 24
    people = 50_000
    source = "Invented estimate"


class BudgetChangeFactory(DjangoModelFactory):
    class Meta:
        model = BudgetChange

    line = factory.SubFactory(BudgetLineFactory)
    number = 1
    before_pence = 0
    after_pence = factory.SelfAttribute("line.amount_pence")
    reason = "Set with the year's budget."
    made_at = noon(DAY)
