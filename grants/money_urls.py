"""Where the money goes, under /money/: payments and runs, variance, underspend, virements, the ledger."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from grants.views.ledger import line as ledger_line
from grants.views.ledger import pages as ledger
from grants.views.ledger import upload as ledger_upload
from grants.views.variations import pages as variations
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <export_format:…>

app_name = "money"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("grants.payment_urls")),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/upload/", ledger_upload.ledger_upload, name="ledger-upload"),
    path("ledger/check/", ledger_upload.ledger_check, name="ledger-check"),
    path("ledger/lines/<int:pk>/", ledger_line.ledger_line, name="ledger-line"),
    path("ledger/export/<export_format:file_format>/", ledger.ledger_export, name="ledger-export"),
    path("", include("grants.spending_urls")),
    path("variations/", variations.variation_list, name="variations"),
]
