"""What the narrative sections ask: data, versioned, so that another unit asks its own and old answers keep theirs."""

from __future__ import annotations

from django.db import models

from grants.models.measure import Section
from vru.lib.constraints import one_of


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def current(self) -> Questionnaire | None:
        return self.order_by("-number").first()


class Questionnaire(models.Model):
    """One edition of the questions. A return keeps the edition it was opened with."""

    number = models.PositiveSmallIntegerField(unique=True)
    loaded_at = models.DateTimeField()

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="questionnaire_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"Questionnaire {self.number}"


class QuestionQuerySet(models.QuerySet["Question"]):
    def asked_in(self, questionnaire: Questionnaire) -> QuestionQuerySet:
        """The questions of one edition, each in the wording it had then."""
        still = models.Q(last_asked__isnull=True) | models.Q(last_asked__number__gte=questionnaire.number)
        return self.filter(still, first_asked__number__lte=questionnaire.number)

    def current(self) -> QuestionQuerySet:
        return self.filter(last_asked__isnull=True)


class Question(models.Model):
    """A question of the return's narrative sections: data, so that another unit asks its own."""

    slug = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    section = models.CharField(max_length=1, choices=Section.choices)
    text = models.CharField(max_length=300)
    hint = models.CharField(max_length=300, blank=True)
    kind = models.CharField(
        max_length=10,
        choices=[
            ("text", "Short text"),
            ("long", "Long text"),
            ("rag", "Red, amber or green"),
            ("yes_no", "Yes or no"),
            ("email", "Email"),
            ("phone", "Telephone"),
        ],
    )
    is_required = models.BooleanField(default=False)
    can_repeat = models.BooleanField(
        default=False, help_text="The answer seldom changes: it may be copied from the last return."
    )
    order = models.PositiveSmallIntegerField(default=0)
    first_asked = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="questions_begun")
    last_asked = models.ForeignKey(
        Questionnaire,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions_ended",
        help_text="The last questionnaire that asks it; empty while it is still asked.",
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["section", "order", "slug", "version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="question_version_once"),
            one_of("section", Section, name="question_section_known"),
        ]

    def __str__(self) -> str:
        return self.text
