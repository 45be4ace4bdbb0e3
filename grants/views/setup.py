"""What a grant's returns ask and when: one page that shows it, and a small page for each part that changes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.actions.schedule import plan_returns, remove_scheduled_return
from grants.actions.setup import remove_milestone
from grants.errors import ActionRefused
from grants.models import Commitment, Milestone, MonitoringReturn, Section
from grants.timetable.planning import planned_returns, quarters_touched
from grants.views.return_page import visible_return
from grants.views.setup_forms import PARTS, AddReturnForm, MilestoneForm, PartForm
from programmes.models import Dimension
from vru.accounts.models import AuditEvent
from vru.accounts.permissions import can_read_everything, can_review_returns, person, require
from vru.lib.govuk.posted import posted

HISTORY = 15


def _grant(request: HttpRequest, ref: str) -> Commitment:
    visible = Commitment.objects.visible_to(person(request)).grants().select_related("programme", "organisation")
    return get_object_or_404(visible, ref=ref)


def _crumbs(grant: Commitment, *, deeper: bool) -> list[dict[str, str]]:
    crumbs = [
        {"text": "Home", "href": reverse("home")},
        {"text": "Grants", "href": reverse("grants:list")},
        {"text": grant.title, "href": reverse("grants:detail", args=[grant.ref])},
    ]
    if deeper:
        crumbs.append({"text": "Set-up of returns", "href": reverse("grants:returns-setup", args=[grant.ref])})
    return crumbs


@require(can_read_everything)
@require_safe
def returns_setup(request: HttpRequest, ref: str) -> HttpResponse:
    grant = _grant(request, ref)
    may_change = can_review_returns(person(request))
    planned, beyond = _preview(grant)
    context = {
        "title": "Set-up of returns",
        "grant": grant,
        "layer": grant.programme.layer,
        "may_change": may_change,
        "rows": _rows(grant, may_change),
        "planned": planned,
        "others": beyond,
        "needs_planning": any(row["item"] is None or row["moves"] for row in planned),
        "is_irregular": grant.schedule == Commitment.Schedule.IRREGULAR,
        "milestones": grant.milestones.prefetch_related("reports"),
        "indicators": grant.indicators.select_related("version__indicator"),
        "events": AuditEvent.objects.about(grant).select_related("actor")[:HISTORY],
        "crumbs": _crumbs(grant, deeper=False),
    }
    return render(request, "grants/returns_setup.html", context)


def _rows(grant: Commitment, may_change: bool) -> list[dict[str, Any]]:
    """The parts in words, each with the page that changes it."""
    days = grant.due_days
    end = "the milestone" if grant.schedule == Commitment.Schedule.MILESTONES else "the end of the quarter"
    due = (
        f"{settings.RETURN_DUE_DAYS} days after {end}, the unit's rule" if days is None else f"{days} days after {end}"
    )
    dated = grant.schedule not in (Commitment.Schedule.IRREGULAR, Commitment.Schedule.NONE)
    waived = [f"{letter}. {Section(letter).label}" for letter in grant.waived_sections]
    standard = Dimension.objects.exclude(slug=Dimension.TOTAL).filter(is_standard=True)
    breakdowns = ", ".join(each.title for each in grant.dimensions.all())
    values = {
        "schedule": f"{grant.get_schedule_display()}. Due {due}." if dated else grant.get_schedule_display(),
        "sections": ", ".join(waived) or "Every section is asked",
        "breakdowns": breakdowns or f"The standard ones: {', '.join(each.title for each in standard)}",
        "cost-headings": ", ".join(each.title for each in grant.headings.all()) or "Every heading",
        "ages": _ages(grant),
        "signature": _signature(grant),
    }
    return [
        {
            "key": PARTS[slug].title,
            "value": value,
            "href": reverse("grants:returns-setup-part", args=[grant.ref, slug]) if may_change else "",
        }
        for slug, value in values.items()
    ]


def _ages(grant: Commitment) -> str:
    youngest, oldest = grant.youngest_age, grant.oldest_age
    if youngest is None and oldest is None:
        return "No limits"
    if youngest is None:
        return f"Up to {oldest}"
    return f"{youngest} and over" if oldest is None else f"{youngest} to {oldest}"


def _signature(grant: Commitment) -> str:
    if not grant.needs_signatory:
        return "Not asked"
    if grant.sole_officer_waiver:
        return f"Waived: one person may submit and sign. {grant.sole_officer_waiver}"
    return "A second person signs each return"


def _preview(grant: Commitment) -> tuple[list[dict[str, Any]], list[MonitoringReturn]]:
    """The returns that the schedule asks for beside the rows that exist, and the rows that it does not ask for."""
    existing = {item.quarter.period: item for item in grant.returns.select_related("quarter", "commitment")}
    planned = []
    for plan in planned_returns(grant):
        item = existing.pop(plan.period, None)
        scheduled = item is not None and item.status == MonitoringReturn.Status.SCHEDULED
        moves = scheduled and item is not None and (item.opens_on, item.due_on) != (plan.opens_on, plan.due_on)
        planned.append({"plan": plan, "item": item, "moves": moves})
    return planned, list(existing.values())


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def setup_part(request: HttpRequest, ref: str, part: str) -> HttpResponse:
    grant = _grant(request, ref)
    if part not in PARTS:
        raise Http404("There is no such part of the set-up.")
    return _edit(request, grant, PARTS[part](grant, posted(request)), PARTS[part].title, PARTS[part].lead)


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def milestone_add(request: HttpRequest, ref: str) -> HttpResponse:
    grant = _grant(request, ref)
    return _edit(request, grant, MilestoneForm(grant, posted(request)), "Add a milestone")


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def milestone_edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    grant = _grant(request, ref)
    milestone = get_object_or_404(Milestone, commitment=grant, number=number)
    form = MilestoneForm(grant, posted(request), milestone=milestone)
    return _edit(request, grant, form, f"Milestone {number}")


@require(can_review_returns)
@require_POST
def milestone_remove(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    grant = _grant(request, ref)
    milestone = Milestone.objects.filter(commitment=grant, number=number).first()
    if milestone is not None:  # A second click finds nothing left to take out.
        _try(request, lambda: remove_milestone(milestone=milestone, by=person(request)), "The milestone is taken out.")
    return redirect("grants:returns-setup", grant.ref)


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def return_add(request: HttpRequest, ref: str) -> HttpResponse:
    grant = _grant(request, ref)
    quarters = quarters_touched(grant.starts_on, grant.ends_on)
    form = AddReturnForm(grant, posted(request), quarters=quarters)
    return _edit(request, grant, form, "Add a return")


@require(can_review_returns)
@require_POST
def return_remove(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    _try(
        request, lambda: remove_scheduled_return(monitoring_return=item, by=person(request)), "The return is taken out."
    )
    return redirect("grants:returns-setup", ref)


@require(can_review_returns)
@require_POST
def returns_plan(request: HttpRequest, ref: str) -> HttpResponse:
    grant = _grant(request, ref)
    _try(request, lambda: plan_returns(commitment=grant, by=person(request)), "The returns are planned.")
    return redirect("grants:returns-setup", grant.ref)


def _try(request: HttpRequest, act: Any, done: str) -> None:
    try:
        act()
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)


def _edit(request: HttpRequest, grant: Commitment, form: PartForm, title: str, lead: str = "") -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            form.save(person(request))
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{title}: saved.")
            return redirect("grants:returns-setup", grant.ref)
    context = {
        "title": title,
        "lead": lead,
        "grant": grant,
        "layer": grant.programme.layer,
        "form": form,
        "crumbs": _crumbs(grant, deeper=True),
    }
    return render(request, "grants/setup_part.html", context, status=422 if form.errors else 200)
