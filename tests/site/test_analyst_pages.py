"""What analysts look at: one family of figures at a time, and data issues that they may look for again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import DataIssue
from tests.cast import World
from tests.factories import (
    AllocationFactory,
    DataIssueFactory,
    FundingSplitFactory,
    RelationFactory,
    RelationTermFactory,
    StatedValueFactory,
    WordingFactory,
)
from vru.accounts.models import AuditEvent

pytestmark = pytest.mark.django_db
HERE = {"year": "2020-21", "layer": "recorded"}


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.cast.named(role))
    return client


def test_the_figures_page_shows_one_family_and_says_which(world: World) -> None:
    FundingSplitFactory(commitment=world.grant)
    client = signed_in(world, "analyst")
    for asked, shown in (("", "award.total"), ("grants.count", "grants.count"), ("no.such", "award.total")):
        page = client.get(reverse("evaluation:figures"), {**HERE, "family": asked})
        keys = [row["figure"].key for row in page.context["page_obj"]]
        assert keys
        assert {key.split(" ")[0] for key in keys} == {shown}
        assert page.context["family"].name == shown


def a_wrong_sum() -> None:
    """A stated total of 100 whose parts come to 90, in a year of which money is held."""
    AllocationFactory(year=2020, layer="published")
    relation = RelationFactory(result=StatedValueFactory(value=100, measure="total"))
    for position, part in enumerate((60, 30), start=1):
        term = StatedValueFactory(value=part, measure=f"part-{position}")
        RelationTermFactory(relation=relation, value=term, position=position)


def test_checking_again_finds_what_came_and_notes_what_went(world: World) -> None:
    a_wrong_sum()
    gone = DataIssueFactory(year=2020, layer="published")
    client = signed_in(world, "director")
    address = f"{reverse('evaluation:issue-check')}?year=2020-21&layer=published"
    answer = client.post(address, follow=True)
    gone.refresh_from_db()
    assert gone.status == DataIssue.Status.GONE
    assert AuditEvent.objects.about(gone).get().actor == world.cast.director
    assert DataIssue.objects.unresolved().filter(layer="published", year=2020).exists()
    assert "1 gone" in answer.content.decode()
    before = list(DataIssue.objects.order_by("pk").values())
    client.post(address)
    assert list(DataIssue.objects.order_by("pk").values()) == before


def test_only_those_who_settle_issues_see_the_button(world: World) -> None:
    for role, offered in (("analyst", True), ("director", True), ("auditor", False), ("programme_manager", False)):
        page = signed_in(world, role).get(reverse("evaluation:issues"), HERE)
        assert (reverse("evaluation:issue-check") in page.content.decode()) is offered, role


def test_issues_stand_gravest_first(world: World) -> None:
    for severity in ("note", "error", "warning"):
        DataIssueFactory(severity=severity, year=2020, layer="recorded")
    found = [issue.severity for issue in DataIssue.objects.gravest_first()]
    assert found == ["error", "warning", "note"]
    page = signed_in(world, "analyst").get(reverse("evaluation:issues"), HERE)
    assert [group["value"] for group in page.context["severities"]] == found


def test_the_page_of_statements_also_shows_what_documents_say_in_words(world: World) -> None:
    kept = WordingFactory(layer="recorded", text="Safer Places Board", about="the board", place="Page 1")
    WordingFactory(layer="recorded", text="Safety Board", about="the panel", place="Page 2")
    WordingFactory(layer="published", text="Other Board", about="the board")
    client = signed_in(world, "analyst")
    page = client.get(reverse("evaluation:statements"), {**HERE, "text": "safer"})
    assert page.context["wordings"] == [kept]
    assert "Safer Places Board" in page.content.decode()


def test_more_wordings_ask_for_no_more_queries(world: World, django_assert_num_queries: Any) -> None:
    client = signed_in(world, "analyst")
    WordingFactory(layer="recorded")
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("evaluation:statements"), HERE)
    WordingFactory.create_batch(12, layer="recorded")
    with django_assert_num_queries(len(few)):
        client.get(reverse("evaluation:statements"), HERE)
