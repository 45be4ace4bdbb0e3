"""Addresses of drafts that are made by themselves."""

from __future__ import annotations

from django.urls import URLPattern, path

from evaluation.views import making

urlpatterns: list[URLPattern] = [
    path("reports/<int:pk>/schedule/", making.schedule, name="report-schedule"),
    path("reports/<int:pk>/schedule/stop/", making.schedule_stop, name="report-schedule-stop"),
]
