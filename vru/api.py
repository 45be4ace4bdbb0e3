"""The API: an adaptor over the same registry as pages, reports and the command line."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluation.figures.asking import definition_json, figures_json, scope_of
from evaluation.figures.registry import compute, families
from evaluation.figures.snapshot import read_snapshot
from vru.accounts.models import User
from vru.accounts.permissions import can_read_everything


class IsStaffMember(BasePermission):
    """Figures rest on every grantee's returns, so only the unit's own people may ask for them."""

    message = "Only the unit's staff may read figures."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User) and can_read_everything(request.user)


class FigureSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField(allow_null=True, help_text="A number as text; money in pounds and pence.")
    low = serializers.CharField(allow_null=True)
    high = serializers.CharField(allow_null=True)
    display = serializers.CharField(help_text="As shown in prose.")
    unit = serializers.CharField()
    precision = serializers.ChoiceField(["exact", "about", "at_least", "at_most", "rounded"])
    numerator = serializers.CharField(allow_null=True)
    denominator = serializers.CharField(allow_null=True)
    returns_received = serializers.IntegerField(allow_null=True, help_text="Approved returns that it rests on.")
    returns_expected = serializers.IntegerField(allow_null=True)
    basis = serializers.ChoiceField(["computed", "stated"])
    sources = serializers.ListField(child=serializers.CharField())


class FiguresSerializer(serializers.Serializer):
    year = serializers.CharField()
    layer = serializers.CharField()
    as_at = serializers.DateField()
    figures = FigureSerializer(many=True)


class DefinitionSerializer(serializers.Serializer):
    name = serializers.CharField()
    title = serializers.CharField()
    parameters = serializers.ListField(child=serializers.CharField())
    required = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]
    summary = serializers.CharField()
    numerator = serializers.CharField()
    denominator = serializers.CharField()
    exclusions = serializers.CharField()
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class FigureProblemSerializer(serializers.Serializer):
    detail = serializers.CharField()


_QUERY = [
    OpenApiParameter("year", str, required=True, description='Financial year, such as "2020-21".'),
    OpenApiParameter("layer", str, description="published, illustrative or recorded."),
    OpenApiParameter(
        "as_at", str, description="Position at the end of this day, such as 2021-03-31; today without it."
    ),
    OpenApiParameter("key", str, many=True, description="One figure, such as reach.new objective=5. Repeatable."),
]


class FiguresView(APIView):
    permission_classes = (IsStaffMember,)

    @extend_schema(parameters=_QUERY, responses={200: FiguresSerializer, 400: FigureProblemSerializer})
    def get(self, request: Request) -> Response:
        """Figures of a year and layer. A year, layer, day or key that does not exist is a 400 that says so."""
        asked = request.query_params
        try:
            with read_snapshot():
                scope = scope_of(
                    year=asked.get("year", ""),
                    layer=asked.get("layer", ""),
                    as_at=asked.get("as_at", ""),
                    today=timezone.localdate(),
                )
                figures = list(compute(scope, asked.getlist("key") or None).values())
        except ValueError as error:
            raise ValidationError({"detail": str(error)}) from error
        return Response(figures_json(scope, figures))


class DefinitionsView(APIView):
    permission_classes = (IsStaffMember,)

    @extend_schema(responses=DefinitionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What every family of figures means: numerator, denominator, exclusions, unit and source."""
        found: list[dict[str, Any]] = [definition_json(family) for family in families()]
        return Response(found)
