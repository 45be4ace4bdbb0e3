"""Parts of addresses."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import StringConverter


class Reference(StringConverter):
    """A record's reference: anything but a slash, and no NUL, which PostgreSQL cannot even look for."""

    regex = r"[^/\x00]+"


register_converter(Reference, "ref")


class ExportFormat(StringConverter):
    """A format that lists are exported in; anything else is no address."""

    regex = "csv|xlsx"


register_converter(ExportFormat, "export_format")
