"""The register of organisations, under /organisations/, and what is imported into it."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "organisations"
urlpatterns: list[URLPattern] = []
