"""Answering a request once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from vru.accounts.models import ApiToken, IdempotentRequest, User


class KeyUsedBefore(ValueError):
    """The idempotency key stands for another request already."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]
    is_repeat: bool = False


@transaction.atomic
def answer_once(*, caller: ApiToken | User, key: str, fingerprint: str, act: Callable[[], Answer]) -> Answer:
    """What ``act`` answers, or what it answered when the same request came before.

    The row of the key and everything ``act`` writes are one transaction. So when ``act`` raises, or the process dies,
    the key is free again; and a second request with the same key waits for the first at the row's unique constraint.
    ``caller`` is the key it came with, or the person signed in. Raises ``KeyUsedBefore`` when the key was answered for
    a request with another fingerprint.
    """
    whose = {"token": caller} if isinstance(caller, ApiToken) else {"user": caller}
    row, is_new = IdempotentRequest.objects.get_or_create(
        **whose, key=key, defaults={"fingerprint": fingerprint, "created_at": timezone.now()}
    )
    if not is_new:
        if row.fingerprint != fingerprint:
            raise KeyUsedBefore("This Idempotency-Key was used for another request. Use a new key for each one.")
        return Answer(row.status, row.response, is_repeat=True)
    answer = act()
    row.status, row.response = answer.status, answer.body
    row.save(update_fields=["status", "response"])
    return answer
