"""The decision register."""

from django.urls import path

from grants.views.programmes import decisions
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

app_name = "decisions"
urlpatterns = [
    path("", decisions.decision_list, name="list"),
    path("add/", decisions.decision_add, name="add"),
    path("<ref:ref>/", decisions.decision_detail, name="detail"),
    path("<ref:ref>/correct/", decisions.decision_correct, name="correct"),
]
