"""What the OpenAPI document says of each operation: parameters, answers and examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, include, path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from drf_spectacular.views import SpectacularAPIView

from grants.api import examples
from grants.api.access import ReturnView
from grants.api.problems import CONTENT_TYPE
from grants.api.serializers import (
    ConflictProblemSerializer,
    DraftBodySerializer,
    DraftSerializer,
    ProblemSerializer,
    ReceiptSerializer,
    ReturnDetailSerializer,
    ReturnListSerializer,
    SubmissionBodySerializer,
    TemplateSerializer,
    UnacceptableProblemSerializer,
    ValidationBodySerializer,
    ValidationSerializer,
)
from grants.models import MonitoringReturn


class KeyScheme(OpenApiAuthenticationExtension):
    """The key as an HTTP bearer scheme. The library finds the class by being defined."""

    target_class = "vru.accounts.api_authentication.ApiTokenAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key made on your organisation's page."}


JSON = "application/json"
_GRANT = OpenApiParameter("grant", str, OpenApiParameter.PATH, description="The grant's reference.")
_QUARTER = OpenApiParameter("quarter", str, OpenApiParameter.PATH, description="Such as 2020-21Q2.")
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag that the draft was read with."
)
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="Your own name for this submission, up to 100 characters; the same when you repeat it.",
)
_ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200], description="The versions of the sections."
)


def answer(serializer: Any, text: str, example: Any = None) -> OpenApiResponse:
    shown = [OpenApiExample(text, value=example)] if example is not None else []
    return OpenApiResponse(serializer, description=text, examples=shown)


def problems(*codes: int, **special: Any) -> dict[Any, OpenApiResponse]:
    """The refusals of an operation by code; every operation may answer 401, 403, 406 and 429."""
    texts = {
        400: "The request cannot be read.",
        401: "The key is missing or not accepted.",
        403: "The key or the person may not do this.",
        404: "There is no such thing among those you may see.",
        406: "Answers are in JSON only.",
        409: "A newer version is saved, or the return cannot be changed now.",
        413: "The body is too large.",
        415: "The body is not JSON.",
        422: "The return has errors, a warning has no explanation, or the Idempotency-Key was used before.",
        429: "Too many requests: wait as long as Retry-After says.",
    }
    shapes = {409: ConflictProblemSerializer, 422: UnacceptableProblemSerializer}
    shown = {409: examples.CONFLICT, 422: examples.NOT_ACCEPTABLE}
    return {
        (code, CONTENT_TYPE): answer(shapes.get(code, ProblemSerializer), texts[code], shown.get(code))
        for code in sorted({401, 403, 406, 429, *codes})
    }


def _takes(serializer: Any, *shown: tuple[str, Any]) -> dict[str, Any]:
    return {
        "request": {JSON: serializer},
        "examples": [OpenApiExample(name, value=value, request_only=True) for name, value in shown],
    }


_BODY = (400, 404, 413, 415)
RETURN_LIST: dict[str, Any] = {
    "operation_id": "list_returns",
    "parameters": [
        OpenApiParameter("status", str, enum=MonitoringReturn.Status.values),
        OpenApiParameter("quarter", str, description="Such as 2020-21Q2."),
        OpenApiParameter("grant", str, description="A grant's reference."),
        OpenApiParameter("page", int),
        OpenApiParameter("page_size", int, description="At most 100; 50 without."),
    ],
    "responses": {
        (200, JSON): answer(ReturnListSerializer, "A page of returns.", examples.RETURN_LIST),
        **problems(400, 404),
    },
}
RETURN_DETAIL: dict[str, Any] = {
    "operation_id": "read_return",
    "parameters": [_GRANT, _QUARTER],
    "responses": {
        (200, JSON): answer(ReturnDetailSerializer, "The return.", examples.RETURN_DETAIL),
        **problems(404),
    },
}
TEMPLATE: dict[str, Any] = {
    "operation_id": "read_template",
    "parameters": [_GRANT, _QUARTER],
    "responses": {
        (200, JSON): answer(TemplateSerializer, "What the return asks.", examples.TEMPLATE),
        **problems(404),
    },
}
_DRAFT = {(200, JSON): answer(DraftSerializer, "The draft as it is saved.", examples.DRAFT)}
DRAFT_READ: dict[str, Any] = {
    "operation_id": "read_draft",
    "parameters": [_GRANT, _QUARTER, _ETAG],
    "responses": {**_DRAFT, **problems(404)},
}
DRAFT_REPLACE: dict[str, Any] = {
    "operation_id": "replace_draft",
    "parameters": [_GRANT, _QUARTER, _IF_MATCH, _ETAG],
    "responses": {**_DRAFT, **problems(*_BODY, 409)},
    **_takes(DraftBodySerializer, ("A whole draft", examples.DRAFT_BODY)),
}
DRAFT_CHANGE: dict[str, Any] = {
    "operation_id": "change_draft",
    "parameters": [_GRANT, _QUARTER, _IF_MATCH, _ETAG],
    "responses": {**_DRAFT, **problems(*_BODY, 409)},
    **_takes(DraftBodySerializer, ("Two boxes", examples.DRAFT_CHANGE_BODY)),
}
VALIDATION: dict[str, Any] = {
    "operation_id": "validate_return",
    "parameters": [_GRANT, _QUARTER],
    "responses": {
        (200, JSON): answer(ValidationSerializer, "What was found.", examples.VALIDATION),
        **problems(*_BODY),
    },
    **_takes(ValidationBodySerializer, ("The saved draft", {}), ("Values sent", examples.VALIDATION_BODY)),
}
SUBMISSION: dict[str, Any] = {
    "operation_id": "submit_return",
    "parameters": [_GRANT, _QUARTER, _KEY, _IF_MATCH],
    "responses": {
        (201, JSON): answer(ReceiptSerializer, "Sent. Repeated with the same key, the same.", examples.RECEIPT),
        **problems(*_BODY, 409, 422),
    },
    **_takes(
        SubmissionBodySerializer,
        ("A return", examples.SUBMISSION_BODY),
        ("Nothing to report", examples.NIL_BODY),
    ),
}


def describing(patterns: list[URLPattern]) -> Callable[..., HttpResponseBase]:
    """The view of the OpenAPI document of these addresses alone, for whoever may call them."""
    return SpectacularAPIView.as_view(
        patterns=[path("api/v1/", include(patterns))],
        authentication_classes=ReturnView.authentication_classes,
        permission_classes=ReturnView.permission_classes,
        throttle_classes=ReturnView.throttle_classes,
        custom_settings={
            "TITLE": "Returns and the register",
            "VERSION": "1",
            "DESCRIPTION": "With a key, a grantee's own system reads what a return asks, saves drafts and sends it. "
            "Programmes, grants and organisations are read by whoever may see them on the site.",
        },
    )
