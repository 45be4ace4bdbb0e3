"""Addresses of the API for returns and the register, under /api/v1/."""

from django.urls import path

from grants.api import views
from grants.api.register import views as register
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
lists = [
    path("programmes", register.ProgrammeListView.as_view(), name="api-programmes"),
    path("programmes/<ref:ref>", register.ProgrammeView.as_view(), name="api-programme"),
    path("programmes/<ref:ref>/status", register.ProgrammeStatusView.as_view(), name="api-programme-status"),
    path("grants", register.GrantListView.as_view(), name="api-grants"),
    path("grants/<ref:ref>", register.GrantView.as_view(), name="api-grant"),
    path("organisations", register.OrganisationListView.as_view(), name="api-organisations"),
    path("organisations/<ref:ref>", register.OrganisationView.as_view(), name="api-organisation"),
]
urlpatterns = [
    *returns,
    *lists,
    path("returns/schema", describing([*returns, *lists]), name="api-returns-schema"),
]
