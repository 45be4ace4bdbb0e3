"""What is known about an organisation, and how people work with lists and spreadsheets."""

from __future__ import annotations

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories.accounts import OrganisationFactory, UserFactory
from vru.accounts.models import ColumnMapping, Contact, DueDiligenceCheck, FormerName, OrganisationPolicy, SavedView

CHECKED = datetime.date(2020, 3, 2)


class FormerNameFactory(DjangoModelFactory):
    class Meta:
        model = FormerName

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Earlier name {n}")


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    organisation = factory.SubFactory(OrganisationFactory)
    kind = Contact.Kind.MAIN
    name = factory.Sequence(lambda n: f"Contact {n}")
    email = factory.Sequence(lambda n: f"contact{n}@example.org")


class OrganisationPolicyFactory(DjangoModelFactory):
    class Meta:
        model = OrganisationPolicy

    organisation = factory.SubFactory(OrganisationFactory)
    kind = OrganisationPolicy.Kind.SAFEGUARDING
    approved_on = CHECKED


class DueDiligenceCheckFactory(DjangoModelFactory):
    class Meta:
        model = DueDiligenceCheck

    organisation = factory.SubFactory(OrganisationFactory)
    kind = DueDiligenceCheck.Kind.ACCOUNTS
    outcome = DueDiligenceCheck.Outcome.PASSED
    checked_by = factory.SubFactory(UserFactory)
    checked_on = CHECKED


class SavedViewFactory(DjangoModelFactory):
    class Meta:
        model = SavedView

    owner = factory.SubFactory(UserFactory)
    page = "grants:list"
    name = factory.Sequence(lambda n: f"View {n}")
    query = "status=active"


class ColumnMappingFactory(DjangoModelFactory):
    class Meta:
        model = ColumnMapping

    purpose = ColumnMapping.Purpose.LEDGER
    headings_hash = factory.Sequence(lambda n: f"{n:064d}")
    columns = factory.LazyFunction(lambda: {"amount": "Amount"})
    saved_by = factory.SubFactory(UserFactory)
    saved_at = factory.LazyFunction(timezone.now)
