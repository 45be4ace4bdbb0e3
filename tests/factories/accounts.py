"""People, organisations and the audit trail."""

from __future__ import annotations

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from vru.accounts.models import (
    ApiToken,
    AuditEvent,
    Delegation,
    IdempotentRequest,
    Invitation,
    Membership,
    Organisation,
    Role,
    StaffRole,
    User,
)
from vru.lib.layers import Layer

# Hashing a password takes longer than the rest of a test; a test that signs in by form sets its own.
UNUSABLE = "!no password in tests"


class UserFactory(DjangoModelFactory):
    """A person without a role: a grantee until a membership or ``role=`` says otherwise.

    ``UserFactory(role=Role.DIRECTOR)`` makes a member of staff.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = UNUSABLE

    @factory.post_generation
    def role(self, create: bool, role: Role | None, **_: object) -> None:
        if create and role is not None:
            StaffRole.objects.create(user=self, role=role)


class StaffRoleFactory(DjangoModelFactory):
    class Meta:
        model = StaffRole

    user = factory.SubFactory(UserFactory)
    role = Role.PROGRAMME_MANAGER


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    ref = factory.Sequence(lambda n: f"org-{n:04d}")
    name = factory.Sequence(lambda n: f"Organisation {n:04d}")
    kind = Organisation.Kind.CHARITY
    layer = Layer.RECORDED


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Membership.Role.SUBMITTER


class AuditEventFactory(DjangoModelFactory):
    class Meta:
        model = AuditEvent

    actor = factory.SubFactory(UserFactory)
    action = "programme.approved"
    subject_type = "programmes.programme"
    subject_id = factory.Sequence(str)
    subject_label = factory.Sequence(lambda n: f"Programme {n}")


def days_from_now(days: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(days=days)


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    name = factory.Sequence(lambda n: f"Invited {n}")
    role = Membership.Role.SUBMITTER
    secret_hash = factory.Sequence(lambda n: f"{n:064d}")
    invited_by = factory.SubFactory(UserFactory)
    invited_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: days_from_now(14))


class DelegationFactory(DjangoModelFactory):
    class Meta:
        model = Delegation

    organisation = factory.SubFactory(OrganisationFactory)
    signatory = factory.SubFactory(UserFactory)
    delegate = factory.SubFactory(UserFactory)
    starts_on = datetime.date(2020, 10, 1)
    ends_on = datetime.date(2020, 10, 31)
    reason = "On leave."
    made_at = factory.LazyFunction(timezone.now)


class ApiTokenFactory(DjangoModelFactory):
    class Meta:
        model = ApiToken

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    name = "Case management system"
    prefix = factory.Sequence(lambda n: f"vru{n:06d}")
    secret_hash = factory.Sequence(lambda n: f"{n:064d}")
    scopes = factory.LazyFunction(lambda: [ApiToken.Scope.READ.value])
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: days_from_now(365))


class IdempotentRequestFactory(DjangoModelFactory):
    class Meta:
        model = IdempotentRequest

    token = factory.SubFactory(ApiTokenFactory)
    key = factory.Sequence(lambda n: f"request-{n}")
    fingerprint = "0" * 64
    created_at = factory.LazyFunction(timezone.now)
