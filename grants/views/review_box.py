"""One figure of a return by itself: all that is known about it, a question to the grantee, a note for the unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.actions import review as actions
from grants.actions.notes import LONGEST_NOTE, write_note
from grants.errors import ActionRefused
from grants.models import MonitoringReturn
from grants.views.return_page import address, visible_return
from grants.views.review import review_crumbs, reviewed_version
from grants.views.review_page import one_row
from vru.accounts.permissions import can_review_returns, person, require
from vru.lib.govuk.posted import posted
from vru.lib.state_machine import TransitionRefused

Status = MonitoringReturn.Status


class SayForm(forms.Form):
    mark_optional = False
    text = forms.CharField(
        label="What do you want to say?", widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_NOTE
    )
    kind = forms.ChoiceField(
        label="Who is it for?",
        widget=forms.RadioSelect,
        choices=[
            ("query", "The grantee: a question to answer"),
            ("note", "The unit only: a note beside the figure"),
        ],
    )


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def query_box(request: HttpRequest, ref: str, quarter: str, name: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    revision = reviewed_version(item)
    row = one_row(item, revision, name) if revision else None
    if revision is None or row is None:
        raise Http404(f"This return has no figure called {name}.")
    can_query = revision.approved_at is None and item.status in {Status.SUBMITTED, Status.QUERIED}
    form = SayForm(posted(request), initial={"kind": "query" if can_query else "note"})
    if not can_query:
        form.fields["kind"].choices = form.fields["kind"].choices[1:]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = {"section": row.box.section, "field": name, "text": form.cleaned_data["text"]}
        try:
            if form.cleaned_data["kind"] == "query":
                actions.raise_query(monitoring_return=item, by=person(request), **said)
                messages.success(request, "Query sent: the return is back with the grantee.")
            else:
                write_note(revision=revision, by=person(request), **said)
                messages.success(request, "Note kept. The grantee does not see it.")
        except (ActionRefused, TransitionRefused) as refused:
            messages.error(request, str(refused))
        return redirect(f"{address(item, 'review')}#box-{name}")
    context = {
        "return": item,
        "grant": item.commitment,
        "layer": item.commitment.programme.layer,
        "row": row,
        "form": form,
        "title": row.label,
        "crumbs": [*review_crumbs(item), {"text": f"Review of {item.quarter}", "href": address(item, "review")}],
        "back": f"{address(item, 'review')}#box-{name}",
    }
    return render(request, "grants/return_query_box.html", context, status=422 if form.errors else 200)
