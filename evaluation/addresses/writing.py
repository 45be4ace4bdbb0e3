"""Addresses of the sections of a report: editor, history, comments, review."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
