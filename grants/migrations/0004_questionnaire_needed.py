"""What 0003 filled is needed from now on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0003_put_questionnaire")]
    operations = [
        migrations.AlterField(
            "question",
            "first_asked",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions_begun",
                to="grants.questionnaire",
            ),
        ),
        migrations.AlterField("monitoringreturn", "opens_on", models.DateField()),
        migrations.RemoveField("question", "is_current"),
    ]
