"""Agreements, consortia, a closing, an offer that waits and a draft half set up, in the illustrative year."""

from __future__ import annotations

import datetime
from random import Random

from django.conf import settings

from grants.actions.closing import close_award
from grants.agreements.loading import load_template
from grants.agreements.terms import resolve, terms_of
from grants.models import AgreementTemplate, AwardAgreement, Commitment, ConsortiumPartner, GrantClosing
from grants.money.closing import closing_of
from vru.accounts.models import Membership, Organisation, User
from vru.demo.illustrative.plan import SEED, TODAY
from vru.demo.illustrative.world import at
from vru.lib.layers import Layer
from vru.lib.money import split_pence

TEMPLATE = settings.BASE_DIR / "demo" / "agreements" / "grant-agreement.md"
OWN = "ill-org-001"
ACCEPTED, CONSORTIA = 6, 3
DELIVERS = ("Detached youth work at weekends", "Training of volunteers", "Family support", "Mentoring in schools")
_S = Commitment.Status


def put_awards(staff: dict[str, User]) -> None:
    """Its own chance, so that no number made before moves. No award is added: those that are there get their papers."""
    chance = Random(SEED + 47)
    template = load_template(TEMPLATE)
    grants = (
        Commitment.objects.in_layer(Layer.ILLUSTRATIVE)
        .grants()
        .select_related("organisation", "programme__primary_objective", "manager", "decision")
    )
    active = list(grants.filter(status=_S.ACTIVE, agreements__isnull=True).order_by("ref"))
    own = [grant for grant in active if grant.organisation.ref == OWN]
    chosen = own[:2] + chance.sample([grant for grant in active if grant.organisation.ref != OWN], ACCEPTED - 2)
    for grant in chosen[:CONSORTIA]:
        _put_partners(grant, chance)
    for grant in chosen:
        _accepted(grant, template, staff["manager"])
    _put_offer(template, staff["manager"])
    _put_half_set_up()
    _put_closing(staff["manager"])


def _put_partners(grant: Commitment, chance: Random) -> None:
    others = Organisation.objects.standing().in_layer(Layer.ILLUSTRATIVE).filter(kind=Organisation.Kind.CHARITY)
    found = chance.sample(list(others.exclude(pk=grant.organisation_id).order_by("ref")), 2)
    shares = split_pence(grant.award_pence, [7, 2, 1])[1:]
    for organisation, share, work in zip(found, shares, chance.sample(DELIVERS, 2), strict=True):
        ConsortiumPartner.objects.create(commitment=grant, organisation=organisation, share_pence=share, delivers=work)


def _made(grant: Commitment, template: AgreementTemplate, by: User, day: datetime.date) -> AwardAgreement:
    terms = terms_of(grant)
    return AwardAgreement.objects.create(
        commitment=grant,
        number=1,
        template=template,
        terms=terms,
        body=resolve(template, terms),
        made_by=grant.manager or by,
        made_at=at(day, 10),
        offered_by=grant.manager or by,
        offered_at=at(day, 15),
    )


def _accepted(grant: Commitment, template: AgreementTemplate, by: User) -> None:
    members = Membership.objects.current().filter(organisation=grant.organisation).select_related("user")
    member = members.order_by("role", "pk").first()
    if member is None or grant.awarded_on is None:
        return
    row = _made(grant, template, by, grant.awarded_on - datetime.timedelta(days=9))
    row.accepted_name, row.accepted_by, row.accepted_at = member.user.name, member.user, at(grant.awarded_on, 11)
    row.save(update_fields=["accepted_name", "accepted_by", "accepted_at"])


def _put_offer(template: AgreementTemplate, by: User) -> None:
    """An unanswered offer goes to the demonstration's own grantee, who can accept it."""
    offered = Commitment.objects.in_layer(Layer.ILLUSTRATIVE).grants().filter(status=_S.OFFERED).order_by("ref").first()
    if offered is None:
        return
    offered.organisation = Organisation.objects.get(ref=OWN)
    offered.save(update_fields=["organisation"])
    _made(offered, template, by, TODAY - datetime.timedelta(days=4))


def _put_half_set_up() -> None:
    """A draft whose profile nobody has begun, and that nobody has described."""
    draft = Commitment.objects.in_layer(Layer.ILLUSTRATIVE).grants().filter(status=_S.DRAFT).order_by("ref").first()
    if draft is None:
        return
    draft.profile_lines.all().delete()
    draft.description = ""
    draft.save(update_fields=["description"])


def _put_closing(by: User) -> None:
    """The first award or contract of which nothing is open any more. In February few are: a contract paid in full."""
    ended = Commitment.objects.in_layer(Layer.ILLUSTRATIVE).filter(status=_S.ACTIVE, kind=Commitment.Kind.CONTRACT)
    for contract in ended.order_by("ref"):
        state = closing_of(contract)
        if not state.missing and state.paid == state.award:
            close_award(commitment=contract, by=by, note="The work was delivered and paid in full.")
            GrantClosing.objects.filter(commitment=contract).update(closed_at=at(TODAY, 12))
            return
