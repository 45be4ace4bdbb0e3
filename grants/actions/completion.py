"""What follows when a submission is complete: at once, or with its second signature."""

from __future__ import annotations

from grants.documents.queue import queue_copy
from grants.messages import tell_received, tell_signature_wanted
from grants.models import Revision
from vru.accounts.models import User


def after_sending(revision: Revision, by: User) -> None:
    """Called inside the action's transaction, with the revision's own return in hand."""
    if revision.awaits_signature:
        tell_signature_wanted(revision)
    else:
        complete(revision, by)


def complete(revision: Revision, by: User) -> None:
    tell_received(revision)
    queue_copy(revision=revision, by=by)
