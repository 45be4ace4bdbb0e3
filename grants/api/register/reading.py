"""Programmes, grants and organisations as JSON. Money is in pounds and pence, as text, so that nothing is rounded."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from grants.models import Commitment
from grants.money.paid import net_paid, open_recovery
from programmes.models import Programme
from vru.accounts.models import Organisation, User
from vru.lib.money import Money
from vru.lib.periods import FinancialYear


def amount(pence: int) -> str:
    """Pounds and pence, such as "1234.50"."""
    return str(Money(pence).pounds)


def page_of(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def programme_row(programme: Programme) -> dict[str, Any]:
    objective, theme = programme.primary_objective, programme.theme
    return {
        "ref": programme.ref,
        "title": programme.title,
        "layer": programme.layer,
        "status": programme.status,
        "level": programme.level,
        "theme": theme.slug if theme else None,
        "objective": objective.number if objective else None,
        "part_of": programme.parent.ref if programme.parent else None,
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
        "address": page_of("api-programme", programme.ref),
    }


def programme_detail(programme: Programme) -> dict[str, Any]:
    decision = programme.decision
    return {
        **programme_row(programme),
        "summary": programme.summary,
        "target_group": programme.target_group,
        "need": programme.need,
        "youngest_age": programme.youngest_age,
        "oldest_age": programme.oldest_age,
        "manager": programme.manager.name if programme.manager else None,
        "decision": decision.ref if decision else None,
        "objectives": [
            {"number": weight.objective.number, "percent": weight.percent}
            for weight in programme.objective_weights.select_related("objective")
        ],
        "areas": [{"code": area.code, "name": area.name} for area in programme.areas.all()],
        "wards": [
            {"name": ward.name, "area": ward.area.code, "code": ward.code or None}
            for ward in programme.wards.select_related("area")
        ],
        "projects": [project.ref for project in programme.projects.all()],
        "budget": [
            {
                "year": str(FinancialYear(line.year)),
                "category": line.category.slug,
                "source": line.source.slug if line.source else None,
                "amount": amount(line.amount_pence),
            }
            for line in programme.budget_lines.select_related("category", "source")
        ],
        "page": page_of("programme", programme.ref),
    }


def grant_row(grant: Commitment) -> dict[str, Any]:
    return {
        "ref": grant.ref,
        "kind": grant.kind,
        "title": grant.title,
        "layer": grant.programme.layer,
        "status": grant.status,
        "programme": grant.programme.ref,
        "organisation": {"ref": grant.organisation.ref, "name": grant.organisation.name},
        "award": amount(grant.award_pence),
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
        "address": page_of("api-grant", grant.ref),
    }


def grant_detail(grant: Commitment, user: User) -> dict[str, Any]:
    """Where the money comes from and what is planned; the sources and the manager's reasons are the staff's alone."""
    paid, recovery = net_paid([grant.pk]), open_recovery([grant.pk])
    found = {
        **grant_row(grant),
        "description": grant.description,
        "category": grant.category.slug,
        "youngest_age": grant.youngest_age,
        "oldest_age": grant.oldest_age,
        "awarded_on": grant.awarded_on,
        "manager": grant.manager.name if grant.manager else None,
        "paid": amount(paid.get(grant.pk, 0)),
        "to_be_recovered": amount(recovery.get(grant.pk, 0)),
        "areas": [
            {"code": share.area.code, "name": share.area.name, "amount": amount(share.amount_pence)}
            for share in grant.area_shares.select_related("area")
        ],
        "profile": [
            {"quarter": line.quarter.key, "heading": line.heading.slug, "amount": amount(line.amount_pence)}
            for line in grant.profile_lines.select_related("quarter", "heading")
        ],
        "partners": [
            {"ref": row.organisation.ref, "name": row.organisation.name, "share": amount(row.share_pence)}
            for row in grant.partners.select_related("organisation")
        ],
        "returns": [
            {"quarter": item.quarter.key, "status": item.status, "due_on": item.due_on}
            for item in grant.returns.select_related("quarter")
        ],
        "page": page_of("grants:detail", grant.ref),
    }
    if user.is_staff_member:
        found["decision"] = grant.decision.ref if grant.decision else None
        found["splits"] = [
            {"source": row.source.slug, "year": str(FinancialYear(row.year)), "amount": amount(row.amount_pence)}
            for row in grant.splits.select_related("source")
        ]
    return found


def organisation_row(organisation: Organisation) -> dict[str, Any]:
    return {
        "ref": organisation.ref,
        "name": organisation.name,
        "kind": organisation.kind,
        "layer": organisation.layer,
        "org_id": organisation.org_id or None,
        "charity_number": organisation.charity_number or None,
        "company_number": organisation.company_number or None,
        "address": page_of("api-organisation", organisation.ref),
    }


def organisation_detail(organisation: Organisation, user: User) -> dict[str, Any]:
    """Names and numbers, and its grants as far as this person may see them. Never people or bank details."""
    merged = organisation.merged_into
    grants = Commitment.objects.visible_to(user).filter(organisation=organisation).select_related("programme")
    return {
        **organisation_row(organisation),
        "authority_code": organisation.authority_code or None,
        "school_urn": organisation.school_urn or None,
        "nhs_code": organisation.nhs_code or None,
        "postal_address": organisation.address or None,
        "postcode": organisation.postcode or None,
        "website": organisation.website or None,
        "former_names": [each.name for each in organisation.former_names.all()],
        "merged_into": merged.ref if merged else None,
        "grants": [{"ref": grant.ref, "title": grant.title, "status": grant.status} for grant in grants],
    }
