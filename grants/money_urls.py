"""Where the money goes, under /money/: payments and runs, variance, underspend, virements, the ledger."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "money"
urlpatterns: list[URLPattern] = []
