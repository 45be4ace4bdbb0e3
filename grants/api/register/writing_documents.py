"""What the OpenAPI document says of adding and changing programmes, grants and organisations."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from grants.api.problems import CONTENT_TYPE
from grants.api.register import bodies, examples, shapes
from grants.api.schema import JSON, answer, problems
from grants.api.serializers import ProblemSerializer
from vru.lib.layers import Layer

_REF = OpenApiParameter("ref", str, OpenApiParameter.PATH, description="Its reference.")
_LAYER = OpenApiParameter("layer", str, enum=Layer.values, description="Without it, the unit's own records.")
_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="Your own name for this request, up to 100 characters; the same when you repeat it.",
)
_IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag it was read with: without it nothing is changed."
)
_IF_MATCH_TOO = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag it was read with, to be sure that nothing changed."
)


class StaleProblemSerializer(ProblemSerializer):
    etag = serializers.CharField(help_text="The ETag of what stands now.")
    current = serializers.DictField(help_text="What stands now, as it is read.")


_REFUSALS: dict[int, tuple[Any, str, Any]] = {
    409: (ProblemSerializer, "It cannot be done as things stand.", examples.REFUSED),
    412: (StaleProblemSerializer, "Somebody changed it after you read it: here is what stands now.", examples.STALE),
    422: (ProblemSerializer, "It is against a rule, or the key was used before.", examples.AGAINST_A_RULE),
    428: (ProblemSerializer, "Say with If-Match what you read.", examples.ETAG_MISSING),
}


def _write(
    name: str,
    body: Any,
    example: Any,
    answered: tuple[int, Any, Any],
    *parameters: OpenApiParameter,
    also: tuple[int, ...],
) -> dict[str, Any]:
    code, serializer, shown = answered
    etag = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[code], description="Of what stands now.")
    refusals = {(status, CONTENT_TYPE): answer(*_REFUSALS[status]) for status in (409, 422, *also)}
    return {
        "operation_id": name,
        "parameters": [*parameters, etag],
        "request": {JSON: body},
        "examples": [OpenApiExample(name.replace("_", " ").capitalize(), value=example, request_only=True)],
        "responses": {
            (code, JSON): answer(serializer, "What stands now.", shown),
            **problems(400, 404, 413, 415),
            **refusals,
        },
    }


PROGRAMME_ADD = _write(
    "add_programme",
    bodies.ProgrammeAddSerializer,
    examples.PROGRAMME_ADD,
    (201, shapes.ProgrammeDetailSerializer, examples.PROGRAMME),
    _KEY,
    also=(),
)
PROGRAMME_CHANGE = _write(
    "change_programme",
    bodies.ProgrammeChangeSerializer,
    examples.PROGRAMME_CHANGE,
    (200, shapes.ProgrammeDetailSerializer, examples.PROGRAMME),
    *(_REF, _IF_MATCH),
    also=(412, 428),
)
PROGRAMME_STATUS = _write(
    "move_programme",
    bodies.StatusBodySerializer,
    examples.STATUS,
    (200, shapes.ProgrammeDetailSerializer, examples.PROGRAMME),
    *(_REF, _KEY, _IF_MATCH_TOO),
    also=(412,),
)
GRANT_ADD = _write(
    "draft_grant",
    bodies.GrantAddSerializer,
    examples.GRANT_ADD,
    (201, shapes.GrantDetailSerializer, examples.GRANT_DRAFT),
    _KEY,
    also=(),
)
GRANT_CHANGE = _write(
    "change_grant",
    bodies.GrantChangeSerializer,
    examples.GRANT_CHANGE,
    (200, shapes.GrantDetailSerializer, examples.GRANT_DRAFT),
    *(_REF, _IF_MATCH),
    also=(412, 428),
)
ORGANISATION_ADD = _write(
    "add_organisation",
    bodies.OrganisationAddSerializer,
    examples.ORGANISATION_ADD,
    (201, shapes.OrganisationSavedSerializer, examples.ORGANISATION_SAVED),
    *(_KEY, _LAYER),
    also=(),
)
ORGANISATION_CHANGE = _write(
    "change_organisation",
    bodies.OrganisationChangeSerializer,
    examples.ORGANISATION_CHANGE,
    (200, shapes.OrganisationSavedSerializer, examples.ORGANISATION_SAVED),
    *(_REF, _IF_MATCH),
    also=(412, 428),
)
