"""Addresses of checks before sign-off, signing, sending, verifying."""

from __future__ import annotations

from django.urls import URLPattern, path

from evaluation.views.signing import checks, edition, steps, verifying

_EDITION = "reports/editions/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path(_EDITION, edition.report_detail, name="report"),
    path(f"{_EDITION}sign-off/", checks.sign_off, name="sign-off"),
    path(f"{_EDITION}sign-off/<slug:check>/", checks.explain_check, name="sign-off-explain"),
    path(f"{_EDITION}review/", steps.edition_review, name="edition-review"),
    path(f"{_EDITION}back/", steps.edition_back, name="edition-back"),
    path(f"{_EDITION}sign/", steps.edition_sign, name="edition-sign"),
    path(f"{_EDITION}finish/", steps.edition_finish, name="edition-finish"),
    path(f"{_EDITION}send/", steps.edition_send, name="edition-send"),
    path(f"{_EDITION}verify/", verifying.edition_verify, name="edition-verify"),
    path("verify/", verifying.verify, name="verify"),
]
