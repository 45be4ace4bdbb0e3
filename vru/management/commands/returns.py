"""manage.py returns: which returns there are, for people and for scripts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from grants.models import MonitoringReturn
from grants.models.monitoring_return import WITH_GRANTEE

OPEN = "open"


class Command(BaseCommand):
    help = "Lists returns. `open` are all those that a grantee can fill in now: open, draft, queried, reopened."

    def add_arguments(self, parser: ArgumentParser) -> None:
        others = [status for status in MonitoringReturn.Status.values if status != OPEN]
        parser.add_argument("--status", choices=[OPEN, "all", *others], default=OPEN)
        parser.add_argument("--layer", default="", help="recorded or illustrative; without it, both.")
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        rows = MonitoringReturn.objects.select_related("quarter", "commitment__organisation", "commitment__programme")
        if options["status"] == OPEN:
            rows = rows.filter(status__in=WITH_GRANTEE)
        elif options["status"] != "all":
            rows = rows.filter(status=options["status"])
        if options["layer"]:
            rows = rows.in_layer(options["layer"])
        listed = [
            {
                "grant": item.commitment.ref,
                "title": item.commitment.title,
                "organisation": item.commitment.organisation.name,
                "layer": item.commitment.programme.layer,
                "quarter": item.quarter.key,
                "status": item.status,
                "opens_on": item.opens_on.isoformat(),
                "due_on": item.due_on.isoformat(),
                "overdue": item.is_overdue(today),
            }
            for item in rows.order_by("due_on", "commitment__ref", "quarter__year", "quarter__number")
        ]
        if options["format"] == "json":
            self.stdout.write(json.dumps({"returns": listed}, indent=2, ensure_ascii=False))
            return
        for row in listed:
            late = " overdue" if row["overdue"] else ""
            self.stdout.write(f"{row['grant']:<14} {row['quarter']}  due {row['due_on']}  {row['status']}{late}")
        if not listed:
            self.stderr.write("There are no such returns.")
