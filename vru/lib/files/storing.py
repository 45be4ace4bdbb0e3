"""Files and the rows that name them: both are kept, or neither."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models.fields.files import FieldFile


@contextmanager
def undone_on_failure() -> Iterator[list[FieldFile]]:
    """Stands around a transaction. Files put into the list are deleted from the store when anything fails, also the
    commit: a store knows nothing of rollbacks.
    """
    stored: list[FieldFile] = []
    try:
        yield stored
    except BaseException:
        for file in stored:
            if file.name:
                file.storage.delete(file.name)
        raise
