from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0006_removed_sections'),
    ]

    operations = [
        migrations.AddField(
            model_name='reportsection',
            name='saved_from',
            field=models.CharField(blank=True, help_text='The open page that saved last, and its count of saves.', max_length=60),
        ),
    ]
