"""Addresses of the sections of a report: editor, history, comments, review."""

from __future__ import annotations

from django.urls import URLPattern, path

from evaluation.views.writing import arrange, comments, editor, history, preview, review

SECTION = "reports/<int:pk>/sections/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path("reports/<int:pk>/arrange/", arrange.section_list, name="sections"),
    path("reports/<int:pk>/arrange/add/", arrange.section_add, name="section-add"),
    path("reports/<int:pk>/arrange/removed/<int:removed>/restore/", arrange.section_restore, name="section-restore"),
    path(SECTION, editor.section, name="section"),
    path(f"{SECTION}preview/", preview.section_preview, name="section-preview"),
    path(f"{SECTION}history/", history.section_history, name="section-history"),
    path(f"{SECTION}history/<int:number>/", history.section_version, name="section-version"),
    path(f"{SECTION}history/<int:number>/bring-back/", history.section_bring_back, name="section-bring-back"),
    path(f"{SECTION}comment/", comments.comment, name="section-comment"),
    path(f"{SECTION}comment/<int:number>/settle/", comments.comment_settle, name="section-comment-settle"),
    path(f"{SECTION}assign/", review.section_assign, name="section-assign"),
    path(f"{SECTION}send/", review.section_send, name="section-send"),
    path(f"{SECTION}approve/", review.section_approve, name="section-approve"),
    path(f"{SECTION}send-back/", review.section_send_back, name="section-send-back"),
    path(f"{SECTION}change/", arrange.section_change, name="section-change"),
    path(f"{SECTION}move/", arrange.section_move, name="section-move"),
    path(f"{SECTION}remove/", arrange.section_remove, name="section-remove"),
]
