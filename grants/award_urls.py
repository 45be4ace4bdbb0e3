"""Addresses of one award, below ``/grants/<ref>/``, in the namespace of ``grants.urls``."""

from django.urls import include, path

from grants.views.awards import agreement, detail, set_up, status
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

_AGREEMENT = "<ref:ref>/agreements/<int:number>/"
urlpatterns = [
    path("new/", set_up.award_new, name="set-up-new"),
    path("<ref:ref>/variations/", include("grants.variation_urls")),
    path("<ref:ref>/", detail.grant_detail, name="detail"),
    path("<ref:ref>/money/", detail.grant_money, name="money"),
    path("<ref:ref>/all-returns/", detail.grant_returns, name="all-returns"),
    path("<ref:ref>/results/", detail.grant_results, name="results"),
    path("<ref:ref>/people/", detail.grant_people, name="people"),
    path("<ref:ref>/documents/", detail.grant_documents, name="documents"),
    path("<ref:ref>/timeline/", detail.grant_timeline, name="timeline"),
    path("<ref:ref>/set-up/", set_up.set_up, name="set-up"),
    path("<ref:ref>/set-up/check/", set_up.set_up_check, name="set-up-check"),
    path("<ref:ref>/set-up/<slug:step>/", set_up.set_up_step, name="set-up-step"),
    path(_AGREEMENT, agreement.agreement_detail, name="agreement"),
    path(f"{_AGREEMENT}accept/", agreement.agreement_accept, name="agreement-accept"),
    path(f"{_AGREEMENT}decline/", agreement.agreement_decline, name="agreement-decline"),
    path(f"{_AGREEMENT}paper/", agreement.agreement_paper, name="agreement-paper"),
    path(f"{_AGREEMENT}file/", agreement.agreement_file, name="agreement-file"),
    path(f"{_AGREEMENT}file/ask/", agreement.agreement_file_ask, name="agreement-file-ask"),
    path("<ref:ref>/change/<slug:what>/", status.award_change, name="change"),
    path("<ref:ref>/closing/", status.award_closing, name="closing"),
    path("<ref:ref>/closing/close/", status.award_close, name="close"),
    path("<ref:ref>/closing/reconcile/", status.award_reconcile, name="reconcile"),
]
