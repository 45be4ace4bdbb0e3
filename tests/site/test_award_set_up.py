"""Setting up an award on the site: found, filled in step by step, checked, offered, accepted; and closed at the end."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grants.models import AwardAgreement, Commitment, GrantClosing, Payment
from programmes.models import Area, FundingSource
from tests.cast import Cast
from tests.factories import (
    AgreementTemplateFactory,
    AllocationFactory,
    AreaFactory,
    AwardAgreementFactory,
    BudgetCategoryFactory,
    CommitmentFactory,
    ConsortiumPartnerFactory,
    CostHeadingFactory,
    DueDiligenceCheckFactory,
    IndicatorVersionFactory,
    OrganisationFactory,
    PaymentFactory,
    ProgrammeFactory,
    UnitFactory,
    approved_return,
)
from tests.grants.award_world import whole_draft, with_agreement
from tests.signing_in import sign_in_strongly
from vru.accounts.models import User

FEW = 40
DAY = datetime.date(2026, 7, 31)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, grant: Commitment, step: str, data: dict[str, Any]) -> Any:
    return client.post(reverse("grants:set-up-step", args=[grant.ref, step]), data)


def days(name: str, day: datetime.date) -> dict[str, int]:
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def test_an_award_is_set_up_offered_and_accepted_on_the_site(cast: Cast) -> None:
    UnitFactory()
    organisation = cast.grantee.memberships.get().organisation
    programme = ProgrammeFactory(status="live")
    BudgetCategoryFactory()
    allocation = AllocationFactory(year=2026, layer=programme.layer, amount_pence=500_000_00)
    heading, place = CostHeadingFactory(slug="labour"), AreaFactory(kind=Area.Kind.MEMBER)
    partner = OrganisationFactory(name="Partner Trust", layer=programme.layer)
    template = AgreementTemplateFactory(body="{{organisation.name}} receives {{award.amount}}.\n\n{{table.partners}}")
    client = signed_in(cast.programme_manager)

    found = client.get(reverse("grants:set-up-new"), {"q": "bright", "layer": programme.layer})
    assert organisation.name in found.content.decode()
    begin = f"{reverse('grants:set-up-new')}?organisation={organisation.ref}"
    assert client.get(begin).status_code == 200
    made = client.post(begin, {"programme": programme.pk, "title": "Mentors at weekends", "kind": "grant"})
    grant = Commitment.objects.get(title="Mentors at weekends")
    assert made["Location"] == reverse("grants:set-up", args=[grant.ref])
    assert (grant.ref, grant.status, grant.manager) == (f"{programme.ref}-G01", "draft", cast.programme_manager)

    what = {
        "ref": "MENTOR-2026",
        "name": grant.title,
        "description": "Forty young people meet a mentor every Saturday.",
        "kind": "grant",
        "category": grant.category_id,
        "manager": cast.programme_manager.pk,
    }
    assert post(client, grant, "what", what).status_code == 302
    grant.refresh_from_db()
    term = days("starts_on", datetime.date(2026, 4, 1)) | days("ends_on", datetime.date(2027, 3, 31))
    steps: list[tuple[str, dict[str, Any]]] = [
        ("amount", {"award": "£120,000", **term}),
        ("partners", {"name-0": "partner trust", "delivers-0": "Coaches", "share-0": "20,000"}),
        ("sources", {"0-0": "120,000"}),
        ("areas", {"how": "equal", f"area-{place.pk}": "1"}),
        ("profile", {"spread": "1"}),
        ("targets", {"0-0": "10", "0-1": "10"}),
        ("payments", {"timing": "arrears", "waits": "on", "needs_agreement": "on"}),
        ("agreement", {"template": template.pk}),
    ]
    for step, data in steps:
        answer = post(client, grant, step, data)
        assert answer.status_code == 302, (step, answer.content.decode()[:3000])
    assert grant.partners.get().organisation == partner
    assert grant.splits.get().source == allocation.source
    assert [line.amount_pence for line in grant.profile_lines.filter(heading=heading)] == [30_000_00] * 4
    assert [row.amount_pence for row in Payment.objects.filter(commitment=grant)] == [30_000_00] * 4
    shown = client.get(reverse("grants:set-up", args=[grant.ref])).content.decode()
    assert "Everything is there." in shown

    assert client.post(reverse("grants:set-up-check", args=[grant.ref])).status_code == 302
    agreement = AwardAgreement.objects.get(commitment=grant)
    theirs = signed_in(cast.signatory)
    address = reverse("grants:agreement", args=[grant.ref, agreement.number])
    assert "receives £120,000.00" in theirs.get(address).content.decode()
    assert theirs.post(f"{address}accept/", {"name": "Sam Signatory"}).status_code == 302
    grant.refresh_from_db()
    assert (grant.status, grant.returns.count()) == ("accepted", 4)
    assert all(payment.waits_for_id for payment in grant.payments.all())


def test_three_grants_are_made_from_last_years_in_one_step_each(cast: Cast) -> None:
    UnitFactory()
    BudgetCategoryFactory()
    last = whole_draft(OrganisationFactory(name="Last year's"), cast.programme_manager)
    ConsortiumPartnerFactory(
        commitment=last, organisation=OrganisationFactory(layer=last.programme.layer), share_pence=5
    )
    client = signed_in(cast.director)
    for number in range(3):
        organisation = OrganisationFactory(layer=last.programme.layer)
        begin = f"{reverse('grants:set-up-new')}?organisation={organisation.ref}"
        data = {
            "programme": last.programme_id,
            "title": f"Mentors {number}",
            "kind": "grant",
            "source": last.ref.lower(),
        }
        assert client.post(begin, data).status_code == 302
    made = Commitment.objects.filter(title__startswith="Mentors ").order_by("ref")
    assert [grant.starts_on.year for grant in made] == [2027, 2027, 2027]
    assert len({grant.ref for grant in made}) == 3
    for grant in made:
        assert grant.award_pence == last.award_pence == sum(row.amount_pence for row in grant.splits.all())
        assert [row.year for row in grant.splits.all()] == [2027]
        assert grant.profile_lines.get().quarter.period.key == "2027-28Q1"
        assert grant.area_shares.get().area == last.area_shares.get().area
        assert grant.partners.get().share_pence == 5


@pytest.mark.parametrize(
    ("step", "data", "said"),
    [
        ("what", {"ref": "new", "name": "T", "kind": "grant"}, "has a digit somewhere"),
        ("what", {"ref": "A1", "name": "Same", "description": "same", "kind": "grant"}, "only repeats the title"),
        ("amount", {"award": "£8.8m"}, "There is a problem"),
        ("sources", {"0-0": "100,000.01"}, "£0.01 above the award"),
        ("areas", {"how": "amounts"}, "Type a number at each area"),
        ("profile", {"0-0": "-5"}, "There is a problem"),
        ("targets", {"0-0": "half"}, "There is a problem"),
        ("partners", {"name-0": "Nobody at all", "share-0": "5"}, "No one organisation is called"),
        ("partners", {"share-0": "5"}, "Name the partner"),
        ("payments", {}, "There is a problem"),
        ("copy", {"source": "NOWHERE-1"}, "There is no award with the reference"),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(cast: Cast, step: str, data: dict[str, Any], said: str) -> None:
    UnitFactory()
    draft = whole_draft(OrganisationFactory(), cast.programme_manager)
    data = {"category": draft.category_id, **data} if step == "what" else data
    answer = post(signed_in(cast.programme_manager), draft, step, data)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_past_the_draft_no_step_saves(cast: Cast) -> None:
    grant = whole_draft(OrganisationFactory(), cast.programme_manager)
    Commitment.objects.filter(pk=grant.pk).update(status="active")
    answer = post(signed_in(cast.programme_manager), grant, "sources", {"0-0": "1"})
    assert (answer.status_code, "only by a variation" in answer.content.decode()) == (422, True)


def test_duplicates_and_due_diligence_are_seen_before_the_offer(cast: Cast) -> None:
    UnitFactory()
    draft = whole_draft(cast.grantee.memberships.get().organisation, cast.programme_manager)
    with_agreement(draft, cast.programme_manager)
    DueDiligenceCheckFactory(organisation=draft.organisation, kind="insurance", outcome="failed", note="Lapsed.")
    client, check = signed_in(cast.programme_manager), reverse("grants:set-up-check", args=[draft.ref])
    assert "Failed: Public liability insurance" in client.get(check).content.decode()
    refused = client.post(check)
    assert (refused.status_code, "has failed" in refused.content.decode()) == (422, True)
    assert client.post(check, {"despite": "Renewed on Monday."}).status_code == 302


def test_areas_are_shared_by_weight_to_the_penny_or_not_apportioned(cast: Cast) -> None:
    draft = whole_draft(OrganisationFactory(), cast.programme_manager)
    Area.objects.all().update(kind=Area.Kind.OUTSIDE)
    places = [AreaFactory(kind=Area.Kind.MEMBER) for _ in range(3)]
    whole = AreaFactory(kind=Area.Kind.WHOLE)
    client = signed_in(cast.programme_manager)
    weights = {f"area-{place.pk}": "1" for place in places}
    assert post(client, draft, "areas", {"how": "weights", **weights}).status_code == 302
    assert sorted(row.amount_pence for row in draft.area_shares.all()) == [3_333_333, 3_333_333, 3_333_334]
    assert post(client, draft, "areas", {"how": "whole"}).status_code == 302
    assert draft.area_shares.get().area == whole


def test_indicators_of_the_objective_are_chosen_with_their_targets(cast: Cast) -> None:
    draft = whole_draft(OrganisationFactory(), cast.programme_manager)
    version = IndicatorVersionFactory(objective=draft.programme.primary_objective)
    client = signed_in(cast.programme_manager)
    page = client.get(reverse("grants:set-up-step", args=[draft.ref, "indicators"])).content.decode()
    assert version.indicator.title in page
    assert post(client, draft, "indicators", {"0-0": "on", "0-1": "12", "0-2": "20.5"}).status_code == 302
    row = draft.indicators.get()
    assert (row.version, row.year, str(row.target.normalize())) == (version, 2026, "20.5")


def test_the_organisation_of_a_draft_is_changed(cast: Cast) -> None:
    draft = whole_draft(OrganisationFactory(), cast.programme_manager)
    other = OrganisationFactory(name="Another Trust", layer=draft.programme.layer)
    client, address = signed_in(cast.programme_manager), reverse("grants:set-up-step", args=[draft.ref, "who"])
    assert "Choose Another Trust" in client.get(address, {"q": "another"}).content.decode()
    client.post(address, {"organisation": other.ref})
    draft.refresh_from_db()
    assert draft.organisation == other


def test_the_set_up_asks_no_more_when_there_is_more(cast: Cast) -> None:
    UnitFactory()
    draft = whole_draft(OrganisationFactory(), cast.programme_manager)
    client = signed_in(cast.programme_manager)
    counts = []
    for _ in range(2):
        AllocationFactory(year=2026, layer=draft.programme.layer)
        AreaFactory(kind=Area.Kind.MEMBER)
        IndicatorVersionFactory(objective=draft.programme.primary_objective)
        ConsortiumPartnerFactory(commitment=draft, share_pence=1)
        PaymentFactory(commitment=draft, number=draft.payments.count() + 1, amount_pence=1)
        DueDiligenceCheckFactory(organisation=draft.organisation)
        seen = []
        for name in ("set-up", "set-up-check"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"grants:{name}", args=[draft.ref])).status_code == 200
            seen.append(len(queries))
        for step in ("who", "partners", "sources", "areas", "profile", "indicators", "targets", "payments"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse("grants:set-up-step", args=[draft.ref, step])).status_code == 200
            seen.append(len(queries))
        counts.append(seen)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= FEW, counts


def test_a_grantee_declines_with_a_reason_and_the_draft_is_gone_from_its_pages(cast: Cast) -> None:
    UnitFactory()
    draft = whole_draft(cast.grantee.memberships.get().organisation, cast.programme_manager)
    agreement = with_agreement(draft, cast.programme_manager)
    signed_in(cast.programme_manager).post(reverse("grants:set-up-check", args=[draft.ref]))
    address = reverse("grants:agreement", args=[draft.ref, agreement.number])
    helper, client = signed_in(cast.grantee), signed_in(cast.signatory)
    assert "A signatory of" in helper.get(address).content.decode()
    assert helper.post(f"{address}accept/", {"name": "Gia"}).status_code == 422
    assert client.post(f"{address}decline/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}decline/", {"reason": "No staff."}).status_code == 302
    assert client.get(address).status_code == 404


def test_a_paper_agreement_is_recorded_by_staff(cast: Cast) -> None:
    UnitFactory()
    draft = whole_draft(OrganisationFactory(), cast.programme_manager)
    agreement = with_agreement(draft, cast.programme_manager)
    client = signed_in(cast.programme_manager)
    client.post(reverse("grants:set-up-check", args=[draft.ref]))
    agreement.refresh_from_db()
    address = reverse("grants:agreement-paper", args=[draft.ref, agreement.number])
    day = timezone.localdate(agreement.offered_at)
    assert client.post(address, {"name": "Pat Paper", **days("signed_on", day)}).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.accepted_name, agreement.is_on_paper) == ("Pat Paper", True)


def test_suspending_asks_why_and_says_what_it_does(cast: Cast) -> None:
    grant = CommitmentFactory()
    client, address = signed_in(cast.programme_manager), reverse("grants:change", args=[grant.ref, "suspend"])
    assert "No payment is made" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Questions are open."}).status_code == 302
    assert client.get(reverse("grants:change", args=[grant.ref, "explode"])).status_code == 404


def test_an_award_is_closed_by_one_and_reconciled_by_another_with_a_strong_sign_in(cast: Cast) -> None:
    grant = CommitmentFactory(award_pence=100)
    approved_return(grant, 1, actual_pence=100)
    PaymentFactory(commitment=grant, number=1, amount_pence=100, status="paid", paid_on=DAY)
    client = signed_in(cast.programme_manager)
    assert "Close the award" in client.get(reverse("grants:closing", args=[grant.ref])).content.decode()
    assert client.post(reverse("grants:close", args=[grant.ref]), {"note": "Done."}).status_code == 302
    officer, address = Client(), reverse("grants:reconcile", args=[grant.ref])
    officer.force_login(cast.finance_officer)
    assert officer.post(address).status_code == 302, "Sent to sign in again."
    assert GrantClosing.objects.get().reconciled_at is None
    sign_in_strongly(officer, cast.finance_officer)
    assert "Compare these figures" in officer.get(address).content.decode()
    officer.post(address)
    grant.refresh_from_db()
    assert (grant.status, GrantClosing.objects.get().reconciled_by) == ("reconciled", cast.finance_officer)


def test_another_organisations_agreement_and_one_not_offered_do_not_exist(cast: Cast) -> None:
    grant = CommitmentFactory(organisation=cast.grantee.memberships.get().organisation)
    AwardAgreementFactory(commitment=grant)
    for person in (cast.grantee, cast.outside_grantee):
        client = signed_in(person)
        for name in ("agreement", "agreement-file"):
            assert client.get(reverse(f"grants:{name}", args=[grant.ref, 1])).status_code == 404


def test_sources_without_room_say_so_and_remain_choosable(cast: Cast) -> None:
    draft = whole_draft(OrganisationFactory(), cast.programme_manager)
    source = FundingSource.objects.get()
    shown = signed_in(cast.programme_manager).get(reverse("grants:set-up-step", args=[draft.ref, "sources"]))
    assert f"{source.title} (£1,000,000.00 left in 2026-27)" in shown.content.decode()
