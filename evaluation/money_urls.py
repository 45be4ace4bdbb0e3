"""What is checked about the money, under /money/: funder rules, reconciliation."""

from __future__ import annotations

from django.urls import URLPattern, path

from evaluation.views.reconciliation import reconciliation

app_name = "money-checks"
urlpatterns: list[URLPattern] = [
    path("reconciliation/", reconciliation, name="reconciliation"),
]
