"""Awarded grants in the 360Giving standard: what is in the file, what never is, what is found before it is written."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from grants.exports.threesixty import Publisher, grants_json, pounds
from grants.exports.threesixty_checks import ERROR, WARNING, findings
from grants.models import Commitment
from tests.cast import World
from tests.factories import AreaFactory, AreaShareFactory, CommitmentFactory, PaymentFactory

TODAY = datetime.date(2026, 6, 1)


@pytest.fixture
def award(world: World) -> Commitment:
    """The cast's grant as a charity in one borough has it, with a payment and a credit note."""
    grant = world.grant
    grant.organisation.charity_number = "1234567"
    grant.organisation.save()
    grant.description = "Evening sessions for young people."
    grant.save()
    AreaShareFactory(commitment=grant, area=AreaFactory(code="E09000007", name="Camden"))
    PaymentFactory(commitment=grant, status="paid", paid_on="2020-07-31", amount_pence=2_500_50)
    PaymentFactory(commitment=grant, status="paid", paid_on="2020-08-31", amount_pence=-500_00, is_credit_note=True)
    return grant


def published() -> dict[str, dict[str, Any]]:
    return {grant["id"]: grant for grant in grants_json(Publisher("recorded"))}


def test_grant_has_every_required_field_and_its_places(award: Commitment) -> None:
    found = published()[f"360G-vru-{award.ref}"]
    assert found["amountAwarded"] == 10_000
    assert found["amountDisbursed"] == 2000.5
    assert found["awardDate"] == "2020-04-01"
    assert found["currency"] == "GBP"
    assert found["plannedDates"] == [{"startDate": "2020-04-01", "endDate": "2021-03-31", "duration": 12}]
    assert found["recipientOrganization"][0]["id"] == "GB-CHC-1234567"
    assert found["beneficiaryLocation"] == [
        {"name": "Camden", "countryCode": "GB", "geoCode": "E09000007", "geoCodeType": "LONB"}
    ]
    assert found["grantProgramme"][0]["code"] == award.programme.ref


@pytest.mark.parametrize("status", ["draft", "offered"])
def test_what_is_not_awarded_is_not_published(award: Commitment, status: str) -> None:
    Commitment.objects.filter(pk=award.pk).update(status=status)
    assert f"360G-vru-{award.ref}" not in published()


def test_contracts_and_unit_costs_are_no_grants(world: World) -> None:
    other = CommitmentFactory(kind="contract", programme=world.grant.programme)
    assert f"360G-vru-{other.ref}" not in published()


def test_addresses_of_people_are_taken_out(award: Commitment) -> None:
    award.description = "Ask amina@example.org or <b.jones@example.co.uk>."
    award.save()
    text = json.dumps(published())
    assert "@" not in text
    assert "(address left out)" in text


def test_description_that_repeats_the_title_is_said_in_other_words(award: Commitment) -> None:
    award.description = award.title.upper()
    award.save()
    found = published()[f"360G-vru-{award.ref}"]
    assert found["description"].startswith("A grant to ")


def test_pence_are_written_as_they_are() -> None:
    assert [json.dumps(pounds(pence)) for pence in (100, 101, 110, 123_456_789_01)] == [
        "1",
        "1.01",
        "1.1",
        "123456789.01",
    ]


GOOD: dict[str, Any] = {
    "id": "360G-vru-1",
    "title": "Evenings",
    "description": "Sessions in the evening.",
    "currency": "GBP",
    "amountAwarded": 10,
    "awardDate": "2020-04-01",
    "plannedDates": [{"startDate": "2020-04-01", "endDate": "2021-03-31"}],
    "recipientOrganization": [{"id": "GB-CHC-1234567", "name": "A", "charityNumber": "1234567"}],
    "fundingOrganization": [{"id": "360G-vru-unit", "name": "B"}],
    "beneficiaryLocation": [{"name": "Camden", "geoCode": "E09000007", "geoCodeType": "LONB"}],
}


def test_good_grant_has_no_findings() -> None:
    assert list(findings([GOOD], TODAY)) == []


@pytest.mark.parametrize(
    ("change", "level", "field"),
    [
        ({"awardDate": ""}, ERROR, "awardDate"),
        ({"awardDate": "2031-01-01"}, WARNING, "awardDate"),
        ({"awardDate": "1899-12-31"}, WARNING, "awardDate"),
        ({"title": "x" * 141}, ERROR, "title"),
        ({"description": "EVENINGS"}, WARNING, "description"),
        ({"description": "Write to a@b.org"}, ERROR, "description"),
        ({"amountAwarded": 0}, WARNING, "amountAwarded"),
        ({"amountAwarded": -5}, ERROR, "amountAwarded"),
        ({"plannedDates": [{"startDate": "2021-04-01", "endDate": "2020-03-31"}]}, ERROR, "plannedDates"),
        ({"plannedDates": [{"startDate": "2020-04-01", "endDate": "2099-03-31"}]}, WARNING, "plannedDates"),
        ({"recipientOrganization": [{"id": "360G-vru-9", "name": "A"}]}, WARNING, "recipientOrganization"),
        ({"recipientOrganization": [{"id": "360G-vru-unit", "name": "B"}]}, WARNING, "recipientOrganization"),
        ({"recipientOrganization": [{"id": "XX-1", "name": "A"}]}, WARNING, "recipientOrganization id"),
        (
            {"recipientOrganization": [{"id": "GB-CHC-1", "name": "A", "charityNumber": "12"}]},
            WARNING,
            "charityNumber",
        ),
        ({"recipientOrganization": [{"id": "GB-COH-1", "name": "A", "companyNumber": "1"}]}, WARNING, "companyNumber"),
        ({"beneficiaryLocation": []}, WARNING, "beneficiaryLocation"),
        ({"beneficiaryLocation": [{"name": "Brixton"}]}, WARNING, "beneficiaryLocation"),
    ],
)
def test_each_published_check_finds_its_fault(change: dict[str, Any], level: str, field: str) -> None:
    assert (level, field) in {(found.level, found.field) for found in findings([GOOD | change], TODAY)}


def test_identifier_that_comes_twice_is_an_error() -> None:
    assert [(found.level, found.field) for found in findings([GOOD, GOOD], TODAY)] == [(ERROR, "id")]


def test_command_writes_json_and_csv_of_the_same_grants(award: Commitment, tmp_path: Path) -> None:
    call_command("export_360giving", output=tmp_path / "grants.json", stderr=StringIO())
    call_command("export_360giving", output=tmp_path / "grants.csv", stderr=StringIO())
    package = json.loads((tmp_path / "grants.json").read_text())
    rows = list(csv.DictReader(StringIO((tmp_path / "grants.csv").read_text())))
    assert package["version"] == "1.4"
    assert [grant["id"] for grant in package["grants"]] == [row["Identifier"] for row in rows]
    mine = next(row for row in rows if row["Identifier"].endswith(award.ref))
    assert mine["Beneficiary Location:0:Geographic Code"] == "E09000007"
    assert mine["Amount Disbursed"] == "2000.5"


def test_command_writes_nothing_when_a_grant_breaks_the_standard(award: Commitment, tmp_path: Path) -> None:
    Commitment.objects.filter(pk=award.pk).update(awarded_on=None)
    said = StringIO()
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("export_360giving", output=tmp_path / "grants.json", stderr=said)
    assert f"{award.ref}, awardDate: It is missing." in said.getvalue()
    assert list(tmp_path.iterdir()) == []


def test_command_refuses_another_kind_of_file(world: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="must end in"):
        call_command("export_360giving", output=tmp_path / "grants.xlsx", stderr=StringIO())


def test_cell_that_begins_like_a_formula_is_harmless(award: Commitment, tmp_path: Path) -> None:
    award.title = "=HYPERLINK(1)"
    award.save()
    call_command("export_360giving", output=tmp_path / "grants.csv", stderr=StringIO())
    assert "'=HYPERLINK(1)" in (tmp_path / "grants.csv").read_text()


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_staff_download_the_file_from_the_site(award: Commitment, client: Client, world: World, kind: str) -> None:
    client.force_login(world.cast.analyst)
    answer = client.get(reverse(f"grants:open-data-{kind}"), {"layer": "recorded"})
    text = b"".join(answer.streaming_content).decode()
    assert f"360G-vru-{award.ref}" in text
    assert "attachment" in answer["Content-Disposition"]


def test_number_of_questions_to_the_database_does_not_grow(
    award: Commitment, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(8):
        CommitmentFactory(programme=award.programme)
    with django_assert_max_num_queries(7):
        assert len(list(grants_json(Publisher("recorded")))) == 10
