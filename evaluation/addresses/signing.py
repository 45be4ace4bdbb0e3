"""Addresses of checks before sign-off, signing, sending, verifying."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
