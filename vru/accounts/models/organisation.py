"""Organisations that are funded, that fund, or that deliver; and who acts for them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from vru.accounts.models.organisation_detail import FormerName, OrganisationPolicy
from vru.lib.constraints import paired
from vru.lib.layers import Layer
from vru.lib.org_ids import (
    charity_identifier,
    company_identifier,
    local_authority_identifier,
    nhs_identifier,
    school_identifier,
)

if TYPE_CHECKING:
    from vru.accounts.models.user import User


def _number_once(field: str, name: str) -> models.UniqueConstraint:
    """A register's number stands for one organisation of a layer; those that merged into another keep theirs."""
    return models.UniqueConstraint(
        fields=["layer", field],
        condition=~models.Q(**{field: ""}) & models.Q(merged_into__isnull=True),
        name=name,
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User) -> OrganisationQuerySet:
        if user.is_staff_member:
            return self
        return self.filter(
            models.Exists(Membership.objects.current().filter(organisation=models.OuterRef("pk"), user=user))
        )

    def in_layer(self, layer: str) -> OrganisationQuerySet:
        return self.filter(layer=layer)

    def called(self, text: str) -> OrganisationQuerySet:
        """Whose name, former name, reference or registration number holds the text."""
        former = FormerName.objects.filter(organisation=models.OuterRef("pk"), name__icontains=text)
        columns = ("name", "ref", "charity_number", "company_number", "authority_code", "school_urn", "nhs_code")
        holds = models.Q(models.Exists(former))
        for column in columns:
            holds |= models.Q(**{f"{column}__icontains": text})
        return self.filter(holds)

    def standing(self) -> OrganisationQuerySet:
        """Those that were not merged into another."""
        return self.filter(merged_into__isnull=True)


class Organisation(models.Model):
    class Kind(models.TextChoices):
        CHARITY = "charity", "Charity"
        COMMUNITY_GROUP = "community_group", "Community group"
        COMPANY = "company", "Company"
        LOCAL_AUTHORITY = "local_authority", "Local authority"
        SCHOOL = "school", "School or education provider"
        HEALTH = "health", "NHS body"
        POLICE = "police", "Police"
        UNIVERSITY = "university", "University or research body"
        UNIT = "unit", "The unit itself"
        OTHER = "other", "Other"

    ref = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    layer = models.CharField(max_length=12, choices=Layer.choices)
    charity_number = models.CharField(max_length=12, blank=True)
    company_number = models.CharField(max_length=8, blank=True)
    authority_code = models.CharField(
        max_length=9, blank=True, help_text="Local authority code used by org-id.guide's GB-LAE list."
    )
    school_urn = models.CharField(max_length=6, blank=True)
    nhs_code = models.CharField(max_length=10, blank=True)
    supplier_reference = models.CharField(
        max_length=40, blank=True, help_text="The finance system's reference; bank details are never held."
    )
    postcode = models.CharField(max_length=8, blank=True)
    address = models.TextField(blank=True)
    website = models.URLField(blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_organisations",
        help_text="The organisation that took this one over; its awards and people have moved there.",
    )
    merged_on = models.DateField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "charity",
                        "community_group",
                        "company",
                        "local_authority",
                        "school",
                        "health",
                        "police",
                        "university",
                        "unit",
                        "other",
                    ]
                ),
                name="organisation_kind_known",
            ),
            models.CheckConstraint(condition=models.Q(layer__in=Layer.values), name="organisation_layer_known"),
            models.CheckConstraint(condition=~models.Q(name=""), name="organisation_name_not_blank"),
            paired("merged_into", "merged_on", name="organisation_merger_whole"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("pk")),
                name="organisation_not_into_itself",
            ),
            _number_once("charity_number", "organisation_charity_once"),
            _number_once("company_number", "organisation_company_once"),
            _number_once("authority_code", "organisation_authority_once"),
            _number_once("school_urn", "organisation_school_once"),
            _number_once("nhs_code", "organisation_nhs_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def org_id(self) -> str:
        """The org-id.guide identifier, derived from the registration numbers; '' when there is none."""
        registers = (
            (self.charity_number, charity_identifier),
            (self.company_number, company_identifier),
            (self.authority_code, local_authority_identifier),
            (self.school_urn, school_identifier),
            (self.nhs_code, nhs_identifier),
        )
        return next((identify(number).org_id for number, identify in registers if number), "")

    def policy_rows(self, today: datetime.date) -> list[dict[str, Any]]:
        """Every kind of policy with its dates, if any: kind, label, policy, and whether its review is overdue."""
        held = {row.kind: row for row in self.policies.all()}
        return [
            {
                "kind": kind,
                "label": label,
                "policy": held.get(kind),
                "overdue": kind in held and (review := held[kind].review_on) is not None and review < today,
            }
            for kind, label in OrganisationPolicy.Kind.choices
        ]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> MembershipQuerySet:
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user: User) -> MembershipQuerySet:
        if user.is_staff_member:
            return self
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class Membership(models.Model):
    """What a person may do for an organisation. A person may be both submitter and signatory."""

    class Role(models.TextChoices):
        SUBMITTER = "submitter", "Fills in and submits returns"
        SIGNATORY = "signatory", "Checks spend and signs"

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organisation_id", "user_id", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="membership_once_while_current",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["submitter", "signatory"]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation} ({self.role})"
