"""Budgets, returns and the audit trail as files: what stands in them and who gets them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from tests.cast import World
from tests.factories import BudgetLineFactory, CommitmentFactory, approved_return
from vru.accounts.models import AuditEvent, User

pytestmark = pytest.mark.django_db


def rows(user: User, path: str) -> list[dict[str, str]]:
    client = Client()
    client.force_login(user)
    response: Any = client.get(path)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_budget_lines_are_those_of_the_layer_and_year(world: World) -> None:
    line = BudgetLineFactory(year=2020, amount_pence=123_45, layer="recorded", programme=world.grant.programme)
    BudgetLineFactory(year=2021, layer="recorded", programme=world.grant.programme)
    found = rows(world.cast.finance_officer, "/exports/budgets/csv/?layer=recorded&year=2020-21")
    assert [(row["Reference"], row["Budget (£)"], row["Year"]) for row in found] == [(line.ref, "123.45", "2020-21")]


def test_returns_say_what_their_approved_version_says(world: World) -> None:
    grant = CommitmentFactory(programme=world.grant.programme)
    approved_return(grant, 1, reach={"new": 5}, actual_pence=100_50)
    found = {
        (row["Grant reference"], row["Quarter"]): row
        for row in rows(world.cast.analyst, "/exports/returns/csv/?layer=recorded&year=2020-21")
    }
    said = found[grant.ref, "2020-21 Q1"]
    new = next(value for label, value in said.items() if "New" in label or "new" in label)
    assert (new, said["Spent (£, approved)"]) == ("5", "100.50")
    waiting = found[world.grant.ref, "2020-21 Q2"]
    assert (waiting["Approved version"], waiting["Spent (£, approved)"]) == ("", "")


def test_any_number_of_returns_is_read_in_a_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for _ in range(12):
        approved_return(CommitmentFactory(programme=world.grant.programme), 1, reach={"new": 5}, actual_pence=100)
    client = Client()
    client.force_login(world.cast.analyst)
    client.get("/")
    with django_assert_max_num_queries(8):
        list(client.get("/exports/returns/csv/?layer=recorded").streaming_content)  # type: ignore[attr-defined]


def test_the_audit_trail_is_exported_for_auditors_and_nobody_is_left_out(world: World) -> None:
    AuditEvent.record("checked", world.grant, by=None, reason="=1+1", note="ä")
    found = rows(world.cast.auditor, "/administration/audit/export/csv/")
    assert len(found) == AuditEvent.objects.count()
    assert (found[0]["Who"], found[0]["Why"], found[0]["Details"]) == ("The system", "'=1+1", '{"note": "ä"}')


@pytest.mark.parametrize("path", ["/exports/nonsense/csv/", "/exports/returns/pdf/", "/exports/returns/csv/?year=x"])
def test_what_does_not_exist_is_not_found(world: World, path: str) -> None:
    client = Client()
    client.force_login(world.cast.director)
    assert client.get(path).status_code == 404
