"""Addresses of files to take away, under /exports/."""

from django.urls import path

from grants.views.finding import exports
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <export_format:…>

app_name = "exports"
urlpatterns = [
    path("", exports.export_list, name="list"),
    path("<slug:name>/<export_format:file_format>/", exports.export_file, name="file"),
]
