"""Parts of an edition that are finished before the whole is, in the file store, so that another worker can go on."""

from __future__ import annotations

from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class Workbench:
    """A folder of an edition. A part's name holds its own hash: one that a killed worker left half written is no part.

    ``get(name, key)`` gives the part of that name made for the key, None where there is none; ``clear()`` removes all.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def get(self, name: str, key: str) -> bytes | None:
        for stored in self._names():
            if stored.startswith(f"{name}.{key}."):
                with default_storage.open(f"{self._folder}/{stored}", "rb") as file:
                    content: bytes = file.read()
                if sha256(content).hexdigest() == stored.rpartition(".")[2]:
                    return content
        return None

    def put(self, name: str, key: str, content: bytes) -> None:
        stored = f"{name}.{key}.{sha256(content).hexdigest()}"
        if stored in self._names():
            default_storage.delete(f"{self._folder}/{stored}")
        default_storage.save(f"{self._folder}/{stored}", ContentFile(content))

    def clear(self) -> None:
        for stored in self._names():
            default_storage.delete(f"{self._folder}/{stored}")
        if default_storage.exists(self._folder):
            default_storage.delete(self._folder)

    def _names(self) -> list[str]:
        try:
            return sorted(default_storage.listdir(self._folder)[1])
        except FileNotFoundError:
            return []
