"""Questions gain the editions they were asked in; returns gain their opening day and their edition."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(unique=True)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="questionnaire_number_from_one"
                    )
                ],
            },
        ),
        migrations.AddField(
            "question",
            "first_asked",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions_begun",
                to="grants.questionnaire",
            ),
        ),
        migrations.AddField(
            "question",
            "last_asked",
            models.ForeignKey(
                blank=True,
                help_text="The last questionnaire that asks it; empty while it is still asked.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions_ended",
                to="grants.questionnaire",
            ),
        ),
        migrations.AddField("monitoringreturn", "opens_on", models.DateField(null=True)),
        migrations.AddField(
            "monitoringreturn",
            "questionnaire",
            models.ForeignKey(
                blank=True,
                help_text="The questions it was opened with; empty until it opens.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returns",
                to="grants.questionnaire",
            ),
        ),
    ]
