"""Reading many sums as of one moment.

Two sums in one READ COMMITTED transaction can disagree, because a return may be approved between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def read_snapshot() -> Iterator[None]:
    """Every query inside sees the database as it was at the first one, and none may write (on PostgreSQL).

    Inside another transaction, which has its own view already, nothing is changed. SQLite gives a read transaction
    one view until it ends; it is begun as deferred, so that readers do not queue behind a writer.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with _deferred_on_sqlite(), transaction.atomic():
            yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


@contextmanager
def _deferred_on_sqlite() -> Iterator[None]:
    connection.ensure_connection()
    # Writers begin as IMMEDIATE by setting; a read that did so would take the one write lock.
    usual = getattr(connection, "transaction_mode", None)
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = usual  # type: ignore[attr-defined]
