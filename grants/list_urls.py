"""The list of grants and what is done to it as a list; joins the addresses of grants."""

from django.urls import path

from grants.views.finding import grant_list
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <export_format:…>

urlpatterns = [
    path("", grant_list.grant_list, name="list"),
    path("export/<export_format:file_format>/", grant_list.grant_export, name="export"),
]
