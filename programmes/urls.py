from django.urls import path

from programmes.views import editing, programmes, records
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <export_format:…>

app_name = "programmes"
urlpatterns = [
    path("", programmes.programme_list, name="list"),
    path("export/<export_format:file_format>/", programmes.programme_export, name="export"),
    path("add/", editing.programme_add, name="add"),
    path("<ref:ref>/edit/", editing.programme_edit, name="edit"),
    path("<ref:ref>/copy/", editing.programme_copy, name="copy"),
    path("<ref:ref>/audience/", editing.programme_audience, name="audience"),
    path("<ref:ref>/objectives/", editing.programme_objectives, name="objectives"),
    path("<ref:ref>/areas/", editing.programme_areas, name="areas"),
    path("<ref:ref>/wards/add/", editing.ward_add, name="ward-add"),
    path("<ref:ref>/wards/<int:pk>/take-out/", editing.ward_remove, name="ward-remove"),
    path("<ref:ref>/targets/add/", editing.target_add, name="target-add"),
    path("<ref:ref>/targets/<int:pk>/", editing.target_edit, name="target"),
    path("<ref:ref>/records/", records.programme_records, name="records"),
    path("<ref:ref>/risks/add/", records.risk_add, name="risk-add"),
    path("<ref:ref>/risks/<int:pk>/", records.risk_review, name="risk"),
    path("<ref:ref>/risks/<int:pk>/close/", records.risk_close, name="risk-close"),
    path("<ref:ref>/documents/add/", records.document_add, name="document-add"),
    path("<ref:ref>/documents/<int:pk>/", records.document_download, name="document"),
    path("<ref:ref>/documents/<int:pk>/remove/", records.document_remove, name="document-remove"),
]
