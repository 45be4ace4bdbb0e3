"""Search reads the words of programmes from an index."""

from typing import ClassVar

from django.db import migrations

from vru.lib.finding.text_index import text_index


class Migration(migrations.Migration):
    dependencies: ClassVar = [("programmes", "0005_programme_plans")]

    operations: ClassVar = [text_index("programmes.Programme", ("title", "summary"))]
