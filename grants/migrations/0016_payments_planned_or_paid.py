# A run of payments is approved, never one payment: the status was not given by any action.

from django.db import migrations, models


def approved_is_planned(apps, schema_editor):
    apps.get_model('grants', 'Payment').objects.filter(status='approved').update(status='planned')


class Migration(migrations.Migration):

    dependencies = [
        ('grants', '0015_payment_files_kept'),
    ]

    operations = [
        migrations.RunPython(approved_is_planned, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_status_known',
        ),
        migrations.AlterField(
            model_name='payment',
            name='status',
            field=models.CharField(choices=[('planned', 'Planned'), ('paid', 'Paid'), ('cancelled', 'Cancelled')], default='planned', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'paid', 'cancelled'])), name='payment_status_known', violation_error_message='Status is not one of the values allowed.'),
        ),
    ]
