"""From a draft to an accepted award: the agreement, the offer, its answer, and what may follow."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from grants.actions.acceptance import (
    accept_award,
    accept_internally,
    decline_award,
    may_accept,
    record_paper_acceptance,
    resume_award,
    start_award,
    start_due,
    suspend_award,
    terminate_award,
)
from grants.actions.agreements import make_agreement, offer_award, withdraw_offer
from grants.actions.award_plan import set_award
from grants.actions.partners import Partner, set_partners
from grants.errors import ActionRefused
from grants.models import AwardAgreement, Commitment, MonitoringReturn
from tests.cast import Cast, World
from tests.factories import (
    AgreementTemplateFactory,
    AllocationFactory,
    DueDiligenceCheckFactory,
    MembershipFactory,
    OrganisationFactory,
    PaymentFactory,
    UnitFactory,
)
from tests.grants.award_world import whole_draft, with_agreement
from vru.accounts.models import AuditEvent, Membership
from vru.jobs.models import Job, Notification
from vru.lib.state_machine import TransitionRefused

Status = Commitment.Status


@pytest.fixture
def draft(cast: Cast) -> Commitment:
    UnitFactory(name="Fenmoor VRU")
    return whole_draft(cast.grantee.memberships.get().organisation, cast.programme_manager)


@pytest.fixture
def agreement(cast: Cast, draft: Commitment) -> AwardAgreement:
    return with_agreement(draft, cast.programme_manager)


@pytest.fixture
def offered(cast: Cast, draft: Commitment, agreement: AwardAgreement) -> AwardAgreement:
    offer_award(commitment=draft, by=cast.programme_manager)
    agreement.refresh_from_db()
    return agreement


def now(grant: Commitment) -> str:
    return Commitment.objects.get(pk=grant.pk).status


def test_the_agreement_says_what_the_award_is_and_asks_for_its_file(draft: Commitment, agreement: Any) -> None:
    assert (
        f"gives {draft.organisation.name.replace('(', '(')} £100,000.00 for {draft.title}."
        in agreement.body.replace("\\", "")
    )
    assert "delivers the work alone" in agreement.body
    assert Job.objects.get(kind="award-agreement").payload == {"agreement": agreement.pk}


def test_the_same_agreement_again_is_the_same_one_and_another_replaces_it(
    cast: Cast, draft: Commitment, agreement: AwardAgreement
) -> None:
    again = make_agreement(commitment=draft, template=agreement.template, by=cast.director)
    assert again == agreement
    other = make_agreement(commitment=draft, template=AgreementTemplateFactory(body="Short."), by=cast.director)
    agreement.refresh_from_db()
    assert (other.number, agreement.ended_because) == (2, "Replaced by a later one.")


def test_a_token_nobody_knows_or_that_says_nothing_is_refused_by_name(cast: Cast, draft: Commitment) -> None:
    words = "{{award.colour}} and {{decision.ref}} and {{award.amount | short}}"
    with pytest.raises(ActionRefused) as refused:
        with_agreement(draft, cast.programme_manager, words)
    said = str(refused.value)
    assert "Nobody knows what {{award.colour}} is" in said
    assert "It asks for {{decision.ref}}, and this award has no decision." in said
    assert "{{award.amount | short}}" in said


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("splits", "missing in the sources"),
        ("area_shares", "where the money is spent"),
        ("profile_lines", "missing in the profile"),
        ("agreements", "Make the agreement"),
    ],
)
def test_an_award_that_is_not_whole_is_not_offered(
    cast: Cast, draft: Commitment, agreement: AwardAgreement, part: str, said: str
) -> None:
    getattr(draft, part).all().delete()
    with pytest.raises(ActionRefused, match=said):
        offer_award(commitment=draft, by=cast.programme_manager)
    assert now(draft) == Status.DRAFT


def test_what_changed_after_the_agreement_was_made_is_agreed_again_first(
    cast: Cast, draft: Commitment, agreement: AwardAgreement
) -> None:
    partner = Partner(OrganisationFactory(layer=draft.programme.layer), 1_000_00)
    set_partners(commitment=draft, partners=[partner], by=cast.programme_manager)
    with pytest.raises(ActionRefused, match="Make the agreement again"):
        offer_award(commitment=draft, by=cast.programme_manager)


def test_an_offer_needs_room_in_the_source(cast: Cast, draft: Commitment, agreement: AwardAgreement) -> None:
    source = draft.splits.get().source
    AllocationFactory(
        source=source, year=2026, layer=draft.programme.layer, sequence=2, restated_because="Cut", amount_pence=5
    )
    with pytest.raises(ActionRefused, match="too much"):
        offer_award(commitment=draft, by=cast.programme_manager)


def test_a_failed_check_stops_the_offer_until_somebody_says_why_not(
    cast: Cast, draft: Commitment, agreement: AwardAgreement
) -> None:
    DueDiligenceCheckFactory(organisation=draft.organisation, kind="insurance", outcome="failed", note="Lapsed.")
    with pytest.raises(ActionRefused, match="has failed: public liability insurance"):
        offer_award(commitment=draft, by=cast.programme_manager)
    offer_award(commitment=draft, by=cast.programme_manager, despite="Cover begins on Monday.")
    assert AuditEvent.objects.about(draft).filter(reason="Cover begins on Monday.").exists()


def test_the_offer_tells_the_organisation_once(cast: Cast, offered: AwardAgreement) -> None:
    offer_award(commitment=offered.commitment, by=cast.director)
    told = Notification.objects.filter(title="You are offered an award")
    assert [row.user for row in told] == [cast.grantee]


def test_a_signatory_accepts_and_the_returns_are_planned(cast: Cast, offered: AwardAgreement) -> None:
    for _ in range(2):
        accept_award(agreement=offered, name="  Sam   Signatory ", by=cast.signatory)
    offered.refresh_from_db()
    grant = Commitment.objects.get(pk=offered.commitment_id)
    assert (offered.accepted_name, offered.accepted_by, offered.is_on_paper) == ("Sam Signatory", cast.signatory, False)
    assert (grant.status, grant.awarded_on) == (Status.ACCEPTED, timezone.localdate())
    assert grant.returns.count() == 4
    assert Notification.objects.filter(user=cast.programme_manager, title__contains="accepts its award").count() == 1


def test_who_may_accept_for_an_organisation(cast: Cast, offered: AwardAgreement) -> None:
    grant = offered.commitment
    answers = {
        name: may_accept(cast.named(name), grant) for name in ("grantee", "signatory", "outside_grantee", "director")
    }
    assert answers == {"grantee": False, "signatory": True, "outside_grantee": False, "director": False}
    cast.signatory.memberships.update(ended_at=timezone.now())
    assert may_accept(cast.grantee, grant), "The only person acts for all."
    with pytest.raises(ActionRefused, match="A signatory"):
        accept_award(agreement=offered, name="Ona Outside", by=cast.outside_grantee)


def test_an_acceptance_needs_a_name(cast: Cast, offered: AwardAgreement) -> None:
    with pytest.raises(ActionRefused, match="full name"):
        accept_award(agreement=offered, name=" ", by=cast.signatory)


def test_declining_gives_the_draft_back_with_the_reason(cast: Cast, offered: AwardAgreement) -> None:
    decline_award(agreement=offered, reason="We cannot hire in time.", by=cast.signatory)
    offered.refresh_from_db()
    assert now(offered.commitment) == Status.DRAFT
    assert offered.ended_because == "Declined: We cannot hire in time."
    with pytest.raises(ActionRefused, match="This offer has ended"):
        accept_award(agreement=offered, name="Sam Signatory", by=cast.signatory)


def test_a_withdrawn_offer_can_be_made_again(cast: Cast, offered: AwardAgreement) -> None:
    grant = withdraw_offer(commitment=offered.commitment, by=cast.director, reason="The amount was wrong.")
    set_award(commitment=grant, award_pence=grant.award_pence, by=cast.programme_manager)
    make_agreement(commitment=grant, template=offered.template, by=cast.programme_manager)
    assert offer_award(commitment=grant, by=cast.programme_manager).status == Status.OFFERED


def test_a_paper_acceptance_is_dated_between_the_offer_and_today(cast: Cast, offered: AwardAgreement) -> None:
    day = timezone.localdate()
    for wrong in (day - datetime.timedelta(days=1), day + datetime.timedelta(days=1)):
        with pytest.raises(ActionRefused, match="not after today"):
            record_paper_acceptance(agreement=offered, name="Pat Paper", signed_on=wrong, by=cast.programme_manager)
    done = record_paper_acceptance(agreement=offered, name="Pat Paper", signed_on=day, by=cast.programme_manager)
    assert (done.is_on_paper, done.accepted_by, now(done.commitment)) == (True, cast.programme_manager, "accepted")


def test_an_accepted_award_starts_on_its_first_day_and_not_before(cast: Cast, offered: AwardAgreement) -> None:
    accept_award(agreement=offered, name="Sam Signatory", by=cast.signatory)
    grant = offered.commitment
    with pytest.raises(ActionRefused, match="starts on 1 April 2026"):
        start_award(commitment=grant, by=cast.programme_manager, today=datetime.date(2026, 3, 31))
    assert [start_due(today=datetime.date(2026, 4, 1)) for _ in range(2)] == [1, 0]
    assert now(grant) == Status.ACTIVE


def test_suspending_and_resuming_keep_their_reasons(world: World) -> None:
    manager = world.cast.programme_manager
    with pytest.raises(ActionRefused, match="Say why"):
        suspend_award(commitment=world.grant, by=manager, reason=" ")
    suspend_award(commitment=world.grant, by=manager, reason="Their lead has left.")
    assert resume_award(commitment=world.grant, by=manager, reason="A new lead.").status == Status.ACTIVE
    reasons = AuditEvent.objects.about(world.grant).values_list("reason", flat=True)
    assert set(reasons) == {"Their lead has left.", "A new lead."}


def test_terminating_cancels_what_was_to_be_paid_and_waives_what_had_not_opened(
    cast: Cast, offered: AwardAgreement
) -> None:
    accept_award(agreement=offered, name="Sam Signatory", by=cast.signatory)
    grant = offered.commitment
    first = grant.returns.order_by("quarter__number").first()
    MonitoringReturn.objects.filter(pk=first.pk).update(status=MonitoringReturn.Status.OPEN)
    payment = PaymentFactory(commitment=grant, number=1, waits_for=grant.returns.latest("quarter__number"))
    terminate_award(commitment=grant, by=cast.director, reason="The charity has closed.")
    payment.refresh_from_db()
    assert (now(grant), payment.status) == (Status.TERMINATED, "cancelled")
    assert sorted(grant.returns.values_list("status", flat=True)) == ["open", "waived", "waived", "waived"]


STAFF_ACTIONS: dict[str, Callable[[Commitment, Any], Any]] = {
    "make": lambda grant, by: make_agreement(commitment=grant, template=AgreementTemplateFactory(), by=by),
    "offer": lambda grant, by: offer_award(commitment=grant, by=by),
    "withdraw": lambda grant, by: withdraw_offer(commitment=grant, by=by, reason="Why"),
    "start": lambda grant, by: start_award(commitment=grant, by=by, today=datetime.date(2027, 1, 1)),
    "suspend": lambda grant, by: suspend_award(commitment=grant, by=by, reason="Why"),
    "resume": lambda grant, by: resume_award(commitment=grant, by=by, reason="Why"),
    "terminate": lambda grant, by: terminate_award(commitment=grant, by=by, reason="Why"),
    "internally": lambda grant, by: accept_internally(commitment=grant, by=by, reason="Why"),
}


@pytest.mark.parametrize("name", STAFF_ACTIONS)
def test_only_programme_managers_and_the_director_decide_and_never_for_their_own_organisation(
    cast: Cast, draft: Commitment, name: str
) -> None:
    act = STAFF_ACTIONS[name]
    for person in ("finance_officer", "analyst", "auditor", "administrator", "grantee", "signatory", "nobody"):
        with pytest.raises(ActionRefused, match="Only a programme manager or the director"):
            act(draft, cast.named(person))
    MembershipFactory(user=cast.director, organisation=draft.organisation, role=Membership.Role.SUBMITTER)
    with pytest.raises(ActionRefused, match="You act for this organisation"):
        act(draft, cast.director)


def test_a_contract_is_accepted_with_where_it_is_kept(cast: Cast, draft: Commitment) -> None:
    with pytest.raises(ActionRefused, match="accepted by its organisation"):
        accept_internally(commitment=draft, by=cast.director, reason="Filed.")
    Commitment.objects.filter(pk=draft.pk).update(kind="contract")
    with pytest.raises(TransitionRefused):
        accept_internally(commitment=draft, by=cast.director, reason="Filed.")
    offer_award(commitment=draft, by=cast.programme_manager)
    assert accept_internally(commitment=draft, by=cast.director, reason="Filed.").status == Status.ACCEPTED
    assert draft.returns.count() == 0


def test_partners_never_receive_more_than_the_award_and_the_lead_is_none(cast: Cast, draft: Commitment) -> None:
    layer = draft.programme.layer
    one, other = OrganisationFactory(layer=layer), OrganisationFactory(layer=layer)
    by = cast.programme_manager
    for partners, said in (
        ([Partner(one, draft.award_pence), Partner(other, 1)], r"£0\.01 above the award"),
        ([Partner(draft.organisation, 1)], "leads"),
        ([Partner(one, 1), Partner(one, 1)], "named twice"),
        ([Partner(one, -1)], "negative"),
        ([Partner(OrganisationFactory(layer="published"), 1)], "cannot be a partner here"),
    ):
        with pytest.raises(ActionRefused, match=said):
            set_partners(commitment=draft, partners=partners, by=by)
    set_partners(commitment=draft, partners=[Partner(one, 40), Partner(other, 60, "Detached youth work")], by=by)
    assert draft.partners.count() == 2
    Commitment.objects.filter(pk=draft.pk).update(status=Status.ACTIVE)
    with pytest.raises(ActionRefused, match="Say why the partners change"):
        set_partners(commitment=draft, partners=[Partner(one, 40)], by=by)
