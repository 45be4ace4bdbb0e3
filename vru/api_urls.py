"""Addresses of the API, under /api/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from vru.api import DefinitionsView, FiguresView, IsStaffMember

urlpatterns = [
    path("v1/", include("grants.api.urls")),
    path("v1/figures", FiguresView.as_view(), name="api-figures"),
    path("v1/figures/definitions", DefinitionsView.as_view(), name="api-figure-definitions"),
    path("schema", SpectacularAPIView.as_view(permission_classes=[IsStaffMember]), name="api-schema"),
]
