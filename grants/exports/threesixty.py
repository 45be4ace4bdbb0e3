"""Grants as open data in the 360Giving data standard, version 1.4: one grant as one JSON object.

Only grants that were awarded are given: contracts and unit costs are no grants, and an offer is no award yet. Of people
nothing is given at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Max, Prefetch, QuerySet

from grants.models import AreaShare, Commitment
from grants.money.paid import net_paid
from programmes.models import Area, Unit
from vru.accounts.models import AuditEvent, Organisation
from vru.lib.layers import Layer

VERSION = "1.4"
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
LONGEST_TITLE = 140
CHUNK = 500
INVENTED = "Illustrative, invented:"
EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().]+")
# Which list of the statistics office a code is on, by its first three characters (the standard's code list).
_GEOGRAPHY = {
    "E05": "WD", "E06": "UA", "E07": "NMD", "E08": "MD", "E09": "LONB", "E10": "CTY", "E12": "RGN", "E92": "CTRY",
    "W06": "UA", "S12": "CA", "N09": "LGD",
}  # fmt: skip


def publishable(layer: str) -> QuerySet[Commitment]:
    """Awarded grants of a layer, each with what its object needs, in the order of their references."""
    shares = AreaShare.objects.filter(amount_pence__gt=0).select_related("area")
    return (
        Commitment.objects.in_layer(layer)
        .grants()
        .awarded()
        .select_related("organisation", "programme__theme", "programme__primary_objective")
        .prefetch_related(Prefetch("area_shares", queryset=shares))
        .order_by("ref")
    )


class Publisher:
    """Who publishes: the unit, with the prefix that its identifiers begin with."""

    def __init__(self, layer: str) -> None:
        unit = Unit.objects.the()
        own = Organisation.objects.filter(kind=Organisation.Kind.UNIT, layer=layer).order_by("pk").first()
        self.prefix = settings.PUBLISHER_PREFIX
        self.name = own.name if own else unit.name
        self.org_id = (own.org_id if own else "") or f"{self.prefix}-{unit.slug}"
        self.layer = layer
        self.is_invented = layer == Layer.ILLUSTRATIVE

    def id_of(self, organisation: Organisation) -> str:
        """The identifier in a public register; without one, the publisher's own."""
        return organisation.org_id or f"{self.prefix}-{organisation.ref}"

    def package(self, day: date) -> dict[str, Any]:
        """The head of the file: everything but its grants."""
        said = f"Every grant that {self.name} has awarded, as its own records hold it."
        return {
            "version": VERSION,
            "title": f"Grants awarded by {self.name}",
            "description": f"{INVENTED} {said}" if self.is_invented else said,
            "issued": day.isoformat(),
            "publisher": {"name": self.name, "identifier": self.org_id},
            "license": LICENCE,
        }


def grants_json(publisher: Publisher) -> Iterator[dict[str, Any]]:
    """One object a grant, read in chunks so that memory stays flat however many there are."""
    chunk: list[Commitment] = []
    for grant in publishable(publisher.layer).iterator(chunk_size=CHUNK):
        chunk.append(grant)
        if len(chunk) == CHUNK:
            yield from _chunk_json(publisher, chunk)
            chunk = []
    yield from _chunk_json(publisher, chunk)


def _chunk_json(publisher: Publisher, grants: list[Commitment]) -> Iterator[dict[str, Any]]:
    keys = [grant.pk for grant in grants]
    paid = net_paid(keys)
    changed = dict(
        AuditEvent.objects.filter(subject_type=Commitment._meta.label_lower, subject_id__in=[str(key) for key in keys])
        .order_by()
        .values_list("subject_id")
        .annotate(last=Max("at"))
    )
    for grant in grants:
        found = grant_json(publisher, grant, paid.get(grant.pk, 0))
        if str(grant.pk) in changed:
            found["dateModified"] = changed[str(grant.pk)].isoformat(timespec="seconds")
        yield found


def grant_json(publisher: Publisher, grant: Commitment, paid_pence: int) -> dict[str, Any]:
    """The grant as the standard names its fields. Money is in pounds; ``paid_pence`` is net of credit notes."""
    found: dict[str, Any] = {
        "id": f"{publisher.prefix}-{grant.ref}",
        "title": without_addresses(grant.title)[:LONGEST_TITLE],
        "description": _description(publisher, grant),
        "currency": "GBP",
        "amountAwarded": pounds(grant.award_pence),
        "amountDisbursed": pounds(paid_pence),
        "plannedDates": [
            {
                "startDate": grant.starts_on.isoformat(),
                "endDate": grant.ends_on.isoformat(),
                "duration": _months(grant.starts_on, grant.ends_on),
            }
        ],
        "recipientOrganization": [_organisation(publisher, grant.organisation)],
        "fundingOrganization": [{"id": publisher.org_id, "name": publisher.name}],
        "grantProgramme": [{"code": grant.programme.ref, "title": grant.programme.title}],
        "beneficiaryLocation": [_location(share.area) for share in grant.area_shares.all()],
        "classifications": _classifications(grant),
        "dataSource": settings.SITE_URL,
    }
    if grant.awarded_on:
        found["awardDate"] = grant.awarded_on.isoformat()
    return {name: value for name, value in found.items() if value not in ([], "")}


def pounds(pence: int) -> int | float:
    """Pounds as the number that JSON prints: whole where they are, otherwise with their pence exactly as written."""
    amount = Decimal(pence).scaleb(-2)
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def without_addresses(text: str) -> str:
    """The text without e-mail addresses, which open data must not carry."""
    return EMAIL.sub("(address left out)", text)


def _description(publisher: Publisher, grant: Commitment) -> str:
    words = " ".join(without_addresses(grant.description or grant.programme.summary).split())
    if not words or words.casefold() == grant.title.casefold():
        words = f"A grant to {grant.organisation.name} under the programme “{grant.programme.title}”."
    return f"{INVENTED} {words}" if publisher.is_invented else words


def _months(start: date, end: date) -> int:
    """Calendar months that the grant touches in whole or in part."""
    return (end.year - start.year) * 12 + end.month - start.month + 1


def _organisation(publisher: Publisher, organisation: Organisation) -> dict[str, str]:
    found = {
        "id": publisher.id_of(organisation),
        "name": organisation.name,
        "charityNumber": organisation.charity_number,
        "companyNumber": organisation.company_number,
        "postalCode": organisation.postcode,
        "url": organisation.website,
    }
    return {name: value for name, value in found.items() if value}


def _location(area: Area) -> dict[str, str]:
    found = {"name": area.name, "countryCode": "GB"}
    if area.code[:3] in _GEOGRAPHY:
        found |= {"geoCode": area.code, "geoCodeType": _GEOGRAPHY[area.code[:3]]}
    return found


def _classifications(grant: Commitment) -> list[dict[str, str]]:
    found = []
    theme, objective = grant.programme.theme, grant.programme.primary_objective
    if theme:
        found.append({"vocabulary": "Theme", "code": theme.slug, "title": theme.title})
    if objective:
        found.append({"vocabulary": "Objective", "code": str(objective.number), "title": objective.title})
    return found
