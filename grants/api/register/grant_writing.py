"""Drafting an award through the API, all or nothing: the actions behind the steps of its set-up.

Nothing here offers, accepts, approves or pays: those need a strong sign-in, on the site.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from http import HTTPStatus
from typing import Any, TypeVar

from django.db import IntegrityError

from grants.actions.award_plan import set_award, set_profile, set_term
from grants.actions.award_setup import create_award, set_facts, set_organisation
from grants.actions.awards import set_area_shares, set_funding_splits
from grants.api.problems import ApiProblem
from grants.api.register.writing import about, against_a_rule, chosen, no_such
from grants.models import Commitment
from grants.timetable import calendar
from programmes.models import Area, BudgetCategory, CostHeading, Decision, FundingSource, Programme
from vru.accounts.models import Organisation, Role, User

Key = TypeVar("Key", bound=Hashable)
_FACTS = {
    *("ref", "title", "description", "kind", "category", "decision", "manager_email", "youngest_age", "oldest_age"),
}


def add(body: dict[str, Any], *, by: User) -> Commitment:
    """A draft in the programme, with whatever of its plan was sent."""
    programme = chosen("programme", "programme", body["programme"], Programme.objects, ref=body["programme"])
    organisation = _organisation(body["organisation"])
    source = None
    if body.get("copy_from"):
        awards = Commitment.objects.in_layer(organisation.layer)
        source = chosen("copy_from", "award", body["copy_from"], awards, ref__iexact=body["copy_from"])
    with about():
        made = create_award(
            programme=programme,
            organisation=organisation,
            title=body["title"],
            by=by,
            kind=Commitment.Kind(body.get("kind", Commitment.Kind.GRANT)),
            source=source,
        )
    begun = {"programme", "organisation", "title", "kind", "copy_from"}
    change(made, {name: value for name, value in body.items() if name not in begun}, by=by)
    return made


def change(grant: Commitment, body: dict[str, Any], *, by: User) -> None:
    """What was sent, in the order of the steps; the amount and the days before what is divided by them."""
    grant.refresh_from_db()
    if grant.status != Commitment.Status.DRAFT:
        detail = (
            f"{grant.ref} is {grant.get_status_display().lower()}. Only a draft is changed here; what was offered "
            "changes by a variation, on the site."
        )
        raise ApiProblem(HTTPStatus.CONFLICT, "refused", "It cannot be done now", detail)
    if "organisation" in body:
        with about("organisation"):
            set_organisation(commitment=grant, organisation=_organisation(body["organisation"]), by=by)
    if _FACTS & set(body):
        _facts(grant, body, by)
    if "award" in body:
        with about("award"):
            set_award(commitment=grant, award_pence=body["award"], by=by)
    if {"starts_on", "ends_on"} & set(body):
        first, last = body.get("starts_on", grant.starts_on), body.get("ends_on", grant.ends_on)
        with about("ends_on" if "ends_on" in body else "starts_on"):
            set_term(commitment=grant, starts_on=first, ends_on=last, by=by)
    grant.refresh_from_db()
    _divided(grant, body, by)


def _organisation(ref: str) -> Organisation:
    found: Organisation = chosen("organisation", "organisation", ref, Organisation.objects.standing(), ref=ref)
    return found


def _facts(grant: Commitment, body: dict[str, Any], by: User) -> None:
    values: dict[str, Any] = {
        "ref": body.get("ref", grant.ref),
        "title": body.get("title", grant.title),
        "description": body.get("description", grant.description),
        "kind": Commitment.Kind(body.get("kind", grant.kind)),
        "youngest": body.get("youngest_age", grant.youngest_age),
        "oldest": body.get("oldest_age", grant.oldest_age),
        "category": grant.category,
        "decision": grant.decision,
        "manager": grant.manager,
    }
    if "category" in body:
        known = BudgetCategory.objects.all()
        values["category"] = chosen("category", "budget category", body["category"], known, slug=body["category"])
    if "decision" in body:
        decisions = Decision.objects.in_layer(grant.programme.layer)
        values["decision"] = chosen("decision", "decision", body["decision"], decisions, ref=body["decision"])
    if "manager_email" in body:
        managers = User.objects.with_role(Role.PROGRAMME_MANAGER).filter(is_active=True)
        email = body["manager_email"]
        values["manager"] = chosen("manager_email", "manager with the address", email, managers, email__iexact=email)
    given = sorted(_FACTS & set(body))
    try:
        # One action keeps them all: only a single fact can be named as the one at fault.
        with about(given[0] if len(given) == 1 else ""):
            set_facts(commitment=grant, by=by, **values)
    except IntegrityError as error:
        raise against_a_rule("ref", "Somebody has just taken this reference. Choose another one.") from error


def _divided(grant: Commitment, body: dict[str, Any], by: User) -> None:
    """By source and year, by place, by quarter and heading. As on the site, a draft keeps half a split or profile."""
    if "splits" in body:
        sources = {row.slug: row for row in FundingSource.objects.filter(slug__in=_named(body["splits"], "source"))}
        splits = _amounts(
            "splits",
            body["splits"],
            lambda line: (_known("splits", "funding source", sources, line["source"]), line["year"]),
        )
        with about("splits"):
            set_funding_splits(commitment=grant, splits=splits, by=by, partial=True)
    if "areas" in body:
        offered = Area.objects.places() | Area.objects.filter(kind=Area.Kind.WHOLE)
        areas = {area.code: area for area in offered}
        shares = _amounts("areas", body["areas"], lambda line: _known("areas", "area", areas, line["code"]))
        with about("areas"):
            set_area_shares(commitment=grant, shares=shares, by=by)
    if "profile" in body:
        headings = {heading.slug: heading for heading in _headings(grant)}
        planned = _amounts(
            "profile",
            body["profile"],
            lambda line: (line["quarter"], _known("profile", "cost heading", headings, line["heading"])),
        )
        quarters = {period: calendar.reporting_quarter(period) for period, _ in planned}
        lines = {(quarters[period], heading): pence for (period, heading), pence in planned.items()}
        with about("profile"):
            set_profile(commitment=grant, lines=lines, by=by, partial=True)


def _headings(grant: Commitment) -> list[CostHeading]:
    """Those the award is asked by, else all; and those it is planned by already."""
    asked = list(grant.headings.all()) or list(CostHeading.objects.all())
    return [*asked, *CostHeading.objects.filter(profile_lines__commitment=grant)]


def _named(lines: list[dict[str, Any]], name: str) -> set[str]:
    return {line[name] for line in lines}


def _known(field: str, what: str, rows: dict[str, Any], value: str) -> Any:
    if value not in rows:
        raise no_such(field, what, value)
    return rows[value]


def _amounts(field: str, lines: list[dict[str, Any]], key_of: Callable[[dict[str, Any]], Key]) -> dict[Key, int]:
    """Pence by key. Two lines about the same thing are refused: nobody could tell whether to add them or to choose."""
    found: dict[Key, int] = {}
    for line in lines:
        key = key_of(line)
        if key in found:
            raise against_a_rule(field, "Two lines are about the same thing. Send one line for it.")
        found[key] = line["amount"]
    return found
