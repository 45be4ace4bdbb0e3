"""What a form is bound to."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when it is empty; None for a first look. An empty POST is an answer, not a first look."""
    return request.POST if request.method == "POST" else None
