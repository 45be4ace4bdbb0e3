import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Contract: an edition has its report, and its kind, year and layer from it."""

    dependencies = [("evaluation", "0003_reports_of_editions")]

    operations = [
        migrations.AlterField(
            model_name="edition",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="editions",
                to="evaluation.report",
            ),
        ),
        migrations.RemoveField(
            model_name="edition",
            name="layer",
        ),
        migrations.RemoveField(
            model_name="edition",
            name="outline",
        ),
        migrations.RemoveField(
            model_name="edition",
            name="year",
        ),
        migrations.AlterModelOptions(
            name="edition",
            options={"ordering": ["-report__year", "report_id", "-number"]},
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("report", "number"), name="edition_number_once"),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                    models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                    _connector="OR",
                ),
                name="edition_sending_whole",
                violation_error_message="Sent by and sent at must be given together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                    models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                    _connector="OR",
                ),
                name="edition_publication_whole",
                violation_error_message="Published by and published at must be given together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signed_at__isnull", True),
                    models.Q(
                        models.Q(("imprint_hash", ""), _negated=True),
                        models.Q(("signed_name", ""), _negated=True),
                        models.Q(("signed_role", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="edition_signed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("published_at__isnull", True), ("signed_at__isnull", False), _connector="OR"),
                name="edition_published_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("signed_at__isnull", True), ("status__in", ["draft", "in_review"])),
                    models.Q(("signed_at__isnull", False), ("status__in", ["signed_off", "sent"])),
                    ("status", "superseded"),
                    _connector="OR",
                ),
                name="edition_status_signed",
            ),
        ),
    ]
