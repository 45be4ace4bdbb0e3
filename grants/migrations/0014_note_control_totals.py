from django.db import migrations
from django.db.models import Sum
from django.db.models.functions import Coalesce

BATCH = 2_000


def note_what_stands(apps, schema_editor):
    """Versions made before control totals existed get those of today: what changes from now on is seen."""
    Revision = apps.get_model("grants", "Revision")
    waiting = Revision.objects.filter(control_actual_pence__isnull=True).order_by("pk")
    while batch := list(
        waiting.annotate(
            actual=Coalesce(Sum("spend_lines__actual_pence"), 0),
            forecast=Coalesce(Sum("spend_lines__forecast_pence"), 0),
            match=Coalesce(Sum("spend_lines__match_pence"), 0),
        )[:BATCH]
    ):
        for row in batch:
            row.control_actual_pence, row.control_forecast_pence = row.actual, row.forecast
            row.control_match_pence = row.match
        Revision.objects.bulk_update(
            batch, ["control_actual_pence", "control_forecast_pence", "control_match_pence"], batch_size=500
        )


class Migration(migrations.Migration):
    dependencies = [("grants", "0013_control_totals")]

    operations = [migrations.RunPython(note_what_stands, migrations.RunPython.noop, elidable=True)]
