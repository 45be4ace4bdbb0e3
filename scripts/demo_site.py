"""What `make run` and `make report` both do first: settings, database, demonstration data."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from io import StringIO
from typing import IO, Any

import django
from common import ROOT, VAR, Stop, say
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import Error as DatabaseError
from django.db import connections


def demo_environment() -> None:
    """Demo mode on loopback; a secret key of this folder's own, because the development one is public."""
    os.environ["VRU_DEMO"] = "1"
    os.environ.setdefault("DJANGO_DEBUG", "0")
    os.environ["DJANGO_SETTINGS_MODULE"] = "vru.settings"
    key = VAR / "secret-key"
    if not key.exists():
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(60))
    os.environ.setdefault("DJANGO_SECRET_KEY", key.read_text().strip())


def command(name: str, *arguments: str, **options: Any) -> str:
    """Run a management command here; returns what it printed, raises ``Stop`` with its sentence."""
    out = StringIO()
    try:
        call_command(name, *arguments, stdout=out, **options)
    except (CommandError, ImproperlyConfigured) as error:
        raise Stop(f"{name}: {error}") from error
    except DatabaseError as error:
        raise Stop(
            f"{name} could not use the database ({error}). If it is damaged, move {VAR} away and start again."
        ) from error
    return out.getvalue()


def prepare() -> None:
    """Migrate and load the demonstration; safe to repeat, destroys nothing."""
    started = time.monotonic()
    demo_environment()
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Stop(str(error)) from error
    command("migrate", interactive=False, verbosity=0)
    say("Loading the demonstration …")
    command("load_demo", if_changed=True)
    connections.close_all()
    say(f"Ready in {time.monotonic() - started:.1f} s.")


def demo_accounts() -> list[dict[str, str]]:
    accounts: list[dict[str, str]] = json.loads(command("demo_accounts", "--format", "json"))["accounts"]
    connections.close_all()
    return accounts


def running_lock() -> IO[str] | None:
    """Held for as long as `make run` runs in this folder; None when somebody else holds it."""
    lock = (VAR / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


__all__ = ["ROOT", "command", "demo_accounts", "demo_environment", "prepare", "running_lock"]
