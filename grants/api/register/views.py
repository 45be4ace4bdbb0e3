"""Programmes, grants and organisations: the pages' own filters, rule of access and actions."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from grants.api.access import HasScope, ReturnView
from grants.api.asking import person, read_body
from grants.api.problems import malformed, mistake
from grants.api.register import (
    bodies,
    documents,
    grant_writing,
    organisation_writing,
    programme_writing,
    writing_documents,
)
from grants.api.register.reading import (
    grant_detail,
    grant_row,
    organisation_detail,
    organisation_row,
    programme_detail,
    programme_row,
)
from grants.api.register.writing import (
    WrittenByStaff,
    added_once,
    etag_of,
    read_answer,
    refuse_unless_read,
    without_notes,
)
from grants.api.views import ReturnPagination
from grants.filters import CommitmentFilter
from grants.models import Commitment
from programmes.filters import ProgrammeFilter
from programmes.layers import default_layer
from programmes.models import Programme, StrategyVersion
from vru.accounts.models import ApiToken, Organisation, User
from vru.accounts.permissions import can_edit_organisations, can_edit_programmes
from vru.lib.finding.list_filter import ListFilter
from vru.lib.layers import Layer

PAGING = frozenset({"page", "page_size", "layer", "sort"})
# What these ask is the unit's own business: which source pays, and how risky it finds an award.
STAFF_FILTERS = frozenset({"source", "risk"})


class RegisterView(ReturnView):
    """What the lists and details of the register have in common. ``writers`` says who may add and change."""

    permission_classes = (WrittenByStaff, HasScope)
    writers: Callable[[User], bool]

    def layer(self, request: Request) -> str:
        asked = request.query_params.get("layer") or default_layer()
        if asked not in Layer.values:
            raise malformed("No such layer.", [mistake("layer", f"Choose one of: {', '.join(Layer.values)}.", asked)])
        return asked

    def filtered(self, request: Request, found: ListFilter) -> QuerySet[Any]:
        """The rows that the page's own filters leave. Raises a 400 for a filter or a value that does not exist."""
        withheld = frozenset() if person(request).is_staff_member else STAFF_FILTERS
        unknown = sorted(set(request.query_params) - (set(found.filters) - withheld) - PAGING)
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


def locked(row: Any) -> None:
    """Lock the row until the transaction ends; every action on it starts with the same lock."""
    type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)


def programme_body(user: User, ref: str) -> dict[str, Any]:
    return programme_detail(one(programmes_for(user).select_related("manager", "decision"), ref))


def grant_body(request: Request, ref: str) -> dict[str, Any]:
    user = person(request)
    rows = grants_for(request, user).select_related("category", "manager", "decision")
    return grant_detail(one(rows, ref), user)


def organisation_body(request: Request, ref: str) -> dict[str, Any]:
    user = person(request)
    return organisation_detail(one(organisations_for(request, user).select_related("merged_into"), ref), user)


class ProgrammeListView(RegisterView):
    writers = staticmethod(can_edit_programmes)

    @extend_schema(**documents.PROGRAMME_LIST)
    def get(self, request: Request) -> Response:
        """Programmes of a layer, by title; none for grantees, who reach them through their grants."""
        rows = programmes_for(person(request)).filter(layer=self.layer(request))
        filters = ProgrammeFilter(request.query_params, queryset=rows, version=StrategyVersion.objects.last())
        return self.paged(request, self.filtered(request, filters), programme_row)

    @extend_schema(**writing_documents.PROGRAMME_ADD)
    def post(self, request: Request) -> Response:
        """Add a programme, as a draft, with what is known of its plan."""
        body = read_body(bodies.ProgrammeAddSerializer, request)

        def act(by: User) -> dict[str, Any]:
            return programme_body(by, programme_writing.add(body, layer=default_layer(), by=by).ref)

        return added_once(request, act)


class ProgrammeView(RegisterView):
    writers = staticmethod(can_edit_programmes)

    @extend_schema(**documents.PROGRAMME)
    def get(self, request: Request, ref: str) -> Response:
        """One programme: its plan, its places and its budget."""
        return read_answer(programme_body(person(request), ref))

    @extend_schema(**writing_documents.PROGRAMME_CHANGE)
    def patch(self, request: Request, ref: str) -> Response:
        """Change what is given, all of it or nothing; what is not named stays."""
        by, body = person(request), read_body(bodies.ProgrammeChangeSerializer, request)
        row = one(programmes_for(by), ref)
        with transaction.atomic():
            locked(row)
            refuse_unless_read(request, programme_body(by, ref))
            row.refresh_from_db()
            programme_writing.change(row, body, by=by)
            return read_answer(programme_body(by, ref))


class ProgrammeStatusView(RegisterView):
    writers = staticmethod(can_edit_programmes)

    @extend_schema(**writing_documents.PROGRAMME_STATUS)
    def post(self, request: Request, ref: str) -> Response:
        """Move a programme along its life: approve, start, pause, close or cancel it."""
        row = one(programmes_for(person(request)), ref)
        body = read_body(bodies.StatusBodySerializer, request)

        def act(by: User) -> dict[str, Any]:
            locked(row)
            refuse_unless_read(request, programme_body(by, ref), needed=False)
            programme_writing.move(row, body, by=by)
            return programme_body(by, ref)

        return added_once(request, act, status=HTTPStatus.OK)


class GrantListView(RegisterView):
    writers = staticmethod(can_edit_programmes)

    @extend_schema(**documents.GRANT_LIST)
    def get(self, request: Request) -> Response:
        """Grants, contracts and unit costs of a layer, by reference."""
        layer = self.layer(request)
        filters = CommitmentFilter(
            request.query_params,
            queryset=grants_for(request, person(request)).filter(programme__layer=layer),
            today=timezone.localdate(),
            layer=layer,
            version=StrategyVersion.objects.last(),
        )
        return self.paged(request, self.filtered(request, filters), grant_row)

    @extend_schema(**writing_documents.GRANT_ADD)
    def post(self, request: Request) -> Response:
        """Draft an award. It is offered, accepted, approved and paid on the site only."""
        body = read_body(bodies.GrantAddSerializer, request)

        def act(by: User) -> dict[str, Any]:
            return grant_body(request, grant_writing.add(body, by=by).ref)

        return added_once(request, act)


class GrantView(RegisterView):
    writers = staticmethod(can_edit_programmes)

    @extend_schema(**documents.GRANT)
    def get(self, request: Request, ref: str) -> Response:
        """One grant: its award, how it is shared out and planned, what was paid, its returns."""
        return read_answer(grant_body(request, ref))

    @extend_schema(**writing_documents.GRANT_CHANGE)
    def patch(self, request: Request, ref: str) -> Response:
        """Change what is given of a draft, all of it or nothing. Past the offer only a variation does, on the site."""
        by, body = person(request), read_body(bodies.GrantChangeSerializer, request)
        row = one(grants_for(request, by), ref)
        with transaction.atomic():
            locked(row)
            refuse_unless_read(request, grant_body(request, ref))
            grant_writing.change(row, body, by=by)
            return read_answer(grant_body(request, row.ref))


class OrganisationListView(RegisterView):
    writers = staticmethod(can_edit_organisations)

    @extend_schema(**documents.ORGANISATION_LIST)
    def get(self, request: Request) -> Response:
        """Organisations of a layer, by name."""
        rows = organisations_for(request, person(request)).filter(layer=self.layer(request))
        unknown = sorted(set(request.query_params) - PAGING - {"text"})
        if unknown:
            raise malformed("No such filter.", [mistake(name[:100], "There is no such filter.") for name in unknown])
        text = request.query_params.get("text", "").strip()
        if text:
            rows = rows.filter(name__icontains=text) | rows.filter(ref=text)
        return self.paged(request, rows.order_by("name", "pk"), organisation_row)

    @extend_schema(**writing_documents.ORGANISATION_ADD)
    def post(self, request: Request) -> Response:
        """Add an organisation. A number that another one has is refused; a name that another one has must be meant."""
        body, layer = read_body(bodies.OrganisationAddSerializer, request), self.layer(request)

        def act(by: User) -> dict[str, Any]:
            saved = organisation_writing.add(body, layer=layer, by=by)
            return {**organisation_body(request, saved.organisation.ref), "notes": saved.notes}

        return added_once(request, act)


class OrganisationView(RegisterView):
    writers = staticmethod(can_edit_organisations)

    @extend_schema(**documents.ORGANISATION)
    def get(self, request: Request, ref: str) -> Response:
        """One organisation: its names, its numbers and its grants."""
        return read_answer(organisation_body(request, ref))

    @extend_schema(**writing_documents.ORGANISATION_CHANGE)
    def patch(self, request: Request, ref: str) -> Response:
        """Change what is given. A name that is given up is kept as a former name."""
        by, body = person(request), read_body(bodies.OrganisationChangeSerializer, request)
        row = one(organisations_for(request, by), ref)
        with transaction.atomic():
            locked(row)
            refuse_unless_read(request, organisation_body(request, ref))
            row.refresh_from_db()
            saved = organisation_writing.change(row, body, by=by, today=timezone.localdate())
            now = {**organisation_body(request, ref), "notes": saved.notes}
            return Response(now, headers={"ETag": etag_of(without_notes(now))})
