"""People who sign in."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from vru.accounts.models.delegation import Delegation
from vru.accounts.models.organisation import Membership, Organisation


class Role(models.TextChoices):
    """What a member of the unit's staff may do. Grantees have no role: they have memberships."""

    DIRECTOR = "director", "Director"
    PROGRAMME_MANAGER = "programme_manager", "Programme manager"
    FINANCE_OFFICER = "finance_officer", "Finance officer"
    ANALYST = "analyst", "Analyst"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class UserQuerySet(models.QuerySet["User"]):
    def with_role(self, role: Role) -> UserQuerySet:
        return self.filter(models.Exists(StaffRole.objects.filter(user=models.OuterRef("pk"), role=role)))

    def visible_to(self, user: User) -> UserQuerySet:
        """Staff see everybody; a grantee sees the people, also former, of the organisations they act for now."""
        if user.is_staff_member:
            return self
        own = Membership.objects.current().filter(user=user)
        colleagues = Membership.objects.filter(organisation__in=own.values("organisation"))
        return self.filter(models.Q(pk__in=colleagues.values("user")) | models.Q(pk=user.pk))

    def signing_for(self, organisation_id: int, day: datetime.date, *, submitted_by: int | None = None) -> UserQuerySet:
        """Active people who may sign for the organisation on ``day``: signatories, and colleagues whom one has let.

        ``submitted_by`` is the key of who submitted: nobody signs in that person's name, or one would be both.
        """
        here = Membership.objects.current().filter(organisation=organisation_id)
        signatories = here.filter(role=Membership.Role.SIGNATORY).values("user")
        given = Delegation.objects.in_force_on(day).filter(
            organisation=organisation_id, signatory__in=signatories, delegate__in=here.values("user")
        )
        delegates = given.exclude(signatory=submitted_by).values("delegate")
        return self.filter(models.Q(pk__in=signatories) | models.Q(pk__in=delegates), is_active=True)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def with_role(self, role: Role) -> UserQuerySet:
        return self.get_queryset().with_role(role)

    def visible_to(self, user: User) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def signing_for(self, organisation_id: int, day: datetime.date, *, submitted_by: int | None = None) -> UserQuerySet:
        return self.get_queryset().signing_for(organisation_id, day, submitted_by=submitted_by)


class User(AbstractBaseUser):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(
        default=False, help_text="A demonstration account; production refuses to start with one."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email_any_case", violation_error_message="That email is taken."
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="user_name_not_blank"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[str]:
        """The staff roles held; read once per object, because every page asks several times."""
        cached: frozenset[str] | None = self.__dict__.get("_roles")
        if cached is None:
            cached = frozenset(self.staff_roles.values_list("role", flat=True)) if self.pk else frozenset()
            self.__dict__["_roles"] = cached
        return cached

    def has_role(self, *roles: str) -> bool:
        return self.is_active and bool(self.roles & set(roles))

    def acts_for(self, organisation: Organisation | int) -> bool:
        """Whether this person may act for the organisation (or its key) now, in either role. One query."""
        return Membership.objects.current().filter(user=self, organisation=organisation).exists()

    @property
    def is_staff_member(self) -> bool:
        """Whether this person works for the unit (any role), as opposed to a grantee."""
        return self.is_active and bool(self.roles)


class StaffRole(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=30, choices=Role.choices)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["user_id", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="staff_role_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="staff_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
