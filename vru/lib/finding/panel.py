"""Boxes of a filter panel, drawn once for the same choices: a list of forty managers is the same list all day.

The key of what is kept is the content itself, so nothing drawn before can be out of date.
"""

from __future__ import annotations

from functools import lru_cache

from django.utils.safestring import SafeString

from vru.lib.govuk.components import component

Choices = tuple[tuple[str, str], ...]


@lru_cache(maxsize=512)
def select(name: str, label: str, choices: Choices, chosen: str) -> SafeString:
    items = [{"value": value, "text": text, "selected": value == chosen} for value, text in choices]
    return component("select", {"id": f"id_{name}", "name": name, "label": {"text": label}, "items": items})


@lru_cache(maxsize=512)
def checkboxes(name: str, label: str, choices: Choices, chosen: frozenset[str]) -> SafeString:
    items = [{"value": value, "text": text, "checked": value in chosen} for value, text in choices]
    return component(
        "checkboxes",
        {
            "id_prefix": f"id_{name}",
            "name": name,
            "classes": "govuk-checkboxes--small",
            "fieldset": {"legend": {"text": label, "classes": "govuk-fieldset__legend--s"}},
            "items": items,
        },
    )


# What people type is seldom typed twice, so few are kept.
@lru_cache(maxsize=32)
def text_box(name: str, label: str, value: str) -> SafeString:
    return component("input", {"id": f"id_{name}", "name": name, "label": {"text": label}, "value": value})


@lru_cache(maxsize=8)
def apply_button() -> SafeString:
    return component("button", {"text": "Apply filters", "classes": "govuk-button--secondary"})
