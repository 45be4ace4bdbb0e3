"""What is known about an organisation beside its name: earlier names, people to call, and its policies."""

from __future__ import annotations

from django.db import models

from vru.lib.constraints import one_of, ordered


class FormerName(models.Model):
    """A name the organisation, or one that merged into it, used to have. Searches and imports find it."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200)
    until = models.DateField(null=True, blank=True, help_text="The last day of the name, where it is known.")

    class Meta:
        ordering = ["organisation_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="former_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="former_name_given"),
        ]

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> ContactQuerySet:
        return self.filter(ended_on__isnull=True)


class Contact(models.Model):
    """Somebody at the organisation whom the unit may call. A contact needs no account."""

    class Kind(models.TextChoices):
        MAIN = "main", "Main contact"
        FINANCE = "finance", "Finance"
        SAFEGUARDING = "safeguarding", "Safeguarding lead"
        DELIVERY = "delivery", "Delivery"
        CHAIR = "chair", "Chair or head"

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=50, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["organisation_id", "kind", "name", "pk"]
        constraints = [
            one_of("kind", ["main", "finance", "safeguarding", "delivery", "chair"], name="contact_kind_known"),
            models.CheckConstraint(condition=~models.Q(name=""), name="contact_named"),
            models.CheckConstraint(
                condition=~models.Q(email="") | ~models.Q(phone=""),
                name="contact_reachable",
                violation_error_message="Give an email address or a telephone number.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_kind_display().lower()}"


class OrganisationPolicy(models.Model):
    """A policy of the organisation: when it was last approved and when it is to be looked at again."""

    class Kind(models.TextChoices):
        SAFEGUARDING = "safeguarding", "Safeguarding"
        EQUALITY = "equality", "Equality and diversity"
        DATA_PROTECTION = "data_protection", "Data protection"
        HEALTH_AND_SAFETY = "health_and_safety", "Health and safety"
        WHISTLEBLOWING = "whistleblowing", "Whistleblowing"

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="policies")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    approved_on = models.DateField()
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["organisation_id", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind"], name="organisation_policy_once"),
            one_of(
                "kind",
                ["safeguarding", "equality", "data_protection", "health_and_safety", "whistleblowing"],
                name="organisation_policy_kind_known",
            ),
            ordered("approved_on", "review_on", name="organisation_policy_dates"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
