from django.db import migrations


def reports_of_editions(apps, schema_editor):
    """Every edition belongs to the report of its kind, year and layer."""
    edition, report = apps.get_model("evaluation", "Edition"), apps.get_model("evaluation", "Report")
    for each in edition.objects.order_by("pk"):
        found, _ = report.objects.get_or_create(
            outline_id=each.outline_id, year=each.year, period="", layer=each.layer, subject=""
        )
        edition.objects.filter(pk=each.pk).update(report=found)

def years_of_editions(apps, schema_editor):
    edition = apps.get_model("evaluation", "Edition")
    for each in edition.objects.select_related("report").order_by("pk"):
        edition.objects.filter(pk=each.pk).update(
            outline=each.report.outline_id, year=each.report.year, layer=each.report.layer
        )


class Migration(migrations.Migration):
    """Backfill: every edition gets its report."""

    dependencies = [("evaluation", "0002_reports")]

    operations = [
        migrations.RunPython(reports_of_editions, years_of_editions),
    ]
