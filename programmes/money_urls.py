"""Where the money comes from, under /money/: sources, agreements, budget."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "funding"
urlpatterns: list[URLPattern] = []
