"""The columns that every kept file has. Who brought it, and to what it belongs, each model says for itself."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    class Scan(models.TextChoices):
        CLEAN = "clean", "Checked for viruses"
        NOT_SCANNED = "not_scanned", "Not scanned"

    name = models.CharField(max_length=200, help_text="The file's name as the person gave it, made safe.")
    content_type = models.CharField(max_length=100, help_text="Decided by what is inside, never by the name.")
    size = models.PositiveIntegerField(help_text="Bytes as stored.")
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=12, choices=Scan.choices)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
