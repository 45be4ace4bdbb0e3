"""Where the money goes, under /money/: payments and runs, variance, underspend, virements, the ledger."""

from __future__ import annotations

from django.urls import URLPattern, path

from grants.views.variations import pages as variations

app_name = "money"
urlpatterns: list[URLPattern] = [
    path("variations/", variations.variation_list, name="variations"),
]
