"""Fills what 0002 added. Apart from it, because PostgreSQL cannot alter a table with checks still waiting."""

from django.db import migrations, models
from django.utils import timezone


def put_editions(apps, schema_editor):
    """One edition per version that any question reached; each version was asked until its successor began."""
    Question = apps.get_model("grants", "Question")
    Questionnaire = apps.get_model("grants", "Questionnaire")
    newest = Question.objects.aggregate(newest=models.Max("version"))["newest"]
    if newest is None:
        return
    now = timezone.now()
    editions = {number: Questionnaire.objects.create(number=number, loaded_at=now) for number in range(1, newest + 1)}
    for question in Question.objects.all():
        later = Question.objects.filter(slug=question.slug, version__gt=question.version).exists()
        question.first_asked = editions[question.version]
        question.last_asked = editions[question.version] if later or not question.is_current else None
        question.save(update_fields=["first_asked", "last_asked"])


def date_and_stamp_returns(apps, schema_editor):
    """A return opened with its quarter. It keeps the edition that its answers were given to; without any, the last."""
    MonitoringReturn = apps.get_model("grants", "MonitoringReturn")
    Answer = apps.get_model("grants", "Answer")
    Questionnaire = apps.get_model("grants", "Questionnaire")
    latest = Questionnaire.objects.order_by("-number").first()
    answered = dict(
        Answer.objects.values("revision__monitoring_return")
        .annotate(edition=models.Max("question__first_asked"))
        .order_by()
        .values_list("revision__monitoring_return", "edition")
    )
    for item in MonitoringReturn.objects.select_related("quarter"):
        item.opens_on = min(item.quarter.opens_on, item.due_on)
        if item.status != "scheduled":
            item.questionnaire_id = answered.get(item.pk) or (latest.pk if latest else None)
        item.save(update_fields=["opens_on", "questionnaire"])


class Migration(migrations.Migration):
    dependencies = [("grants", "0002_questionnaire")]
    operations = [
        migrations.RunPython(put_editions, migrations.RunPython.noop),
        migrations.RunPython(date_and_stamp_returns, migrations.RunPython.noop),
    ]
