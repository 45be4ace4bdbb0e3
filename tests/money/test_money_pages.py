"""The pages of variations, spending and virements: a journey each, and a fixed number of queries."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.actions.variations import propose_variation
from grants.models import Variation
from grants.money.plan import fingerprint, plan_of
from grants.money.replan import replan
from tests.factories import AllocationFactory, approved_return
from tests.money.worlds import MoneyWorld, whole_grant
from tests.signing_in import sign_in_strongly

pytestmark = pytest.mark.django_db
QUERY = "?kind=award&award=8000000&effective_on=2020-10-01"


def typed(client: Client, address: str) -> dict[str, str]:
    """What the grids hold when they are opened."""
    form = client.get(address).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def test_a_manager_proposes_in_grids_and_finance_approves(client: Client, money_world: MoneyWorld) -> None:
    client.force_login(money_world.cast.programme_manager)
    address = reverse("grants:variation-plan", args=["GR-OURS"]) + QUERY
    boxes = typed(client, address) | {"reason": "One post.", "based_on": fingerprint(plan_of(money_world.grant))}
    checked = client.post(address, boxes | {"step": "check"})
    assert "£80,000.00" in checked.content.decode()
    assert client.post(address, boxes | {"step": "propose"}).status_code == 302
    variation = Variation.objects.get()
    sign_in_strongly(client, money_world.cast.finance_officer)
    approve = reverse("grants:variation-approve", args=["GR-OURS", variation.number])
    assert "whole plan changes at once" in client.get(approve).content.decode()
    client.post(approve)
    assert plan_of(money_world.grant)["award"] == 8_000_000


def test_boxes_that_miss_the_award_come_back_with_what_is_short(client: Client, money_world: MoneyWorld) -> None:
    client.force_login(money_world.cast.programme_manager)
    address = reverse("grants:variation-plan", args=["GR-OURS"]) + QUERY
    boxes = typed(client, address) | {"reason": "One post.", "split.core/2020": "1"}
    response = client.post(address, boxes | {"step": "check"})
    assert response.status_code == 422
    assert "short of the award of £80,000.00" in response.content.decode()


def test_a_rounded_amount_is_refused_and_kept_as_typed(client: Client, money_world: MoneyWorld) -> None:
    client.force_login(money_world.cast.programme_manager)
    address = reverse("grants:variation-start", args=["GR-OURS"])
    day = {"effective_on-day": "1", "effective_on-month": "10", "effective_on-year": "2020"}
    response = client.post(address, {"kind": "award", "award": "£8.8m"} | day)
    assert response.status_code == 422
    assert "£8.8m" in response.content.decode()


def test_a_grantee_sees_what_was_approved_and_not_what_the_unit_weighs(client: Client, money_world: MoneyWorld) -> None:
    after = replan(plan_of(money_world.grant), reported=(), award=8_000_000)
    variation = propose_variation(
        commitment=money_world.grant,
        kind=Variation.Kind.AWARD,
        after=after,
        reason="One post.",
        effective_on=datetime.date(2020, 10, 1),
        by=money_world.cast.programme_manager,
    )
    client.force_login(money_world.cast.grantee)
    assert client.get(reverse("grants:variation", args=["GR-OURS", variation.number])).status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/money/variance/?year=2020-21", "/money/underspend/?year=2020-21", "/money/variations/", "/money/virements/"],
)
def test_money_pages_ask_the_same_number_of_queries_however_many_awards(
    client: Client, money_world: MoneyWorld, address: str
) -> None:
    client.force_login(money_world.cast.finance_officer)
    approved_return(money_world.grant, 1, actual_pence=1, forecast_pence=1)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert client.get(address).status_code == 200
    parts = {
        name: getattr(money_world, name)
        for name in ("programme", "category", "home", "core", "staff", "rooms", "areas")
    }
    for number in range(3):
        approved_return(whole_grant(parts, 1_000_000 + number), 1, actual_pence=1, forecast_pence=1)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 35


def test_the_download_holds_the_rows_of_the_page_and_their_total(client: Client, money_world: MoneyWorld) -> None:
    approved_return(money_world.grant, 1, actual_pence=100)
    client.force_login(money_world.cast.analyst)
    response = client.get(reverse("money:variance-export", args=["csv"]) + "?year=2020-21&by=source")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Funding source", "Home Office", "Core", "Total"]
    assert lines[-1].split(",")[3] == "1.00"


def test_finance_moves_an_underspend_from_the_page_and_the_director_approves(
    client: Client, money_world: MoneyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = datetime.date(2021, 1, 20)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)
    AllocationFactory(source=money_world.home, year=2021)
    for number in (1, 2, 3):
        approved_return(money_world.grant, number, actual_pence=1_250_000, forecast_pence=1_000_000)
    client.force_login(money_world.cast.finance_officer)
    page = client.get("/money/underspend/?year=2020-21").content.decode()
    assert "giving=GR-OURS" in page
    boxes = {"source": "home-office", "year": "2020", "giving": "GR-OURS", "receiving": "gr-second"}
    response = client.post(reverse("money:virement-new"), boxes | {"amount": "5,000", "reason": "Full elsewhere."})
    assert response.status_code == 302
    sign_in_strongly(client, money_world.cast.director)
    client.post(reverse("money:virement-approve", args=["VIR-2020-001"]))
    assert plan_of(money_world.second)["award"] == 5_500_000
