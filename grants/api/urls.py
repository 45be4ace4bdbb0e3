"""Addresses of the returns' API, under /api/v1/."""

from django.urls import path

from grants.api import views
from grants.api.schema import describing
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

_ONE = "returns/<ref:grant>/<str:quarter>"
returns = [
    path("returns", views.ReturnListView.as_view(), name="api-returns"),
    path(_ONE, views.ReturnDetailView.as_view(), name="api-return"),
    path(f"{_ONE}/template", views.TemplateView.as_view(), name="api-return-template"),
    path(f"{_ONE}/draft", views.DraftView.as_view(), name="api-return-draft"),
    path(f"{_ONE}/validation", views.ValidationView.as_view(), name="api-return-validation"),
    path(f"{_ONE}/submission", views.SubmissionView.as_view(), name="api-return-submission"),
]
urlpatterns = [*returns, path("returns/schema", describing(returns), name="api-returns-schema")]
