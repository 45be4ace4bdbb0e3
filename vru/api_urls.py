"""Addresses of the API, under /api/."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound

from grants.api.problems import problem
from vru.api import DefinitionsView, FiguresView, IsStaffMember


@login_not_required
def unknown(request: HttpRequest) -> JsonResponse:
    """A program that calls an address that is not there is told so in the words of the API."""
    return problem(NotFound("There is no such address. The guide lists those there are."))


urlpatterns = [
    path("v1/", include("grants.api.urls")),
    path("v1/figures", FiguresView.as_view(), name="api-figures"),
    path("v1/figures/definitions", DefinitionsView.as_view(), name="api-figure-definitions"),
    path("schema", SpectacularAPIView.as_view(permission_classes=[IsStaffMember]), name="api-schema"),
    re_path("", unknown, name="api-unknown"),
]
