"""Addresses of numbers typed into prose."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
