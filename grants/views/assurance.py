"""Checks of a return against the grantee's own registers: read by both sides, recorded by the unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions.assurance import LONGEST_FINDING, MOST_COUNTED, check_refusal, headlines, record_check
from grants.errors import ActionRefused
from grants.models import AssuranceCheck, Measure, MonitoringReturn
from grants.views.return_page import address, visible_return
from grants.views.review import reviewed_version
from vru.accounts.permissions import can_reopen_returns, can_review_returns, person, require
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted


def _text(label: str, hint: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_FINDING,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CheckForm(forms.Form):
    """One number box for each measure that the version reports; an empty one was not counted."""

    kind = forms.ChoiceField(label="What kind of check?", choices=AssuranceCheck.Kind.choices, widget=forms.RadioSelect)
    held_on = DatePartsField(label="When was it held?")
    looked_at = _text("What was looked at?", "Which records, and how the sample was drawn.")
    found = _text("What was found?", "The grantee reads this too.")
    agreed = _text("What was agreed?", "With the grantee, if anything.", required=False)
    follow_up_on = DatePartsField(label="When is it followed up?", required=False)

    def __init__(self, reported: dict[Measure, int], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.measures = list(reported)
        for measure, count in reported.items():
            self.fields[f"count_{measure.value}"] = forms.IntegerField(
                label=f"{measure.label}: counted in the registers",
                help_text=f"The return says {count:,}.",
                required=False,
                min_value=0,
                max_value=MOST_COUNTED,
            )

    def counts(self) -> dict[Measure, int]:
        typed = {measure: self.cleaned_data.get(f"count_{measure.value}") for measure in self.measures}
        return {measure: count for measure, count in typed.items() if count is not None}


def _crumbs(item: MonitoringReturn, staff: bool) -> list[dict[str, str]]:
    page = "review" if staff else "tasks"
    return [
        {"text": "Home", "href": reverse("home")},
        {"text": item.commitment.title, "href": reverse("grants:detail", args=[item.commitment.ref])},
        {"text": f"Return for {item.quarter}", "href": address(item, page)},
    ]


@require_safe
def assurance_list(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """Every check of one return, for staff and for the organisation whose return it is."""
    item, user = visible_return(request, ref, quarter), person(request)
    revision = reviewed_version(item)
    checks = (
        AssuranceCheck.objects.visible_to(user)
        .filter(monitoring_return=item)
        .select_related("checked_by", "revision")
        .prefetch_related("counts")
        .order_by("-held_on", "-pk")
    )
    context = {
        "return": item,
        "grant": item.commitment,
        "layer": item.commitment.programme.layer,
        "title": "Checks of this return",
        "checks": [
            # Each table has a name of its own, so that a screen reader can tell two checks apart.
            {"check": check, "counts": _compared(check), "counted_label": f"What was counted in check {number}"}
            for number, check in enumerate(checks, 1)
        ],
        "can_check": revision is not None and not check_refusal(user, revision),
        "can_reopen": can_reopen_returns(user)
        and item.status in {MonitoringReturn.Status.APPROVED, MonitoringReturn.Status.LOCKED},
        "is_staff": user.is_staff_member,
        "crumbs": _crumbs(item, user.is_staff_member),
    }
    return render(request, "grants/assurance_list.html", context)


def _compared(check: AssuranceCheck) -> list[dict[str, Any]]:
    order = list(Measure.values)
    rows = sorted(check.counts.all(), key=lambda row: order.index(row.measure))
    return [
        {
            "label": Measure(row.measure).label,
            "reported": row.reported,
            "counted": row.counted,
            "difference": row.counted - row.reported,
        }
        for row in rows
    ]


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def assurance_record(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item, user = visible_return(request, ref, quarter), person(request)
    revision = reviewed_version(item)
    refusal = check_refusal(user, revision) if revision else "Nothing has been sent yet, so there is nothing to check."
    if revision is None or refusal:
        messages.error(request, refusal)
        return redirect(address(item, "review"))
    form = CheckForm(headlines(revision), posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record_check(
                revision=revision,
                kind=AssuranceCheck.Kind(data["kind"]),
                held_on=data["held_on"],
                looked_at=data["looked_at"],
                found=data["found"],
                agreed=data["agreed"],
                follow_up_on=data["follow_up_on"],
                counts=form.counts(),
                by=user,
            )
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The check is recorded.")
            return redirect(address(item, "assurance"))
    context = {
        "return": item,
        "grant": item.commitment,
        "layer": item.commitment.programme.layer,
        "title": "Record a check",
        "revision": revision,
        "form": form,
        "crumbs": _crumbs(item, True),
    }
    return render(request, "grants/assurance_record.html", context, status=422 if form.errors else 200)
