"""Demonstration accounts have well-known emails: a production start refuses to run beside them."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError


def refuse_demo_accounts() -> None:
    """Raises ``ImproperlyConfigured`` in production when the database holds demonstration accounts.

    A database that cannot be asked yet (no tables before the first migration) holds none. The model is looked up late,
    because the processes that call this start before models are loaded.
    """
    if not settings.PRODUCTION:
        return
    try:
        count = apps.get_model("accounts.User")._default_manager.filter(is_demo=True).count()
    except DatabaseError:
        return
    if count:
        raise ImproperlyConfigured(
            f"This database holds {count} demonstration accounts, so a production start is refused. "
            "Use a database in which load_demo and demo_accounts were never run."
        )
