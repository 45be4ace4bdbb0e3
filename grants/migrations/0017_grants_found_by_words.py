"""Search reads the words of grants from an index."""

from typing import ClassVar

from django.db import migrations

from vru.lib.finding.text_index import text_index


class Migration(migrations.Migration):
    dependencies: ClassVar = [("grants", "0016_payments_planned_or_paid")]

    operations: ClassVar = [text_index("grants.Commitment", ("title", "description"))]
