"""The second person's answer: a signature, or the return sent back to be mended."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from grants.actions.signing import sign_revision, withdraw_revision
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, Revision
from grants.timetable.locks import lock_of
from grants.views.return_page import address, number_in, visible_return
from vru.accounts.permissions import person
from vru.lib.state_machine import TransitionRefused


def _posted_revision(request: HttpRequest, item: MonitoringReturn) -> Revision | None:
    """The version the page was about. None, with a message, when it is not the one that waits now."""
    waiting = item.revisions.pending().first()
    if waiting is None:
        raise Http404("There is nothing to sign.")
    if number_in(request, "revision") != waiting.number:
        messages.error(request, "A newer version was sent after you opened this page. Look at it before you decide.")
        return None
    return waiting


@require_POST
def return_sign(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    revision = _posted_revision(request, item)
    if revision is None:
        return redirect(address(item, "receipt"))
    if revision.signed_by_id == person(request).pk:
        return redirect(address(item, "receipt"))  # A double click: signed already, and by this person.
    try:
        sign_revision(revision=revision, by=person(request))
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "You have signed this return. It is with the unit now.")
    return redirect(address(item, "receipt"))


@require_POST
def return_withdraw(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    revision = _posted_revision(request, item)
    if revision is None:
        return redirect(address(item, "receipt"))
    try:
        item = withdraw_revision(revision=revision, by=person(request), reason=request.POST.get("reason", ""))
    except (ActionRefused, TransitionRefused) as refused:
        messages.error(request, str(refused))
        return redirect(f"{address(item, 'receipt')}#send-back")
    if lock_of(item, timezone.localdate()):
        messages.success(request, "The return is back with your organisation. Nothing in it is lost.")
    else:
        messages.success(request, "The return is back, to be changed and sent again. Nothing in it is lost.")
    return redirect(address(item, "tasks"))
