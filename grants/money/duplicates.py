"""Money that may already go to the same organisation, for the same kind of work, in the same place, at the same time.

A warning to look at, never a refusal: two awards side by side can be right, but somebody should have meant it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q

from grants.models import AreaShare, Commitment, ConsortiumPartner
from grants.models.commitment import CommitmentQuerySet
from programmes.models import Area
from vru.accounts.models import Organisation

# Promised or running. A draft promises nothing yet, and what has ended cannot be funded twice any more.
LIVE = (
    Commitment.Status.OFFERED,
    Commitment.Status.ACCEPTED,
    Commitment.Status.ACTIVE,
    Commitment.Status.SUSPENDED,
)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another live commitment that overlaps in every respect.

    ``organisations`` are those that both pay, as lead or as a consortium's partner; ``areas`` the places of both, empty
    where both are for the whole area or say no place.
    """

    commitment: Commitment
    organisations: tuple[Organisation, ...]
    areas: tuple[Area, ...]
    theme: str
    starts_on: datetime.date
    ends_on: datetime.date

    @property
    def place(self) -> str:
        return ", ".join(area.name for area in self.areas) or "the whole area"


@dataclass(frozen=True, slots=True)
class _Footprint:
    """Whom a commitment pays, and where. No areas means everywhere: nothing narrower was said."""

    commitment: Commitment
    organisations: dict[int, Organisation]
    areas: dict[int, Area]

    @property
    def theme(self) -> str:
        theme = self.commitment.programme.theme
        return theme.slug if theme is not None else ""


def duplicates_of(commitment: Commitment) -> list[Duplicate]:
    """Other live commitments of the same layer that pay one of the same organisations for the same theme, with dates
    and areas that overlap, in the order of their references. A commitment without a theme has none, and the unit's own
    costs are not compared. Fixed queries.
    """
    return duplicates_among([commitment])[commitment.pk]


def duplicates_among(commitments: Iterable[Commitment]) -> dict[int, list[Duplicate]]:
    """``duplicates_of`` for several commitments at once, by their keys, in the same number of queries."""
    keys = [commitment.pk for commitment in commitments]
    compared = Commitment.objects.exclude(kind=Commitment.Kind.UNIT_COST)
    wanted = [_footprint(each) for each in _with_parts(compared.filter(pk__in=keys))]
    paid = {pk for each in wanted for pk in each.organisations}
    partners = ConsortiumPartner.objects.filter(commitment=OuterRef("pk"), organisation__in=paid)
    live = compared.filter(status__in=LIVE).filter(Q(organisation__in=paid) | Exists(partners))
    others = [_footprint(each) for each in _with_parts(live)] if paid else []
    found: dict[int, list[Duplicate]] = {key: [] for key in keys}
    for mine in wanted:
        overlaps = (_overlap(mine, other) for other in others)
        found[mine.commitment.pk] = [each for each in overlaps if each is not None]
    return found


def _with_parts(commitments: CommitmentQuerySet) -> CommitmentQuerySet:
    return (
        commitments.select_related("organisation", "programme__theme")
        .prefetch_related(
            Prefetch("partners", ConsortiumPartner.objects.select_related("organisation")),
            Prefetch("area_shares", AreaShare.objects.select_related("area")),
            "programme__areas",
        )
        .order_by("ref")
    )


def _footprint(commitment: Commitment) -> _Footprint:
    paid = [commitment.organisation, *(partner.organisation for partner in commitment.partners.all())]
    areas = [share.area for share in commitment.area_shares.all()] or list(commitment.programme.areas.all())
    everywhere = any(area.kind == Area.Kind.WHOLE for area in areas)
    return _Footprint(
        commitment,
        {organisation.pk: organisation for organisation in paid},
        {} if everywhere else {area.pk: area for area in areas},
    )


def _overlap(mine: _Footprint, other: _Footprint) -> Duplicate | None:
    ours, theirs = mine.commitment, other.commitment
    if ours.pk == theirs.pk or ours.programme.layer != theirs.programme.layer:
        return None
    if not mine.theme or mine.theme != other.theme:
        return None
    start, end = max(ours.starts_on, theirs.starts_on), min(ours.ends_on, theirs.ends_on)
    organisations = [organisation for pk, organisation in mine.organisations.items() if pk in other.organisations]
    if start > end or not organisations:
        return None
    areas = _common(mine.areas, other.areas)
    if areas is None or ours.programme.theme is None:
        return None
    return Duplicate(theirs, tuple(organisations), areas, ours.programme.theme.title, start, end)


def _common(mine: dict[int, Area], theirs: dict[int, Area]) -> tuple[Area, ...] | None:
    """The places of both, in their order; empty for the whole area; None when they are apart."""
    if not mine or not theirs:
        places = list((mine or theirs).values())
    else:
        places = [area for pk, area in mine.items() if pk in theirs]
        if not places:
            return None
    return tuple(sorted(places, key=lambda area: (area.order, area.code)))
