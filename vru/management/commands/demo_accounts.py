"""manage.py demo_accounts: the demonstration's sign-ins, made once."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from vru.demo.accounts import accounts_as_json, put_demo_accounts


class Command(BaseCommand):
    help = "Make one demonstration account a role and print how to sign in. Demo mode only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration accounts exist in demo mode only. Set VRU_DEMO=1 to make them.")
        accounts = put_demo_accounts(settings.VAR_DIR / "demo-accounts.json")
        if not any(account.organisation for account in accounts):
            self.stderr.write("No grantee accounts yet: run manage.py load_demo first, then this again.")
        if options["format"] == "json":
            self.stdout.write(json.dumps(accounts_as_json(accounts), indent=2))
            return
        for account in accounts:
            self.stdout.write(f"{account.role:<20} {account.email:<34} {account.password}")
