"""Agreements, runs, debts, virements and what is read from other systems."""

from __future__ import annotations

import datetime

import factory
from factory.django import DjangoModelFactory

from grants.models import (
    AgreementTemplate,
    AwardAgreement,
    BulkChange,
    ConsortiumPartner,
    ExportLayout,
    GrantClosing,
    LedgerImport,
    LedgerLine,
    PaymentRun,
    PaymentRunLine,
    RecoveryDebt,
    RegisterImport,
    Virement,
)
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.grants import CommitmentFactory, PaymentFactory, noon
from tests.factories.programmes import FundingSourceFactory
from vru.lib.files.stored import StoredFile
from vru.lib.layers import Layer

YEAR = 2020
HASH = "0" * 64
DAY = datetime.date(2020, 7, 31)


class AgreementTemplateFactory(DjangoModelFactory):
    class Meta:
        model = AgreementTemplate

    slug = factory.Sequence(lambda n: f"template-{n}")
    title = "Grant agreement"
    body = "# Agreement\n\nThe unit gives {{award}} for {{title}}."


class AwardAgreementFactory(DjangoModelFactory):
    """Made and not offered yet."""

    class Meta:
        model = AwardAgreement

    commitment = factory.SubFactory(CommitmentFactory)
    number = 1
    template = factory.SubFactory(AgreementTemplateFactory)
    body = "# Agreement"
    made_by = factory.SubFactory(UserFactory)
    made_at = noon(DAY)


class ConsortiumPartnerFactory(DjangoModelFactory):
    class Meta:
        model = ConsortiumPartner

    commitment = factory.SubFactory(CommitmentFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    share_pence = 1_000_000


class GrantClosingFactory(DjangoModelFactory):
    class Meta:
        model = GrantClosing

    commitment = factory.SubFactory(CommitmentFactory, status="completed")
    award_pence = factory.SelfAttribute("commitment.award_pence")
    paid_pence = factory.SelfAttribute("commitment.award_pence")
    spent_pence = factory.SelfAttribute("commitment.award_pence")
    unspent_pence = 0
    closed_by = factory.SubFactory(UserFactory)
    closed_at = noon(datetime.date(2021, 5, 4))


class ExportLayoutFactory(DjangoModelFactory):
    class Meta:
        model = ExportLayout

    slug = factory.Sequence(lambda n: f"layout-{n}")
    title = "Finance system"
    columns = factory.LazyFunction(
        lambda: [
            {"heading": "Supplier", "field": "supplier_reference"},
            {"heading": "Reference", "field": "payment_reference"},
            {"heading": "Amount", "field": "amount"},
        ]
    )


class PaymentRunFactory(DjangoModelFactory):
    class Meta:
        model = PaymentRun

    ref = factory.Sequence(lambda n: f"RUN-{n:04d}")
    layer = Layer.RECORDED
    pay_on = DAY
    layout = factory.SubFactory(ExportLayoutFactory)
    made_by = factory.SubFactory(UserFactory)
    made_at = noon(DAY)


class PaymentRunLineFactory(DjangoModelFactory):
    class Meta:
        model = PaymentRunLine

    run = factory.SubFactory(PaymentRunFactory)
    payment = factory.SubFactory(PaymentFactory)
    amount_pence = factory.SelfAttribute("payment.amount_pence")
    supplier_reference = "SUP-001"
    facts = factory.LazyAttribute(
        lambda line: {
            "grant": line.payment.commitment.ref,
            "number": line.payment.number,
            "title": line.payment.commitment.title,
            "programme": line.payment.commitment.programme.ref,
            "organisation": line.payment.commitment.organisation.name,
        }
    )


class RecoveryDebtFactory(DjangoModelFactory):
    class Meta:
        model = RecoveryDebt

    commitment = factory.SubFactory(CommitmentFactory)
    number = factory.Sequence(lambda n: n + 1)
    cause = RecoveryDebt.Cause.UNSPENT
    amount_pence = 100_000
    opened_by = factory.SubFactory(UserFactory)
    opened_at = noon(DAY)


class VirementFactory(DjangoModelFactory):
    class Meta:
        model = Virement

    ref = factory.Sequence(lambda n: f"VIR-{n:04d}")
    layer = Layer.RECORDED
    year = YEAR
    source = factory.SubFactory(FundingSourceFactory)
    amount_pence = 500_000
    from_commitment = factory.SubFactory(CommitmentFactory)
    to_commitment = factory.SubFactory(CommitmentFactory)
    reason = "Sessions that will not be held before the year ends."
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = noon(DAY)


class LedgerImportFactory(DjangoModelFactory):
    class Meta:
        model = LedgerImport

    layer = Layer.RECORDED
    year = factory.Sequence(lambda n: YEAR + n)
    name = "ledger.csv"
    content_type = "text/csv"
    size = 5
    sha256 = HASH
    scan = StoredFile.Scan.NOT_SCANNED
    file = "ledger/ledger.csv"
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = noon(DAY)


class LedgerLineFactory(DjangoModelFactory):
    class Meta:
        model = LedgerLine

    ledger = factory.SubFactory(LedgerImportFactory)
    row = factory.Sequence(lambda n: n + 2)
    posted_on = DAY
    reference = factory.Sequence(lambda n: f"GL-{n:05d}")
    amount_pence = 2_500_000
    outcome = LedgerLine.Outcome.UNMATCHED


class RegisterImportFactory(DjangoModelFactory):
    class Meta:
        model = RegisterImport

    layer = Layer.RECORDED
    name = "register.csv"
    content_type = "text/csv"
    size = 5
    sha256 = HASH
    scan = StoredFile.Scan.NOT_SCANNED
    file = "registers/register.csv"
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = noon(DAY)


class BulkChangeFactory(DjangoModelFactory):
    class Meta:
        model = BulkChange

    kind = BulkChange.Kind.MANAGER
    before = factory.LazyFunction(lambda: {"GR-0001": None})
    after = factory.LazyFunction(lambda: {"manager": 1})
    made_by = factory.SubFactory(UserFactory)
    made_at = noon(DAY)
