"""Variations that were approved say so, before the database insists on it."""

from django.db import migrations, models


def say_approved(apps, schema_editor):
    Variation = apps.get_model("grants", "Variation")
    Variation.objects.filter(approved_at__isnull=False).update(status="approved")


class Migration(migrations.Migration):
    dependencies = [("grants", "0009_programmes_and_money")]

    operations = [
        migrations.RunPython(say_approved, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='variation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('status', 'approved')), models.Q(models.Q(('status', 'approved'), _negated=True), ('approved_at__isnull', True)), _connector='OR'), name='variation_approved_dated'),
        ),
    ]
