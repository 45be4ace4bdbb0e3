"""What every write to the register has in common: who may, what was read before it, and how a refusal is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grants.api.asking import answered_once, idempotency_key, person
from grants.api.problems import ApiProblem, malformed, mistake
from grants.errors import ActionRefused
from programmes.errors import ProgrammeRefused
from vru.accounts.actions.idempotency import Answer
from vru.accounts.actions.organisations import LooksLikeAnother, OrganisationRefused
from vru.accounts.models import ApiToken, User
from vru.lib.state_machine import TransitionRefused

KEYS_DO_NOT_WRITE = (
    "Keys are for returns. Programmes, organisations and grants are changed by the unit's staff, signed in on the site."
)


class WrittenByStaff(BasePermission):
    """Reading is the others' concern. Writing needs a person signed in for whom the view's ``writers`` is true."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS or not isinstance(request.user, User):
            return True
        if isinstance(request.auth, ApiToken):
            raise PermissionDenied(KEYS_DO_NOT_WRITE)
        writers: Callable[[User], bool] = view.writers  # type: ignore[attr-defined]
        if not writers(request.user):
            raise PermissionDenied("Your role does not change this. The site says who does.")
        return True


def plain(body: dict[str, Any]) -> dict[str, Any]:
    """The body with days as text, as it is sent and kept; in one order, because a database keeps its own."""
    made: dict[str, Any] = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
    return dict(sorted(made.items()))


def etag_of(body: dict[str, Any]) -> str:
    """A fingerprint of what was read, as an entity tag."""
    text = json.dumps(body, cls=DjangoJSONEncoder, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def read_answer(body: dict[str, Any]) -> Response:
    return Response(body, headers={"ETag": etag_of(body)})


def refuse_unless_read(request: Request, now: dict[str, Any], *, needed: bool = True) -> None:
    """Raises a 428 without If-Match (where ``needed``), and a 412 with what stands now when it is not what was read.

    Call it with the row locked, so that nothing changes between this and the write.
    """
    said = request.headers.get("If-Match", "")
    if not said:
        if needed:
            detail = "Send the ETag that you read as If-Match, so that nobody's work is overwritten unseen."
            raise ApiProblem(HTTPStatus.PRECONDITION_REQUIRED, "etag-missing", "Say what you read", detail)
        return
    # A proxy that compresses may have made the tag weak; that changes nothing here.
    tags = {tag.strip().removeprefix("W/") for tag in said.split(",")}
    if "*" in tags:
        raise malformed("If-Match must be the ETag that it was read with. A star would overwrite unseen work.")
    if etag_of(now) not in tags:
        detail = (
            "Somebody changed it after you read it. Nothing was overwritten. Compare, then send again with its ETag."
        )
        raise ApiProblem(
            HTTPStatus.PRECONDITION_FAILED, "stale", "It was changed", detail, etag=etag_of(now), current=plain(now)
        )


def added_once(
    request: Request, act: Callable[[User], dict[str, Any]], *, status: int = HTTPStatus.CREATED
) -> Response:
    """What ``act`` made, with its address; the same request with the same Idempotency-Key makes nothing more."""
    by, key = person(request), idempotency_key(request)
    answer = answered_once(request, caller=by, key=key, act=lambda: Answer(status, plain(act(by))))
    body = dict(sorted(answer.body.items()))
    headers = {"Idempotency-Replayed": str(answer.is_repeat).lower(), "ETag": etag_of(without_notes(body))}
    if answer.status == HTTPStatus.CREATED:
        headers["Location"] = body["address"]
    return Response(body, status=answer.status, headers=headers)


def without_notes(body: dict[str, Any]) -> dict[str, Any]:
    """What a later read gives: notes are said once, to whoever wrote."""
    return {name: value for name, value in body.items() if name != "notes"}


@contextmanager
def about(field: str = "") -> Iterator[None]:
    """An action refused inside becomes a refusal of the API that names the field."""
    try:
        yield
    except TransitionRefused as refused:
        errors = [mistake(field, str(refused))]
        raise ApiProblem(HTTPStatus.CONFLICT, "refused", "It cannot be done now", str(refused), errors) from refused
    except LooksLikeAnother as refused:
        raise _looks_like(refused) from refused
    except OrganisationRefused as refused:
        raise against_a_rule(refused.field or field, str(refused)) from refused
    except (ActionRefused, ProgrammeRefused) as refused:
        raise against_a_rule(field, str(refused)) from refused


def against_a_rule(field: str, message: str) -> ApiProblem:
    title = "What was sent is against a rule"
    errors = [mistake(field, message)]
    return ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "against-a-rule", title, message, errors)


def _looks_like(refused: LooksLikeAnother) -> ApiProblem:
    other = refused.existing
    assert other is not None
    detail = (
        f"{other.name} ({other.ref}) has this name, or had it. Use that organisation; if yours is another one, send it "
        "again with “confirmed”: true."
    )
    errors = [mistake(refused.field, detail)]
    return ApiProblem(HTTPStatus.CONFLICT, "looks-like-another", "The name is known already", detail, errors)


def no_such(field: str, what: str, value: str) -> ApiProblem:
    return against_a_rule(field, f"There is no {what} “{value[:60]}” to choose here.")


def chosen(field: str, what: str, value: Any, rows: Any, **lookup: Any) -> Any:
    """The one row of ``rows`` that the lookup finds; None for a value of None. Raises a 422 that names the field."""
    if value is None:
        return None
    found = rows.filter(**lookup).first()
    if found is None:
        raise no_such(field, what, str(value))
    return found
