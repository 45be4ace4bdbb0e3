"""The written agreement of an award: its template, the document made from it, the offer and its acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from grants.models.commitment import Commitment
from vru.lib.constraints import paired

if TYPE_CHECKING:
    from vru.accounts.models import User


class AgreementTemplate(models.Model):
    """Markdown with tokens for the award's own facts. A template in use is never edited: a new version follows it."""

    slug = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    body = models.TextField()
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["slug", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="agreement_template_version_once"),
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(is_current=True), name="agreement_template_one_current"
            ),
            models.CheckConstraint(condition=~models.Q(body=""), name="agreement_template_written"),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.version})"


class AwardAgreementQuerySet(models.QuerySet["AwardAgreement"]):
    def visible_to(self, user: User) -> AwardAgreementQuerySet:
        """Staff see every one; a grantee those offered to it."""
        if user.is_staff_member:
            return self
        mine = Commitment.objects.visible_to(user).filter(pk=models.OuterRef("commitment_id"))
        return self.filter(models.Exists(mine), offered_at__isnull=False)

    def in_force(self) -> AwardAgreementQuerySet:
        """Accepted by the grantee and not replaced by a later one."""
        return self.filter(accepted_at__isnull=False, ended_at__isnull=True)


class AwardAgreement(models.Model):
    """One version of an award's agreement. The words are kept as offered; the file is made from them once."""

    commitment = models.ForeignKey("grants.Commitment", on_delete=models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    template = models.ForeignKey(AgreementTemplate, on_delete=models.PROTECT, related_name="agreements")
    terms = models.JSONField(default=dict, help_text="The award's facts as they stood when it was made.")
    body = models.TextField(help_text="The Markdown with every token resolved.")
    file = models.FileField(upload_to="agreements/%Y/%m", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    offered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)
    accepted_name = models.CharField(max_length=200, blank=True, help_text="Who signed, as they write their name.")
    accepted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    is_on_paper = models.BooleanField(default=False, help_text="Signed on paper; staff recorded it.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Declined, withdrawn or replaced.")
    ended_because = models.TextField(blank=True)

    objects = AwardAgreementQuerySet.as_manager()

    class Meta:
        ordering = ["commitment_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "number"], name="award_agreement_number_once"),
            models.UniqueConstraint(
                fields=["commitment"], condition=models.Q(ended_at__isnull=True), name="award_agreement_one_live"
            ),
            paired("offered_by", "offered_at", name="award_agreement_offer_whole"),
            paired("accepted_by", "accepted_at", name="award_agreement_acceptance"),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True)
                | (models.Q(offered_at__isnull=False) & ~models.Q(accepted_name="")),
                name="award_agreement_offered_first",
            ),
            models.CheckConstraint(
                condition=models.Q(file="") | ~models.Q(sha256=""), name="award_agreement_file_hashed"
            ),
        ]

    def __str__(self) -> str:
        return f"Agreement {self.number} of {self.commitment_id}"
