"""Setting up an award: begin with an organisation, fill in the steps in any order, check, and offer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions import award_setup
from grants.actions.agreements import offer_award
from grants.errors import ActionRefused
from grants.models import AgreementTemplate, Commitment, Payment
from grants.money.award_ready import Lack, diligence_of, lacks_of
from grants.money.duplicates import duplicates_of
from grants.views.awards.grant_page import visible_grant
from grants.views.awards.set_up_forms import FORMS, NewAwardForm, organisations_found
from grants.views.awards.set_up_grids import GRIDS
from programmes.layers import chosen_layer
from vru.accounts.models import Organisation
from vru.accounts.permissions import can_edit_programmes, can_read_everything, person, require
from vru.lib.govuk.posted import posted
from vru.lib.money import Money
from vru.lib.periods import FinancialYear
from vru.lib.state_machine import TransitionRefused

FORM = ["GET", "HEAD", "POST"]
# In the order in which most people fill them in; for a contract or a unit cost the last ones are not asked.
STEPS = {
    "who": "Who receives it",
    "partners": "Partners",
    "what": "What the award is",
    "amount": "How much, and when",
    "sources": "Where the money comes from",
    "areas": "Where it is spent",
    "profile": "When it is spent",
    "indicators": "Indicators",
    "targets": "People to reach",
    "returns": "Returns",
    "payments": "Payments",
    "agreement": "The agreement",
}
FOR_GRANTS = {"indicators", "targets", "returns", "agreement"}


def steps_of(grant: Commitment) -> dict[str, str]:
    is_grant = grant.kind == Commitment.Kind.GRANT
    return {slug: title for slug, title in STEPS.items() if is_grant or slug not in FOR_GRANTS}


def _crumbs(grant: Commitment | None = None, *, deeper: bool = False) -> list[dict[str, str]]:
    found = [{"text": "Home", "href": reverse("home")}, {"text": "Grants", "href": reverse("grants:list")}]
    if grant is not None:
        found.append({"text": grant.title, "href": reverse("grants:detail", args=[grant.ref])})
    if grant is not None and deeper:
        found.append({"text": "Set-up", "href": reverse("grants:set-up", args=[grant.ref])})
    return found


def _address(grant: Commitment, step: str) -> str:
    if step == "returns":
        return reverse("grants:returns-setup", args=[grant.ref])
    return reverse("grants:set-up-step", args=[grant.ref, step])


@require(can_edit_programmes)
@require_http_methods(FORM)
def award_new(request: HttpRequest) -> HttpResponse:
    """First the organisation, found by name or number; then programme and title."""
    layer = chosen_layer(request)
    typed = request.GET.get("q", "")
    context: dict[str, Any] = {
        "typed": typed,
        "layer": layer,
        "found": organisations_found(typed, layer),
        "programme": request.GET.get("programme", ""),
        "crumbs": _crumbs(),
    }
    chosen = request.GET.get("organisation", "")
    if not chosen:
        return render(request, "grants/award_new.html", context)
    organisation = get_object_or_404(Organisation.objects.standing(), ref=chosen)
    form = NewAwardForm(organisation, posted(request), initial=_initial(request, organisation))
    if form.is_valid():
        try:
            grant = form.save(person(request))
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{grant.ref} is a draft now. Fill in the steps in any order.")
            return redirect("grants:set-up", grant.ref)
    context |= {"organisation": organisation, "form": form, "layer": organisation.layer}
    return render(request, "grants/award_new.html", context, status=422 if form.is_bound else 200)


def _initial(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    """The programme that was named on the way, and the organisation's last award to copy from."""
    programmes = NewAwardForm(organisation).fields["programme"].queryset  # type: ignore[attr-defined]
    named = programmes.filter(ref=request.GET.get("programme", "")).first()
    asked = request.GET.get("source", "")
    return {"programme": named.pk if named else None, "source": asked}


@require(can_read_everything)
@require_safe
def set_up(request: HttpRequest, ref: str) -> HttpResponse:
    """The steps with what each still lacks, and what should be known before an offer."""
    grant = visible_grant(request, ref)
    lacks = lacks_of(grant)
    may_edit = can_edit_programmes(person(request)) and grant.status == Commitment.Status.DRAFT
    context = {
        "grant": grant,
        "layer": grant.programme.layer,
        "tasks": [_task(grant, slug, title, lacks, may_edit) for slug, title in steps_of(grant).items()],
        "may_edit": may_edit,
        "missing": [lack for lack in lacks if not lack.advice],
        "duplicates": duplicates_of(grant),
        "diligence": diligence_of(grant.organisation, timezone.localdate()),
        "crumbs": _crumbs(grant),
    }
    return render(request, "grants/award_set_up.html", context)


def _task(grant: Commitment, slug: str, title: str, lacks: list[Lack], may_edit: bool) -> dict[str, str]:
    here = [lack for lack in lacks if lack.step == slug]
    needed = [lack.text for lack in here if not lack.advice]
    status, label = ("done", "Done") if not here else ("due", "To do") if needed else ("not_started", "Optional")
    hint = " ".join(needed or [lack.text for lack in here])
    href = _address(grant, slug) if may_edit or slug == "returns" else ""
    return {"title": title, "href": href, "hint": hint, "status": status, "label": label}


@require(can_edit_programmes)
@require_http_methods(FORM)
def set_up_step(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    grant = visible_grant(request, ref)
    if step == "who":
        return _who(request, grant)
    data = posted(request)
    if step in FORMS:
        form: Any = FORMS[step](grant, data)
        title, lead, template = FORMS[step].title, FORMS[step].lead, "grants/award_step.html"
    elif step in GRIDS:
        form = GRIDS[step].make(grant, data)
        title, lead, template = GRIDS[step].title, GRIDS[step].lead, "grants/award_grid.html"
    else:
        raise Http404("There is no such step.")
    if form.is_valid() and _saved(request, grant, step, form):
        messages.success(request, f"{title}: saved.")
        stays = "spread" in request.POST or step == "agreement"
        return redirect(_address(grant, step) if stays else reverse("grants:set-up", args=[grant.ref]))
    context = {
        "grant": grant,
        "layer": grant.programme.layer,
        "form": form,
        "title": title,
        "lead": lead,
        "step": step,
        "sums": _sums(grant, step),
        "crumbs": _crumbs(grant, deeper=True),
        **_beside(grant, step),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, grant: Commitment, step: str, form: Any) -> bool:
    try:
        if step in FORMS:
            form.save(person(request))
        else:
            GRIDS[step].save(form, grant, person(request))
    except ActionRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _beside(grant: Commitment, step: str) -> dict[str, Any]:
    """What a step shows beside its boxes."""
    if step == "agreement":
        live = grant.agreements.filter(ended_at__isnull=True).first()
        return {"agreement": live, "no_templates": not AgreementTemplate.objects.filter(is_current=True).exists()}
    if step == "payments":
        planned = grant.payments.exclude(status=Payment.Status.CANCELLED)
        return {"payments": planned.select_related("waits_for__quarter", "waits_for_quarter").order_by("number")}
    return {}


def _sums(grant: Commitment, step: str) -> list[dict[str, str]]:
    """The award, what is divided of it, and what remains, where a step divides it."""
    part = {"sources": "splits", "profile": "profile_lines", "areas": "area_shares"}.get(step)
    if part is None:
        return []
    total = getattr(grant, part).aggregate(total=Sum("amount_pence"))["total"] or 0
    left = grant.award_pence - total
    return [
        {"value": Money(grant.award_pence).exact(), "key": "Award"},
        {"value": Money(total).exact(), "key": "Divided so far"},
        {"value": Money(abs(left)).exact(), "key": "Remaining" if left >= 0 else "Too much"},
    ]


def _who(request: HttpRequest, grant: Commitment) -> HttpResponse:
    """The organisation, its contacts and checks; another one may be found and chosen."""
    typed = request.GET.get("q", "")
    form = forms.Form(posted(request))
    if form.is_valid():
        chosen = get_object_or_404(Organisation.objects.standing(), ref=request.POST.get("organisation", ""))
        try:
            award_setup.set_organisation(commitment=grant, organisation=chosen, by=person(request))
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{STEPS['who']}: saved.")
            return redirect("grants:set-up", grant.ref)
    context = {
        "grant": grant,
        "layer": grant.programme.layer,
        "form": form,
        "typed": typed,
        "found": organisations_found(typed, grant.programme.layer),
        "contacts": grant.organisation.contacts.current(),
        "diligence": diligence_of(grant.organisation, timezone.localdate()),
        "crumbs": _crumbs(grant, deeper=True),
    }
    return render(request, "grants/award_who.html", context, status=422 if form.is_bound else 200)


class OfferForm(forms.Form):
    despite = forms.CharField(
        label="A check has failed. Why is the award offered all the same?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        required=False,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def set_up_check(request: HttpRequest, ref: str) -> HttpResponse:
    """Every answer on one page, with what is missing; then the offer."""
    grant = visible_grant(request, ref)
    form = OfferForm(posted(request))
    if form.is_valid():
        try:
            offer_award(commitment=grant, by=person(request), despite=form.cleaned_data["despite"])
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"The award is offered to {grant.organisation}.")
            return redirect("grants:detail", grant.ref)
    lacks = lacks_of(grant)
    context = {
        "grant": grant,
        "layer": grant.programme.layer,
        "form": form,
        "rows": _answers(grant),
        "missing": [{"text": lack.text, "href": _address(grant, lack.step)} for lack in lacks if not lack.advice],
        "advice": [lack.text for lack in lacks if lack.advice],
        "duplicates": duplicates_of(grant),
        "diligence": diligence_of(grant.organisation, timezone.localdate()),
        "crumbs": _crumbs(grant, deeper=True),
    }
    return render(request, "grants/award_check.html", context, status=422 if form.is_bound else 200)


def _answers(grant: Commitment) -> list[dict[str, Any]]:
    """One line for each step, with the way back to it."""
    consortium = grant.partners.select_related("organisation")
    partners = [f"{row.organisation}: {Money(row.share_pence)}" for row in consortium]
    sources = grant.splits.select_related("source")
    splits = [f"{row.source}, {FinancialYear(row.year)}: {Money(row.amount_pence)}" for row in sources]
    areas = [f"{row.area}: {Money(row.amount_pence)}" for row in grant.area_shares.select_related("area")]
    payments = grant.payments.exclude(status=Payment.Status.CANCELLED).aggregate(total=Sum("amount_pence"))["total"]
    live = grant.agreements.filter(ended_at__isnull=True).select_related("template").first()
    planned = grant.profile_lines.aggregate(total=Sum("amount_pence"))["total"] or 0
    values = {
        "who": str(grant.organisation),
        "partners": "; ".join(partners) or "None",
        "what": f"{grant.ref}: {grant.title}. {grant.get_kind_display()}, {grant.category}.",
        "amount": f"{Money(grant.award_pence)}, {grant.starts_on:%-d %B %Y} to {grant.ends_on:%-d %B %Y}",
        "sources": "; ".join(splits),
        "areas": "; ".join(areas),
        "profile": f"{Money(planned)} planned by quarter" if planned else "",
        "indicators": f"{grant.indicators.count()} chosen",
        "targets": f"{grant.reach_targets.count()} agreed",
        "returns": grant.get_schedule_display(),
        "payments": f"{Money(payments)} planned" if payments else "None planned",
        "agreement": f"{live.template.title} {live.number}" if live else "",
    }
    return [
        {"key": title, "value": values[slug] or "Not given", "href": _address(grant, slug)}
        for slug, title in steps_of(grant).items()
    ]
