"""Agreements with funders: their list, one agreement on one page, and the offer from record to acceptance."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from programmes.actions.year_end import what_stops_certifying
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import Allocation, FunderAgreement, YearEndStatement
from programmes.views.money.agreement_forms import AcceptForm, OfferForm, RewriteForm
from programmes.views.money.pages import crumbs_to, form_page
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_approve_money, can_keep_money, can_read_everything, person, require
from vru.lib.govuk.posted import posted
from vru.lib.money import Money
from vru.lib.periods import FinancialYear, long_date

PAGE_SIZE, HISTORY = 50, 30
Status = FunderAgreement.Status


def find_agreement(request: HttpRequest, ref: str) -> FunderAgreement:
    visible = FunderAgreement.objects.visible_to(person(request)).with_money().select_related("source")
    return get_object_or_404(visible, ref=ref)


def crumbs_of(agreement: FunderAgreement | None = None) -> list[dict[str, str]]:
    trail = [("Agreements", reverse("funding:agreements"))]
    if agreement is not None:
        trail.append((agreement.ref, address(agreement)))
    return crumbs_to(*trail)


def address(agreement: FunderAgreement) -> str:
    return reverse("funding:agreement", args=[agreement.ref])


def about(agreement: FunderAgreement) -> dict[str, Any]:
    """What every form about the agreement shows beside its title."""
    caption = f"{agreement.source.title}, {FinancialYear(agreement.year)}"
    return {"crumbs": crumbs_of(agreement), "layer": agreement.layer, "caption": caption, "back": address(agreement)}


@require(can_read_everything)
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    found = FunderAgreement.objects.visible_to(person(request)).with_money().filter(layer=layer)
    rows = found.select_related("source").order_by("-year", "source__order", "source_id", "ref")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "layer": layer,
        "layers": layers_in_use(),
        "may_keep": can_keep_money(person(request)),
        "crumbs": crumbs_to(),
    }
    return render(request, "programmes/agreement_list.html", context)


@require(can_read_everything)
@require_safe
def agreement_detail(request: HttpRequest, ref: str) -> HttpResponse:
    agreement, user = find_agreement(request, ref), person(request)
    statement = (
        YearEndStatement.objects.filter(agreement=agreement).select_related("prepared_by", "certified_by").first()
    )
    keeps = can_keep_money(user) and not agreement.is_frozen
    changes = list(agreement.changes.select_related("asked_by").order_by("-number"))
    context = {
        "agreement": agreement,
        "year": FinancialYear(agreement.year),
        "layer": agreement.layer,
        "rows": _rows(agreement),
        **_beside_allocation(agreement),
        "changes": changes,
        "claims": agreement.claims.order_by("-number"),
        "receipts": agreement.receipts.select_related("claim", "recorded_by").order_by("-received_on", "-pk"),
        "statement": statement,
        "unspent": agreement.received_pence - statement.spent_pence - statement.returned_pence if statement else None,
        "events": _events(agreement),
        "keeps": keeps,
        "may_claim": keeps and agreement.status == Status.ACCEPTED,
        "may_accept": can_approve_money(user) and agreement.status == Status.OFFERED,
        "may_certify": _may_certify(agreement, statement, user),
        "may_rewrite": keeps and any(change.status == "approved" for change in changes),
        "stops": what_stops_certifying(agreement) if statement else "",
        "next": _next_step(agreement, statement),
        "crumbs": crumbs_of(),
    }
    return render(request, "programmes/agreement_detail.html", context)


def _beside_allocation(agreement: FunderAgreement) -> dict[str, int | None]:
    """What the source's agreements of the year offer together, and what the unit states as its allocation."""
    same: dict[str, Any] = {"source": agreement.source, "year": agreement.year, "layer": agreement.layer}
    stated = Allocation.objects.current().filter(**same).values_list("amount_pence", flat=True).first()
    offers = FunderAgreement.objects.filter(**same).with_money()
    return {"allocation": stated, "offered": sum(each.offer_now_pence for each in offers)}


def _events(agreement: FunderAgreement) -> list[dict[str, Any]]:
    found = AuditEvent.objects.about(agreement).select_related("actor")[:HISTORY]
    return [
        {"title": event.action.capitalize(), "at": event.at, "by": event.actor, "text": event.reason} for event in found
    ]


def _rows(agreement: FunderAgreement) -> list[dict[str, Any]]:
    """The agreement in a few lines; the offer as it was made stands beside what it is now."""
    now, made = Money(agreement.offer_now_pence), Money(agreement.offer_pence)
    changed = f"{now} after approved changes; first offered {made}" if now != made else str(now)
    offered_on = f" on {long_date(agreement.offered_on)}" if agreement.offered_on else ""
    left = Money(agreement.offer_now_pence - agreement.claimed_pence)
    return [
        {"key": "Source", "value": f"{agreement.source.title} ({agreement.source.funder})"},
        {"key": "Financial year", "value": str(FinancialYear(agreement.year))},
        {"key": "Offer", "value": f"{changed}{offered_on}"},
        {"key": "Accepted", "value": long_date(agreement.accepted_on) if agreement.accepted_on else "No date recorded"},
        {"key": "Claimed", "value": f"{Money(agreement.claimed_pence)}; {left} of the offer is left to claim"},
        {"key": "Received", "value": str(Money(agreement.received_pence))},
    ]


def _may_certify(agreement: FunderAgreement, statement: YearEndStatement | None, user: User) -> bool:
    waiting = statement is not None and statement.certified_at is None and not agreement.is_frozen
    return waiting and can_approve_money(user) and statement is not None and statement.prepared_by_id != user.pk


def _next_step(agreement: FunderAgreement, statement: YearEndStatement | None) -> str:
    if agreement.is_frozen:
        return "The year end is certified. Nothing of this agreement changes any more."
    if agreement.status == Status.OFFERED:
        return "Next: read the conditions, then accept the offer. Claims may follow."
    if statement is not None:
        return "Next: somebody else than the person who prepared the year-end statement certifies it."
    ends_on = FinancialYear(agreement.year).ends_on
    return f"Next: claim what is spent and record what arrives. After {long_date(ends_on)}, prepare the statement."


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_add(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    form = OfferForm(layer, posted(request), initial={"source": request.GET.get("source", "")})
    title, done = "Record a funder's offer", "The offer is recorded."
    back = reverse("funding:agreements")
    return form_page(request, form, title=title, back=back, done=done, crumbs=crumbs_of(), layer=layer)


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_edit(request: HttpRequest, ref: str) -> HttpResponse:
    agreement = find_agreement(request, ref)
    form = OfferForm(agreement.layer, posted(request), agreement=agreement)
    return form_page(request, form, title="Change the offer", done="The offer is changed.", **about(agreement))


@require(can_approve_money)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_accept(request: HttpRequest, ref: str) -> HttpResponse:
    agreement = find_agreement(request, ref)
    form = AcceptForm(agreement, posted(request))
    facts = [
        {"key": "Offer", "value": str(Money(agreement.offer_now_pence))},
        {"key": "Conditions", "value": agreement.conditions or "None recorded"},
    ]
    title, done = "Accept the offer", "The offer is accepted."
    return form_page(request, form, title=title, done=done, submit="Accept the offer", facts=facts, **about(agreement))


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_terms(request: HttpRequest, ref: str) -> HttpResponse:
    agreement = find_agreement(request, ref)
    form = RewriteForm(agreement, posted(request))
    lead = "Conditions and delivery plan as they read after a change that the funder approved."
    return form_page(
        request, form, title="Rewrite the terms", done="The terms are rewritten.", lead=lead, **about(agreement)
    )
