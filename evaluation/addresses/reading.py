"""Addresses of reading an edition, tracing its figures, comparing, what the public sees.

An edition's web page leads to its figures by a relative address: ``figures/`` must lie beside ``files/`` both under
``reports/editions/<pk>/`` and under ``published/<pk>/`` (see `evaluation.reports.links`).
"""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from evaluation.models import EditionFile
from evaluation.views.reading import comparing, files, published, publishing, traces


class FileKind:
    """One of the kinds of file an edition has; anything else is no address."""

    regex = "|".join(EditionFile.Kind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(FileKind, "file_kind")

urlpatterns: list[URLPattern] = [
    path("reports/editions/<int:pk>/files/<file_kind:kind>/", files.report_file, name="report-file"),
    path("reports/editions/<int:pk>/figures/", traces.edition_figures, name="edition-figures"),
    path("reports/editions/<int:pk>/compare/", comparing.edition_choose, name="edition-choose"),
    path("reports/editions/<int:pk>/compare/<int:other>/", comparing.edition_compare, name="edition-compare"),
    path("reports/editions/<int:pk>/publish/", publishing.edition_publish, name="edition-publish"),
    path("reports/editions/<int:pk>/unpublish/", publishing.edition_unpublish, name="edition-unpublish"),
    path("published/", published.published_list, name="published"),
    path("published/<int:pk>/", published.published_edition, name="published-edition"),
    path("published/<int:pk>/files/<file_kind:kind>/", files.published_file, name="published-file"),
    path("published/<int:pk>/figures/", published.published_figures, name="published-figures"),
    path("reports/printed/<int:pk>/", traces.printed_return, name="printed-return"),
]
