"""Search reads the names of organisations from an index."""

from typing import ClassVar

from django.db import migrations

from vru.lib.finding.text_index import text_index


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0005_requests_of_people")]

    operations: ClassVar = [text_index("accounts.Organisation", ("name",))]
