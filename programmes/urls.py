from django.urls import path

from programmes.views import programmes
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <export_format:…>

app_name = "programmes"
urlpatterns = [
    path("", programmes.programme_list, name="list"),
    path("export/<export_format:file_format>/", programmes.programme_export, name="export"),
]
