"""Addresses of numbers typed into prose."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from evaluation.views.numbers import decide, lists


class Fingerprint:
    """A SHA-256 in hexadecimal; anything else is no address."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(Fingerprint, "fingerprint")
_NUMBERS = "reports/<int:pk>/numbers/"

urlpatterns: list[URLPattern] = [
    path(_NUMBERS, lists.number_list, name="numbers"),
    path(f"{_NUMBERS}source/", decide.number_source, name="number-source"),
    path(f"{_NUMBERS}dismiss/", decide.number_dismiss, name="number-dismiss"),
    path(f"{_NUMBERS}<fingerprint:fingerprint>/", lists.number_detail, name="number"),
    path(f"{_NUMBERS}<fingerprint:fingerprint>/bind/", decide.number_bind, name="number-bind"),
    path(f"{_NUMBERS}<fingerprint:fingerprint>/reopen/", decide.number_reopen, name="number-reopen"),
]
