"""Addresses of areas, under /areas/."""

from django.urls import path

from evaluation.views import areas
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converters

app_name = "areas"
urlpatterns = [
    path("", areas.area_list, name="list"),
    path("export/<export_format:file_format>/", areas.area_export, name="export"),
    path("<ref:code>/", areas.area_detail, name="detail"),
]
