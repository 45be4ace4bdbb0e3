"""What every writing request is asked for: who sends it, a body that can be read, a name of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from rest_framework.request import Request

from grants.api.problems import ApiProblem, malformed
from vru.accounts.actions.idempotency import Answer, KeyUsedBefore, answer_once
from vru.accounts.models import ApiToken, User

LONGEST_IDEMPOTENCY_KEY = 100


def person(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


def read_body(serializer_class: type[Any], request: Request) -> dict[str, Any]:
    """The body as the serializer reads it. Raises a 400 that names each field."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_IDEMPOTENCY_KEY or not (key.isascii() and key.isprintable()):
        raise malformed(
            "Send an Idempotency-Key header: any text of your own of up to 100 letters, figures and signs, such as a "
            "UUID. Use the same one when you repeat this request."
        )
    return key


def answered_once(request: Request, *, caller: ApiToken | User, key: str, act: Callable[[], Answer]) -> Answer:
    """What ``act`` answers, or what it answered before. Raises a 422 for a key that stands for another request."""
    try:
        return answer_once(caller=caller, key=key, fingerprint=_fingerprint(request), act=act)
    except KeyUsedBefore as used:
        title = "This Idempotency-Key stands for another request"
        raise ApiProblem(HTTPStatus.UNPROCESSABLE_ENTITY, "key-reused", title, str(used)) from used


def _fingerprint(request: Request) -> str:
    """Of what is asked, whatever the order of its names and the spaces between them."""
    body = json.dumps(request.data, sort_keys=True, default=str)
    asked = "\n".join((request.method or "", request.get_full_path(), request.headers.get("If-Match", ""), body))
    return hashlib.sha256(asked.encode()).hexdigest()
