"""Addresses of beginning a report, its page, copying last year's, case studies."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
