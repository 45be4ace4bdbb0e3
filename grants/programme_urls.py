"""The pages of a programme that show its grants."""

from django.urls import path

from grants.views.programmes import history, pages
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

app_name = "programme"
urlpatterns = [
    path("<ref:ref>/money/", pages.programme_money, name="money"),
    path("<ref:ref>/grants/", pages.programme_grants, name="grants"),
    path("<ref:ref>/status/", pages.programme_status, name="status"),
    path("<ref:ref>/history/", history.programme_history, name="history"),
]
