from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_year_end_four_eyes")]

    operations = [
        migrations.AlterField(
            model_name="indicatortarget",
            name="target",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                help_text="Empty: still to be set for the year.",
                max_digits=14,
                null=True,
            ),
        ),
    ]
