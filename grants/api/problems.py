"""One shape for everything the API refuses: type, title, status, detail and a list of errors (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from grants.validation import Problem

CONTENT_TYPE = "application/problem+json"
_TYPE = "urn:vru:problem:"
_NAMES: dict[type[Exception], tuple[str, str]] = {
    exceptions.AuthenticationFailed: ("key-refused", "The key is not accepted"),
    exceptions.NotAuthenticated: ("key-missing", "A key is needed"),
    exceptions.PermissionDenied: ("not-allowed", "Not allowed"),
    exceptions.NotFound: ("not-found", "There is no such thing"),
    exceptions.MethodNotAllowed: ("method-not-allowed", "This address does not take that method"),
    exceptions.NotAcceptable: ("not-acceptable-format", "Answers are in JSON only"),
    exceptions.UnsupportedMediaType: ("not-json", "The body must be JSON"),
    exceptions.Throttled: ("too-many-requests", "Too many requests"),
    exceptions.ValidationError: ("malformed", "The request cannot be read"),
    exceptions.ParseError: ("malformed", "The request cannot be read"),
}


class ApiProblem(exceptions.APIException):
    """A refusal with a name of its own. ``more`` are further members, such as both texts of a conflict."""

    def __init__(
        self, status: int, name: str, title: str, detail: str, errors: Iterable[Any] = (), **more: Any
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.name, self.title, self.errors, self.more = name, title, list(errors), more


def malformed(detail: str, errors: Iterable[Any] = ()) -> ApiProblem:
    return ApiProblem(HTTPStatus.BAD_REQUEST, "malformed", "The request cannot be read", detail, errors)


def finding(problem: Problem) -> dict[str, str]:
    """One error or warning of the validator. Callers leave out what only staff may see."""
    return {
        "code": problem.code,
        "section": str(problem.section.value),
        "field": problem.field,
        "message": problem.message,
        "value": problem.value,
    }


def mistake(field: str, message: str, value: str = "") -> dict[str, str]:
    """One mistake in the request itself, in the same shape as what the validator finds."""
    return {"code": "", "section": "", "field": field, "message": message, "value": value[:60]}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's hook: None for what is not a refusal, which then is an error of ours (500)."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(str(error) or None)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    body = _body(error)
    return Response(body, status=error.status_code, headers=_headers(error), content_type=CONTENT_TYPE)


def problem(error: exceptions.APIException) -> JsonResponse:
    """The same shape where no view of the API was reached."""
    return JsonResponse(_body(error), status=error.status_code, content_type=CONTENT_TYPE)


def _body(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, ApiProblem):
        name, title, errors, more = error.name, error.title, error.errors, error.more
        detail = str(error.detail)
    else:
        name, title = next((_NAMES[kind] for kind in type(error).__mro__ if kind in _NAMES), ("refused", "Refused"))
        errors, more = _mistakes(error.detail) if isinstance(error, exceptions.ValidationError) else [], {}
        detail = " ".join(item["message"] for item in errors[:3]) if errors else str(error.detail)
    start = {"type": f"{_TYPE}{name}", "title": title, "status": error.status_code}
    return {**start, "detail": detail, "errors": errors, **more}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    wait = getattr(error, "wait", None)
    said = getattr(error, "auth_header", None)
    headers = {"WWW-Authenticate": said} if said else {}
    return {**headers, "Retry-After": str(int(wait))} if wait is not None else headers


def _mistakes(detail: Any, field: str = "") -> list[dict[str, str]]:
    """The serializer's nested messages as a flat list, each with the dotted name of what it is about."""
    if isinstance(detail, dict):
        nested = [(_join(field, str(name)), inner) for name, inner in detail.items()]
        return [item for name, inner in nested for item in _mistakes(inner, name)]
    if isinstance(detail, list):
        return [item for inner in detail for item in _mistakes(inner, field)]
    return [mistake(field, str(detail))]


def _join(field: str, name: str) -> str:
    if name == "non_field_errors":
        return field
    return f"{field}.{name}" if field else name
