"""What the OpenAPI document says of programmes, grants and organisations."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from grants.api.register import examples, shapes
from grants.api.schema import JSON, answer, problems
from grants.models import Commitment
from programmes.models import Programme
from vru.lib.layers import Layer

_REF = OpenApiParameter("ref", str, OpenApiParameter.PATH, description="Its reference.")
_PAGING = [
    OpenApiParameter("layer", str, enum=Layer.values, description="Without it, the unit's own records."),
    OpenApiParameter("page", int),
    OpenApiParameter("page_size", int, description="At most 100; 50 without."),
]
_TEXT = OpenApiParameter("text", str, description="Words to look for.")
_PLAN = [
    OpenApiParameter("theme", str, description="A theme's short name."),
    OpenApiParameter("objective", str, description="An objective's number."),
    OpenApiParameter("area", str, description="An area's code, such as E09000007."),
]


def _list(name: str, serializer: Any, text: str, example: Any, *filters: OpenApiParameter) -> dict[str, Any]:
    return {
        "operation_id": name,
        "parameters": [_TEXT, *filters, *_PAGING],
        "responses": {(200, JSON): answer(serializer, text, example), **problems(400, 404)},
    }


def _one(name: str, serializer: Any, text: str, example: Any) -> dict[str, Any]:
    etag = OpenApiParameter(
        "ETag", str, OpenApiParameter.HEADER, response=[200], description="Of what was read: sent back with a change."
    )
    return {
        "operation_id": name,
        "parameters": [_REF, etag],
        "responses": {(200, JSON): answer(serializer, text, example), **problems(404)},
    }


PROGRAMME_LIST = _list(
    "list_programmes",
    shapes.ProgrammeListSerializer,
    "A page of programmes.",
    examples.PROGRAMME_LIST,
    OpenApiParameter("status", str, enum=Programme.Status.values),
    *_PLAN,
)
PROGRAMME = _one("read_programme", shapes.ProgrammeDetailSerializer, "The programme.", examples.PROGRAMME)
GRANT_LIST = _list(
    "list_grants",
    shapes.GrantListSerializer,
    "A page of grants.",
    examples.GRANT_LIST,
    OpenApiParameter("status", str, enum=Commitment.Status.values),
    OpenApiParameter("kind", str, enum=Commitment.Kind.values),
    OpenApiParameter("source", str, description="A funding source's short name."),
    *_PLAN,
)
GRANT = _one("read_grant", shapes.GrantDetailSerializer, "The grant.", examples.GRANT)
ORGANISATION_LIST = _list(
    "list_organisations", shapes.OrganisationListSerializer, "A page of organisations.", examples.ORGANISATION_LIST
)
ORGANISATION = _one(
    "read_organisation", shapes.OrganisationDetailSerializer, "The organisation.", examples.ORGANISATION
)
