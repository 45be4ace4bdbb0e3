"""Addresses of reading an edition, tracing its figures, comparing, what the public sees.

An edition's web page leads to its figures by a relative address: ``figures/`` must lie beside ``files/`` both under
``reports/editions/<pk>/`` and under ``published/<pk>/`` (see `evaluation.reports.links`).
"""

from __future__ import annotations

from django.urls import URLPattern, path

from evaluation.views.reading import traces

urlpatterns: list[URLPattern] = [
    path("reports/editions/<int:pk>/figures/", traces.edition_figures, name="edition-figures"),
    path("reports/printed/<int:pk>/", traces.printed_return, name="printed-return"),
]
