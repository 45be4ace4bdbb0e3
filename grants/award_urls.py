"""Addresses of one award, below ``/grants/<ref>/``, in the namespace of ``grants.urls``."""

from django.urls import include, path

from grants.views.awards import detail
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

urlpatterns = [
    path("<ref:ref>/variations/", include("grants.variation_urls")),
    path("<ref:ref>/", detail.grant_detail, name="detail"),
    path("<ref:ref>/money/", detail.grant_money, name="money"),
    path("<ref:ref>/all-returns/", detail.grant_returns, name="all-returns"),
    path("<ref:ref>/results/", detail.grant_results, name="results"),
    path("<ref:ref>/people/", detail.grant_people, name="people"),
    path("<ref:ref>/documents/", detail.grant_documents, name="documents"),
    path("<ref:ref>/timeline/", detail.grant_timeline, name="timeline"),
]
