"""Homes and lists of the unit's staff: each role finds its own work, and rules group what they found."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import OutlineSection
from tests.cast import World
from tests.factories import (
    AllocationFactory,
    DataIssueFactory,
    FundingSplitFactory,
    PaymentFactory,
    ReportOutlineFactory,
    StatedValueFactory,
)
from vru.accounts.adapter import WRONG_CODE

pytestmark = pytest.mark.django_db
HERE = {"year": "2020-21", "layer": "recorded"}


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.cast.named(role))
    return client


def test_a_finance_officers_home_adds_up_by_source_and_lists_what_is_to_be_paid(world: World) -> None:
    split = FundingSplitFactory(commitment=world.grant, year=2020, amount_pence=30_000_00)
    AllocationFactory(year=2020, layer="recorded", source=split.source, amount_pence=50_000_00)
    PaymentFactory(commitment=world.grant, amount_pence=7_500_00, due_on=datetime.date(2020, 7, 1))
    page = signed_in(world, "finance_officer").get("/", HERE)
    table = page.context["by_source"]
    named = next(row for row in table["rows"] if row[0]["text"] == split.source.title)
    assert [named[1]["text"], named[2]["text"], named[4]] == ["£50,000.00", "£30,000.00", "£20,000.00"]
    assert table["foot"][1]["text"] == "£50,000.00"
    assert "1 payment, £7,500.00 in all" in page.content.decode()


def test_the_position_shows_what_the_unit_states_at_the_front_of_its_report(world: World) -> None:
    value = StatedValueFactory(value=126, statement__layer="recorded")
    ref = f"{value.statement.ref}.{value.key}"
    OutlineSection.objects.create(
        outline=ReportOutlineFactory(),
        order=1,
        slug="snapshot",
        title="Snapshot",
        blocks=[{"kind": "figures", "keys": [f"stated.value ref={ref}", "funding.total"], "layers": ["recorded"]}],
    )
    shown = signed_in(world, "director").get("/", HERE).context["position"]["numbers"]
    assert "126" in [number["value"] for number in shown]


def test_a_position_stands_when_its_outline_names_what_is_not_loaded(world: World) -> None:
    OutlineSection.objects.create(
        outline=ReportOutlineFactory(),
        order=1,
        slug="snapshot",
        title="Snapshot",
        blocks=[{"kind": "figures", "keys": ["stated.value ref=NOT-LOADED.x"]}],
    )
    assert signed_in(world, "director").get("/", HERE).status_code == 200


def test_a_rule_that_found_much_starts_folded(world: World) -> None:
    for _ in range(5):
        DataIssueFactory(rule="parts-and-total", severity="error", year=2020, layer="recorded")
    DataIssueFactory(rule="repeats", severity="error", year=2020, layer="recorded")
    page = signed_in(world, "analyst").get(reverse("evaluation:issues"), HERE)
    rules = page.context["severities"][0]["rules"]
    assert [(len(rule["issues"]), rule["is_open"]) for rule in rules] == [(5, False), (1, True)]


def test_words_without_a_family_are_looked_for_in_all_of_them(world: World) -> None:
    FundingSplitFactory(commitment=world.grant)
    client = signed_in(world, "analyst")
    for family, found in (("", {"grants.count"}), ("award.total", set())):
        page = client.get(reverse("evaluation:figures"), {**HERE, "family": family, "text": "grants.count"})
        assert {row["figure"].key.split(" ")[0] for row in page.context["page_obj"]} == found


def test_a_wrong_password_is_said_in_plain_words(world: World) -> None:
    page = Client().post("/account/login/", {"login": world.cast.director.email, "password": "not this one"})
    assert "The email address or the password is not right." in page.content.decode()


def test_a_wrong_code_says_where_to_find_the_right_one() -> None:
    assert "your app shows now" in WRONG_CODE
