from django.urls import path

from grants.views import grants
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

app_name = "grants"
urlpatterns = [
    path("", grants.grant_list, name="list"),
    path("<ref:ref>/", grants.grant_detail, name="detail"),
]
