"""A case study that a grantee told in a return, with the consent that lets the unit tell it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from vru.lib.constraints import one_of, paired

if TYPE_CHECKING:
    from vru.accounts.models import User


class CaseStudyQuerySet(models.QuerySet["CaseStudy"]):
    def visible_to(self, user: User) -> CaseStudyQuerySet:
        return self if user.is_staff_member else self.none()

    def in_layer(self, layer: str) -> CaseStudyQuerySet:
        return self.filter(commitment__programme__layer=layer)

    def usable(self, *, public: bool) -> CaseStudyQuerySet:
        """Those whose consent stands and reaches that far."""
        scopes = [CaseStudy.Scope.PUBLIC] if public else [CaseStudy.Scope.PUBLIC, CaseStudy.Scope.FUNDER]
        return self.filter(withdrawn_at__isnull=True, scope__in=scopes)


class CaseStudy(models.Model):
    class Scope(models.TextChoices):
        INTERNAL = "internal", "Inside the unit only"
        FUNDER = "funder", "In reports to funders"
        PUBLIC = "public", "In anything that is published"

    ref = models.SlugField(max_length=40, unique=True)
    commitment = models.ForeignKey("grants.Commitment", on_delete=models.PROTECT, related_name="case_studies")
    revision = models.ForeignKey(
        "grants.Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="case_studies"
    )
    title = models.CharField(max_length=200)
    text = models.TextField(help_text="Without names or anything else that would tell who it is about.")
    scope = models.CharField(max_length=8, choices=Scope.choices)
    consent_on = models.DateField()
    consent_note = models.CharField(max_length=300, help_text="How consent was given, and who at the grantee holds it.")
    kept_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.TextField(blank=True)

    objects = CaseStudyQuerySet.as_manager()

    class Meta:
        ordering = ["ref"]
        verbose_name_plural = "case studies"
        constraints = [
            one_of("scope", ["internal", "funder", "public"], name="case_study_scope_known"),
            paired("withdrawn_by", "withdrawn_at", name="case_study_withdrawal_whole"),
            models.CheckConstraint(
                condition=~models.Q(text="") & ~models.Q(consent_note=""), name="case_study_told_with_consent"
            ),
        ]

    def __str__(self) -> str:
        return self.title
