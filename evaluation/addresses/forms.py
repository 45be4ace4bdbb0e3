"""Addresses of a funder's form."""

from __future__ import annotations

from django.urls import URLPattern, path

from evaluation.views.forms import layout

urlpatterns: list[URLPattern] = [
    path("reports/kinds/<slug:kind>/", layout.report_kind, name="report-kind"),
    path("reports/editions/<int:pk>/return/", layout.edition_return, name="edition-return"),
]
