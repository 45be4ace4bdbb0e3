"""The list of grants and what is done to it as a list; joins the addresses of grants."""

from django.urls import path

from grants.views.finding import bulk, grant_list
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <export_format:…>

urlpatterns = [
    path("", grant_list.grant_list, name="list"),
    path("export/<export_format:file_format>/", grant_list.grant_export, name="export"),
    path("change/", bulk.bulk_change, name="bulk"),
    path("changes/", bulk.bulk_list, name="bulk-list"),
    path("changes/<int:pk>/", bulk.bulk_done, name="bulk-done"),
    path("changes/<int:pk>/undo/", bulk.bulk_undo, name="bulk-undo"),
]
