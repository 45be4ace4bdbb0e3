"""The second person's signature."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from grants.actions.signing import sign_revision
from grants.errors import ActionRefused
from grants.views.return_page import address, number_in, visible_return
from vru.accounts.permissions import person


@require_POST
def return_sign(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    revision = item.revisions.live().filter(approved_at__isnull=True).first()
    if revision is None:
        raise Http404("There is nothing to sign.")
    if number_in(request, "revision") not in {0, revision.number}:
        messages.error(request, "A newer version was sent after you opened this page. Look at it before you sign.")
        return redirect(address(item, "tasks"))
    try:
        sign_revision(revision=revision, by=person(request))
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "You have signed this return.")
    return redirect(address(item, "tasks"))
