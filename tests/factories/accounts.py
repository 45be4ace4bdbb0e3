"""People, organisations and the audit trail."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from vru.accounts.models import AuditEvent, Membership, Organisation, Role, StaffRole, User
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
