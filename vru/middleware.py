"""Rules that hold for every page of the site."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from grants.api.problems import malformed, problem

GetResponse = Callable[[HttpRequest], HttpResponse]


UNREADABLE = "The address holds a character that cannot be read."
UNREADABLE_FORM = "What was sent holds a character that cannot be read."


class RefuseNulMiddleware:
    """A NUL in an address is never typed by a person, and PostgreSQL refuses it deep inside a query: answer 400.

    A program that calls the API is answered in JSON, as everywhere there. In a box of a form it is said beside the box;
    where no form looked first (a hidden value, a choice), the database's refusal becomes a 400 as well.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _holds_nul(request.GET):
            if request.path.startswith("/api/"):
                return problem(malformed(UNREADABLE))
            raise BadRequest(UNREADABLE)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, DataError | ValueError) and _holds_nul(request.POST):
            raise BadRequest(UNREADABLE_FORM) from exception


def _holds_nul(sent: QueryDict) -> bool:
    return any("\x00" in text for name, texts in sent.lists() for text in (name, *texts))


class RequestSizeMiddleware:
    """A request larger than any form of the site is refused unread: its files would fill the disk first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.REQUEST_MAX_BYTES:
            most = settings.REQUEST_MAX_BYTES // (1024 * 1024)
            return render(request, "413.html", {"most_megabytes": most}, status=413)
        return self.get_response(request)


class PrivatePagesMiddleware:
    """What a signed-in person sees is not kept by browsers or proxies: the next person at the machine is another."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response
