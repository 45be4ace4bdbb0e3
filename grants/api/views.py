"""The API with which a grantee's own system files returns: an adaptor over the site's own actions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from grants.answers.values import drafts_of
from grants.api import schema
from grants.api.access import ReturnView, own_return_for, return_for, returns_for
from grants.api.asking import answered_once, idempotency_key, person, read_body
from grants.api.filing import (
    Versions,
    by_section,
    etag_of,
    file_draft,
    file_submission,
    findings_of,
    versions_in,
    versions_of,
)
from grants.api.problems import malformed, mistake
from grants.api.reading import draft_of, return_detail, return_row, template_of
from grants.api.serializers import DraftBodySerializer, SubmissionBodySerializer, ValidationBodySerializer
from grants.models import MonitoringReturn
from grants.questionnaire import boxes_for
from grants.validation import validate
from vru.accounts.actions.idempotency import Answer
from vru.accounts.models import ApiToken, AuditEvent
from vru.lib.periods import PeriodError, Quarter


class ReturnPagination(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 100


class ReturnListView(ReturnView):
    @extend_schema(**schema.RETURN_LIST)
    def get(self, request: Request) -> Response:
        """The returns you may see, oldest quarter first, then by the grant's reference."""
        asked = request.query_params
        found = returns_for(request)
        if asked.get("status"):
            if asked["status"] not in MonitoringReturn.Status.values:
                known = ", ".join(MonitoringReturn.Status.values)
                raise malformed("No such status.", [mistake("status", f"Choose one of: {known}.", asked["status"])])
            found = found.filter(status=asked["status"])
        if asked.get("quarter"):
            try:
                period = Quarter.parse(asked["quarter"])
            except PeriodError as error:
                raise malformed(str(error), [mistake("quarter", str(error), asked["quarter"])]) from error
            found = found.filter(quarter__year=period.year, quarter__number=period.number)
        if asked.get("grant"):
            found = found.filter(commitment__ref=asked["grant"])
        pages = ReturnPagination()
        today = timezone.localdate()
        page = pages.paginate_queryset(found, request, view=self) or []
        return pages.get_paginated_response([return_row(item, today) for item in page])


class ReturnDetailView(ReturnView):
    @extend_schema(**schema.RETURN_DETAIL)
    def get(self, request: Request, grant: str, quarter: str) -> Response:
        """Where one return stands: its dates, why it cannot be changed if so, and what was sent."""
        return Response(return_detail(return_for(request, grant, quarter), timezone.localdate()))


class TemplateView(ReturnView):
    @extend_schema(**schema.TEMPLATE)
    def get(self, request: Request, grant: str, quarter: str) -> Response:
        """Every box of the return: its name, what it asks, what it takes, and what is known of it already."""
        return Response(template_of(return_for(request, grant, quarter)))


class DraftView(ReturnView):
    scopes: ClassVar = {"PUT": ApiToken.Scope.DRAFT, "PATCH": ApiToken.Scope.DRAFT}

    @extend_schema(**schema.DRAFT_READ)
    def get(self, request: Request, grant: str, quarter: str) -> Response:
        """What is saved so far, by box name. A return that came back starts from what was sent."""
        # As on the site: staff read what was sent, never what is still being written.
        return self._draft(own_return_for(request, grant, quarter))

    @extend_schema(**schema.DRAFT_REPLACE)
    def put(self, request: Request, grant: str, quarter: str) -> Response:
        """Save the whole draft. Boxes that are not named are emptied."""
        return self._save(request, grant, quarter, replace=True)

    @extend_schema(**schema.DRAFT_CHANGE)
    def patch(self, request: Request, grant: str, quarter: str) -> Response:
        """Save some boxes. Boxes that are not named keep what they hold."""
        return self._save(request, grant, quarter, replace=False)

    def _save(self, request: Request, grant: str, quarter: str, *, replace: bool) -> Response:
        item = own_return_for(request, grant, quarter)
        body = read_body(DraftBodySerializer, request)
        with transaction.atomic():
            file_draft(
                item=item,
                values=body["values"],
                versions=_versions(request, body) or {},
                by=person(request),
                replace=replace,
            )
        item.refresh_from_db(fields=["status"])
        return self._draft(item)

    def _draft(self, item: MonitoringReturn) -> Response:
        versions = versions_of(item)
        return Response(draft_of(item, versions), headers={"ETag": etag_of(versions)})


class ValidationView(ReturnView):
    @extend_schema(**schema.VALIDATION)
    def post(self, request: Request, grant: str, quarter: str) -> Response:
        """Check the saved draft, or the values sent, by the rules of the site. Nothing is saved."""
        item = own_return_for(request, grant, quarter)
        body = read_body(ValidationBodySerializer, request)
        boxes = boxes_for(item)
        if "values" in body:
            given = by_section(boxes, body["values"])
            raw = {section: {name: text or "" for name, text in row.items()} for section, row in given.items()}
        else:
            raw = drafts_of(item)
        return Response(findings_of(validate(item, raw, is_nil=body["is_nil"], boxes=boxes)))


class SubmissionView(ReturnView):
    scopes: ClassVar = {"POST": ApiToken.Scope.SUBMIT}

    @extend_schema(**schema.SUBMISSION)
    def post(self, request: Request, grant: str, quarter: str) -> Response:
        """Declare the saved draft complete and correct, and send it. The same Idempotency-Key sends it once."""
        item = own_return_for(request, grant, quarter)
        token = request.auth
        if not isinstance(token, ApiToken):
            raise PermissionDenied("Sending through the API needs a key. People send their return on the site.")
        key = idempotency_key(request)
        body = read_body(SubmissionBodySerializer, request)
        versions = _versions(request, body)
        body.pop("versions", None)

        def send() -> Answer:
            receipt = file_submission(item=item, declaration=body, versions=versions, by=token.user)
            AuditEvent.record("return sent with a key", item, by=token.user, key=token.prefix, number=receipt["number"])
            return Answer(HTTPStatus.CREATED, receipt)

        answer = answered_once(request, caller=token, key=key, act=send)
        headers = {"Location": answer.body["receipt"], "Idempotency-Replayed": str(answer.is_repeat).lower()}
        # In one order: a database keeps the names of an object in an order of its own.
        return Response(dict(sorted(answer.body.items())), status=answer.status, headers=headers)


def _versions(request: Request, body: dict[str, Any]) -> Versions | None:
    """From the body, else from If-Match; None when neither says."""
    header = request.headers.get("If-Match")
    if "versions" in body:
        return dict(body["versions"])
    return versions_in(header) if header else None
