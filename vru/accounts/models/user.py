"""People who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


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
        """Staff see everybody; a grantee sees the people of their own organisations and themselves."""
        if user.is_staff_member:
            return self
        colleagues = models.Q(memberships__organisation__memberships__user=user)
        return self.filter(pk__in=User.objects.filter(colleagues | models.Q(pk=user.pk)).values("pk"))


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
