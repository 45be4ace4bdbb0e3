"""The pages of one award: what each shows, to whom, and with how many questions to the database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import World
from tests.factories import (
    AreaShareFactory,
    AttachmentFactory,
    AwardAgreementFactory,
    CommitmentFactory,
    CommitmentIndicatorFactory,
    ConsortiumPartnerFactory,
    ContactFactory,
    CostHeadingFactory,
    MembershipFactory,
    PaymentFactory,
    ProfileLineFactory,
    ReachTargetFactory,
    ReportingQuarterFactory,
    VariationFactory,
    approved_return,
)
from vru.accounts.models import AuditEvent

FOR_GRANTEES = ("detail", "money", "all-returns", "people", "documents")
FOR_STAFF = (*FOR_GRANTEES, "results", "timeline")
# Sign-in, session, the unit's name and the menu cost about six; the rest is the page's own.
FEW = 20


def page(world: World, person: str, name: str) -> str:
    client = Client()
    client.force_login(world.cast.named(person))
    response = client.get(reverse(f"grants:{name}", args=[world.grant.ref]))
    assert response.status_code == 200
    return response.content.decode()


def more(world: World, many: int) -> None:
    """More of everything that an award may have."""
    grant, labour = world.grant, CostHeadingFactory(slug="labour")
    for _ in range(many):
        number = grant.payments.count() + 1
        quarter = ReportingQuarterFactory(year=2021 + number // 4, number=1 + number % 4)
        PaymentFactory(commitment=grant, number=number)
        VariationFactory(commitment=grant, number=number)
        ProfileLineFactory(commitment=grant, quarter=quarter, heading=labour)
        ReachTargetFactory(commitment=grant, quarter=quarter, measure="new", value=10)
        CommitmentIndicatorFactory(commitment=grant, year=2021)
        AreaShareFactory(commitment=grant, amount_pence=1)
        ConsortiumPartnerFactory(commitment=grant)
        MembershipFactory(organisation=grant.organisation)
        ContactFactory(organisation=grant.organisation)
        AttachmentFactory(monitoring_return=world.monitoring_return, uploaded_by=world.cast.grantee)
        approved_return(grant, quarter.number, year=quarter.year, reach={"new": 5}, actual_pence=100)
        AuditEvent.record("payment planned", grant.payments.latest("number"), by=world.cast.finance_officer)


def test_no_page_asks_more_when_there_is_more_to_show(world: World) -> None:
    counted: dict[str, list[int]] = {name: [] for name in FOR_STAFF}
    client = Client()
    client.force_login(world.cast.director)
    for many in (1, 4):
        more(world, many)
        for name, counts in counted.items():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(reverse(f"grants:{name}", args=[world.grant.ref])).status_code == 200
            counts.append(len(queries))
    assert all(first == second <= FEW for first, second in counted.values()), counted


def test_a_grantee_sees_its_pages_and_neither_the_sources_nor_the_history(world: World) -> None:
    source = world.grant.splits.get().source.title
    AuditEvent.record("splits set", world.grant, by=world.cast.finance_officer, reason="Only for the unit")
    for name in FOR_GRANTEES:
        shown = page(world, "grantee", name)
        assert source not in shown
        assert "Only for the unit" not in shown
        assert reverse("grants:timeline", args=[world.grant.ref]) not in shown
    assert source in page(world, "finance_officer", "money")
    assert "Only for the unit" in page(world, "auditor", "timeline")


def test_a_draft_award_does_not_exist_for_its_organisation(world: World) -> None:
    draft = CommitmentFactory(organisation=world.grant.organisation, programme=world.grant.programme, status="draft")
    client = Client()
    client.force_login(world.cast.grantee)
    for name in FOR_GRANTEES:
        assert client.get(reverse(f"grants:{name}", args=[draft.ref])).status_code == 404


def test_the_money_page_draws_spend_against_profile_and_says_the_same_as_a_table(world: World) -> None:
    quarter = ReportingQuarterFactory(year=2020, number=1)
    ProfileLineFactory(commitment=world.grant, quarter=quarter, amount_pence=250_000)
    approved_return(world.grant, 1, actual_pence=123_450)
    shown = page(world, "grantee", "money")
    assert "<svg" in shown
    assert "£2,500.00" in shown
    assert "£1,234.50" in shown


def test_results_say_what_was_reached_beside_the_target_of_the_same_quarters(world: World) -> None:
    for number, target in ((1, 40), (2, 60)):
        ReachTargetFactory(
            commitment=world.grant,
            measure="new",
            quarter=ReportingQuarterFactory(year=2020, number=number),
            value=target,
        )
    approved_return(world.grant, 1, reach={"new": 37})
    shown = page(world, "analyst", "results")
    assert "From 1 approved of 2 returns" in shown
    for number in (">37<", ">40<", ">100<"):
        assert number in shown


def test_an_award_without_anything_says_so_on_every_page(world: World) -> None:
    empty = CommitmentFactory(programme=world.grant.programme)
    client = Client()
    client.force_login(world.cast.analyst)
    said = {
        "money": "No profile is recorded",
        "all-returns": "No returns are asked for",
        "results": "No targets are set",
        "people": "delivers this alone",
        "documents": "There is no agreement yet",
        "timeline": "Nothing has happened yet",
    }
    for name, words in said.items():
        assert words in client.get(reverse(f"grants:{name}", args=[empty.ref])).content.decode()


def test_documents_name_who_accepted_the_agreement(world: World) -> None:
    moment = "2020-04-02T12:00:00Z"
    AwardAgreementFactory(
        commitment=world.grant,
        offered_by=world.cast.programme_manager,
        offered_at=moment,
        accepted_by=world.cast.signatory,
        accepted_at=moment,
        accepted_name="Sam Signatory",
    )
    assert "Accepted by Sam Signatory on 2 April 2020" in page(world, "grantee", "documents")


@pytest.mark.parametrize("name", ["results", "timeline"])
def test_what_the_unit_thinks_is_not_the_grantees_page(world: World, name: str) -> None:
    client = Client()
    client.force_login(world.cast.grantee)
    assert client.get(reverse(f"grants:{name}", args=[world.grant.ref])).status_code == 403
