"""The register of organisations, under /organisations/, and what is imported into it."""

from __future__ import annotations

from django.urls import path

from grants.views.organisations import edit, listing, merge, page
from grants.views.register import pages as register
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

app_name = "organisations"
urlpatterns = [
    path("", listing.organisation_list, name="list"),
    path("add/", edit.organisation_add, name="add"),
    path("due-diligence/", listing.checks_due, name="checks-due"),
    path("import/", register.register_start, name="import"),
    path("import/blank.<slug:kind>", register.register_template, name="import-template"),
    path("import/<int:pk>/", register.register_check, name="import-check"),
    path("import/<int:pk>/columns/", register.register_columns, name="import-columns"),
    path("import/<int:pk>/<slug:decision>/", register.register_decide, name="import-decide"),
    path("<ref:ref>/", page.organisation_detail, name="detail"),
    path("<ref:ref>/change/", edit.organisation_edit, name="edit"),
    path("<ref:ref>/supplier-reference/", edit.supplier_reference, name="supplier"),
    path("<ref:ref>/former-names/add/", edit.former_name_add, name="former-name-add"),
    path("<ref:ref>/contacts/add/", edit.contact_add, name="contact-add"),
    path("<ref:ref>/contacts/<int:pk>/", edit.contact_edit, name="contact"),
    path("<ref:ref>/contacts/<int:pk>/end/", edit.contact_end, name="contact-end"),
    path("<ref:ref>/policies/<slug:kind>/", edit.policy_edit, name="policy"),
    path("<ref:ref>/checks/<slug:kind>/", edit.check_record, name="check"),
    path("<ref:ref>/merge/", merge.organisation_merge, name="merge"),
]
