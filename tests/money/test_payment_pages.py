"""The pages of payments: a run walked through by two people, strong sign-in, and what a grantee sees."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from grants.models import PaymentRun
from tests.cast import World
from tests.factories import ExportLayoutFactory, PaymentFactory
from tests.signing_in import sign_in_strongly

pytestmark = pytest.mark.django_db


def ready(world: World) -> None:
    world.grant.organisation.supplier_reference = "SUP-1"
    world.grant.organisation.save()
    PaymentFactory(commitment=world.grant, number=1, amount_pence=100_000)
    PaymentFactory(commitment=world.grant, number=2, amount_pence=100_000, waits_for=world.monitoring_return)
    ExportLayoutFactory(slug="main", is_default=True)


def test_a_run_is_made_approved_sent_and_paid_by_two_people(world: World) -> None:
    ready(world)
    finance = sign_in_strongly(Client(), world.cast.finance_officer)
    director = sign_in_strongly(Client(), world.cast.director)
    day = {"pay_on-day": "31", "pay_on-month": "8", "pay_on-year": "2020", "layout": "main"}
    page = finance.post(reverse("money:run-make"), day).content.decode()
    assert "1 payment, £1,000.00 in all" in page
    assert "Waits for the 2020-21 Q2 return, open" in page
    pk = world.grant.payments.get(number=1).pk
    finance.post(reverse("money:run-make"), day | {"press": "make", "payment": [pk]})
    run = PaymentRun.objects.get()
    finance.post(reverse("money:run-propose", args=[run.ref]))
    director.post(reverse("money:run-approve", args=[run.ref]), {"seen": "100000"})
    finance.post(reverse("money:run-export", args=[run.ref]))
    file = finance.get(reverse("money:run-file", args=[run.ref])).content
    assert file == finance.get(reverse("money:run-file", args=[run.ref])).content
    today = PaymentRun.objects.get().exported_at.date()
    paid = {"paid_on-day": today.day, "paid_on-month": today.month, "paid_on-year": today.year}
    line = run.lines.get().pk
    finance.post(reverse("money:run-paid", args=[run.ref]), paid | {f"line_{line}": "on", f"reference_{line}": "GL-1"})
    run.refresh_from_db()
    assert run.status == "paid"
    assert "Every payment of this run is paid" in finance.get(reverse("money:run", args=[run.ref])).content.decode()


@pytest.mark.parametrize("page", ["money:run-approve", "money:run-export", "money:run-paid"])
def test_approving_and_paying_need_a_recent_strong_sign_in(world: World, page: str) -> None:
    ready(world)
    run = PaymentRun.objects.create(
        ref="RUN-1",
        layer="recorded",
        pay_on="2020-08-31",
        layout=ExportLayoutFactory(),
        status="proposed",
        made_by=world.cast.director,
        made_at="2020-08-01T12:00Z",
    )
    address = reverse(page, args=[run.ref])
    weak = Client()
    weak.force_login(world.cast.finance_officer)
    assert weak.post(address, {"seen": "0"}).status_code == 302
    old = sign_in_strongly(Client(), world.cast.finance_officer, seconds_ago=100_000)
    assert old.get(address).status_code == 302
    strong = sign_in_strongly(Client(), world.cast.finance_officer)
    assert strong.get(address).status_code == 200
    run.refresh_from_db()
    assert run.status == "proposed"


def test_a_grantee_sees_what_each_of_its_payments_waits_for_and_no_buttons(world: World) -> None:
    ready(world)
    client = Client()
    client.force_login(world.cast.grantee)
    page = client.get(reverse("grants:money", args=[world.grant.ref])).content.decode()
    assert "waits for the 2020-21 Q2 return, open" in page
    assert "Plan one payment" not in page
