"""Reading programmes, grants and organisations: the pages' own filters and the pages' own rule of access."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from grants.api.access import ReturnView
from grants.api.problems import malformed, mistake
from grants.api.register import documents
from grants.api.register.reading import (
    grant_detail,
    grant_row,
    organisation_detail,
    organisation_row,
    programme_detail,
    programme_row,
)
from grants.api.views import ReturnPagination
from grants.filters import CommitmentFilter
from grants.models import Commitment
from programmes.filters import ProgrammeFilter
from programmes.layers import default_layer
from programmes.models import Programme, StrategyVersion
from vru.accounts.models import ApiToken, Organisation, User
from vru.lib.finding.list_filter import ListFilter
from vru.lib.layers import Layer

PAGING = frozenset({"page", "page_size", "layer", "sort"})


class RegisterView(ReturnView):
    """What the lists and details of the register have in common."""

    def user(self, request: Request) -> User:
        assert isinstance(request.user, User)
        return request.user

    def layer(self, request: Request) -> str:
        asked = request.query_params.get("layer") or default_layer()
        if asked not in Layer.values:
            raise malformed("No such layer.", [mistake("layer", f"Choose one of: {', '.join(Layer.values)}.", asked)])
        return asked

    def filtered(self, request: Request, found: ListFilter) -> QuerySet[Any]:
        """The rows that the page's own filters leave. Raises a 400 for a filter or a value that does not exist."""
        unknown = sorted(set(request.query_params) - set(found.filters) - PAGING)
        if unknown:
            raise malformed("No such filter.", [mistake(name[:100], "There is no such filter.") for name in unknown])
        if not found.form.is_valid():
            wrong = [(name, str(error)) for name, errors in found.form.errors.items() for error in errors]
            raise malformed("A filter's value does not exist.", [mistake(name, text) for name, text in wrong])
        return found.found

    def paged(self, request: Request, rows: QuerySet[Any], shape: Any) -> Response:
        pages = ReturnPagination()
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response([shape(row) for row in page])


def programmes_for(user: User) -> QuerySet[Programme]:
    return Programme.objects.visible_to(user).select_related("theme", "primary_objective", "parent")


def grants_for(request: Request, user: User) -> QuerySet[Commitment]:
    rows = Commitment.objects.visible_to(user).select_related("programme", "organisation")
    return rows.filter(organisation=request.auth.organisation_id) if isinstance(request.auth, ApiToken) else rows


def organisations_for(request: Request, user: User) -> QuerySet[Organisation]:
    rows = Organisation.objects.visible_to(user)
    return rows.filter(pk=request.auth.organisation_id) if isinstance(request.auth, ApiToken) else rows


def one(rows: QuerySet[Any], ref: str) -> Any:
    """The row with the reference. Raises Http404 alike for what does not exist and for what is somebody else's."""
    found = rows.filter(ref=ref).first()
    if found is None:
        raise Http404("There is no such thing among those you may see.")
    return found


class ProgrammeListView(RegisterView):
    @extend_schema(**documents.PROGRAMME_LIST)
    def get(self, request: Request) -> Response:
        """Programmes of a layer, by title; none for grantees, who reach them through their grants."""
        rows = programmes_for(self.user(request)).filter(layer=self.layer(request))
        filters = ProgrammeFilter(request.query_params, queryset=rows, version=StrategyVersion.objects.last())
        return self.paged(request, self.filtered(request, filters), programme_row)


class ProgrammeView(RegisterView):
    @extend_schema(**documents.PROGRAMME)
    def get(self, request: Request, ref: str) -> Response:
        """One programme: its plan, its places and its budget."""
        rows = programmes_for(self.user(request)).select_related("manager", "decision")
        return Response(programme_detail(one(rows, ref)))


class GrantListView(RegisterView):
    @extend_schema(**documents.GRANT_LIST)
    def get(self, request: Request) -> Response:
        """Grants, contracts and unit costs of a layer, by reference."""
        layer = self.layer(request)
        filters = CommitmentFilter(
            request.query_params,
            queryset=grants_for(request, self.user(request)).filter(programme__layer=layer),
            today=timezone.localdate(),
            layer=layer,
            version=StrategyVersion.objects.last(),
        )
        return self.paged(request, self.filtered(request, filters), grant_row)


class GrantView(RegisterView):
    @extend_schema(**documents.GRANT)
    def get(self, request: Request, ref: str) -> Response:
        """One grant: its award, how it is shared out and planned, what was paid, its returns."""
        user = self.user(request)
        rows = grants_for(request, user).select_related("category", "manager", "decision")
        return Response(grant_detail(one(rows, ref), user))


class OrganisationListView(RegisterView):
    @extend_schema(**documents.ORGANISATION_LIST)
    def get(self, request: Request) -> Response:
        """Organisations of a layer, by name."""
        rows = organisations_for(request, self.user(request)).filter(layer=self.layer(request))
        unknown = sorted(set(request.query_params) - PAGING - {"text"})
        if unknown:
            raise malformed("No such filter.", [mistake(name[:100], "There is no such filter.") for name in unknown])
        text = request.query_params.get("text", "").strip()
        if text:
            rows = rows.filter(name__icontains=text) | rows.filter(ref=text)
        return self.paged(request, rows.order_by("name", "pk"), organisation_row)


class OrganisationView(RegisterView):
    @extend_schema(**documents.ORGANISATION)
    def get(self, request: Request, ref: str) -> Response:
        """One organisation: its names, its numbers and its grants."""
        user = self.user(request)
        rows = organisations_for(request, user).select_related("merged_into")
        return Response(organisation_detail(one(rows, ref), user))
