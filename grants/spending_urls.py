"""Variance, underspend and virements, under /money/; part of the addresses of money."""

from __future__ import annotations

from django.urls import path

from grants.views.spending import underspend, variance, virements
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <export_format:…>

urlpatterns = [
    path("variance/", variance.variance, name="variance"),
    path("variance/export/<export_format:file_format>/", variance.variance_export, name="variance-export"),
    path("underspend/", underspend.underspend, name="underspend"),
    path("virements/", virements.virement_list, name="virements"),
    path("virements/new/", virements.virement_new, name="virement-new"),
    path("virements/<ref:ref>/", virements.virement_detail, name="virement"),
    path("virements/<ref:ref>/approve/", virements.virement_approve, name="virement-approve"),
    path("virements/<ref:ref>/refuse/", virements.virement_refuse, name="virement-refuse"),
    path("virements/<ref:ref>/withdraw/", virements.virement_withdraw, name="virement-withdraw"),
]
