"""Addresses of one return: /returns/<grant>/<quarter>/…"""

from django.urls import path

from grants.views import (
    attachments,
    declaration,
    extensions,
    history,
    receipt,
    returns,
    review,
    rules,
    schedule,
    sections,
    signing,
    workbook,
)
from vru.lib import addresses as _addresses  # noqa: F401 - registers the converter <ref:…>

app_name = "returns"
_BASE = "<ref:ref>/<str:quarter>/"
urlpatterns = [
    path("rules/", rules.return_rules, name="rules"),
    path("quarters/", schedule.quarter_list, name="quarters"),
    path("quarters/set-up-a-year/", schedule.quarters_make, name="quarters-make"),
    path("quarters/<str:quarter>/cut-off/", schedule.quarter_cut_off, name="cut-off"),
    path(_BASE, returns.return_tasks, name="tasks"),
    path(f"{_BASE}section/<str:letter>/", sections.section_edit, name="section"),
    path(f"{_BASE}check/", returns.return_check, name="check"),
    path(f"{_BASE}declaration/", declaration.return_declare, name="declare"),
    path(f"{_BASE}sent/", receipt.return_receipt, name="receipt"),
    path(f"{_BASE}copy/<int:number>/", receipt.return_copy, name="copy"),
    path(f"{_BASE}copy/<int:number>/make/", receipt.return_copy_ask, name="copy-ask"),
    path(f"{_BASE}history/", history.return_history, name="history"),
    path(f"{_BASE}sign/", signing.return_sign, name="sign"),
    path(f"{_BASE}take-back/", signing.return_withdraw, name="withdraw"),
    path(f"{_BASE}files/", attachments.attachment_list, name="attachments"),
    path(f"{_BASE}files/<int:pk>/", attachments.attachment_download, name="attachment"),
    path(f"{_BASE}files/<int:pk>/remove/", attachments.attachment_remove, name="attachment-remove"),
    path(f"{_BASE}query/<int:query_id>/", review.query_answer, name="answer"),
    path(f"{_BASE}review/", review.return_review, name="review"),
    path(f"{_BASE}review/approve/", review.return_approve, name="approve"),
    path(f"{_BASE}review/query/", review.return_query, name="query"),
    path(f"{_BASE}review/reopen/", review.return_reopen, name="reopen"),
    path(f"{_BASE}more-time/", extensions.return_extension, name="extension"),
    path(f"{_BASE}more-time/give/", extensions.extension_give, name="extension-give"),
    path(f"{_BASE}more-time/<int:pk>/", extensions.extension_decide, name="extension-decide"),
    path(f"{_BASE}waive/", schedule.return_waive, name="waive"),
    path(f"{_BASE}workbook/", workbook.workbook, name="workbook"),
    path(f"{_BASE}workbook/download/", workbook.workbook_download, name="workbook-download"),
    path(f"{_BASE}workbook/<int:pk>/", workbook.workbook_upload, name="workbook-upload"),
    path(f"{_BASE}workbook/<int:pk>/marked-up/", workbook.workbook_marked, name="workbook-marked"),
]
