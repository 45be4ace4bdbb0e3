"""The decision register beside what was awarded, and the strategy's promises with the programmes that answer them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.money.decisions import awarded_under, commitments_under
from programmes.models import Decision
from tests.cast import World
from tests.factories import (
    CommitmentFactory,
    DecisionFactory,
    ObjectiveFactory,
    ProgrammeFactory,
    StrategyCommitmentFactory,
    StrategyVersionFactory,
    WorkplanActionFactory,
)

READERS = ("finance_officer", "analyst", "auditor", "administrator")
LONG_AGO, FAR_AHEAD = datetime.date(2001, 4, 1), datetime.date(2199, 4, 1)
ENTERED = {
    "ref": "DEC-2021-04",
    "title": "Fund mentors",
    "decided_on-day": "1",
    "decided_on-month": "2",
    "decided_on-year": "2021",
    "authorised_pence": "£12,000.50",
    "url": "https://example.org/d",
}


def signed_in(world: World, name: str = "programme_manager") -> Client:
    client = Client()
    client.force_login(world.cast.named(name))
    return client


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def detail(decision: Decision) -> str:
    return reverse("decisions:detail", args=[decision.ref])


@pytest.mark.django_db
def test_an_award_stands_under_its_own_decision_else_its_programmes_else_the_parents() -> None:
    own, of_programme, of_parent = (DecisionFactory() for _ in range(3))
    parent = ProgrammeFactory(decision=of_parent)
    programme, project = ProgrammeFactory(decision=of_programme), ProgrammeFactory(parent=parent)
    one = CommitmentFactory(programme=programme, decision=own, award_pence=1)
    two = CommitmentFactory(programme=programme, award_pence=20)
    three = CommitmentFactory(programme=project, award_pence=300)
    draft = CommitmentFactory(programme=project, award_pence=4_000, status="draft")
    assert awarded_under([own, of_programme, of_parent]) == {own.pk: 1, of_programme.pk: 20, of_parent.pk: 300}
    assert [list(commitments_under(each)) for each in (own, of_programme)] == [[one], [two]]
    assert set(commitments_under(of_parent)) == {three, draft}


@pytest.mark.django_db
def test_another_layers_awards_are_never_added_to_a_decision() -> None:
    decision = DecisionFactory()
    CommitmentFactory(programme=ProgrammeFactory(layer="illustrative", decision=decision))
    assert awarded_under([decision]) == {decision.pk: 0}
    assert not commitments_under(decision).exists()


def test_the_page_says_when_more_was_awarded_than_authorised(world: World) -> None:
    decision = DecisionFactory(authorised_pence=9_000_00)
    world.grant.decision = decision
    world.grant.save(update_fields=["decision"])
    page = text_of(signed_in(world, "auditor"), detail(decision))
    assert "£1,000.00 more was awarded than the decision authorised" in page
    assert world.grant.ref in page
    assert "Above" in text_of(signed_in(world), reverse("decisions:list"))


def test_a_manager_records_a_decision_in_pounds_and_pence(world: World) -> None:
    client = signed_in(world)
    assert client.post(reverse("decisions:add"), ENTERED).status_code == 302
    decision = Decision.objects.get(ref="DEC-2021-04")
    assert decision.authorised_pence == 12_000_50
    assert "£12,000.50" in text_of(client, detail(decision))


@pytest.mark.parametrize(
    "wrong", [{"authorised_pence": "£8.8m"}, {"url": "javascript:alert(1)"}, {"decided_on-year": "2199"}, {"title": ""}]
)
def test_a_decision_that_cannot_be_read_comes_back_as_typed(world: World, wrong: dict[str, str]) -> None:
    response = signed_in(world).post(reverse("decisions:add"), ENTERED | wrong)
    assert response.status_code == 422
    assert next(iter(wrong.values())) in response.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("person", READERS)
def test_readers_read_the_register_and_the_strategy_and_change_neither(world: World, person: str) -> None:
    client, decision, promise = signed_in(world, person), DecisionFactory(), StrategyCommitmentFactory()
    update = reverse("strategy:commitment", args=[promise.pk])
    assert reverse("decisions:add") not in text_of(client, reverse("decisions:list"))
    assert update not in text_of(client, reverse("strategy:progress"))
    assert client.post(reverse("decisions:correct", args=[decision.ref]), ENTERED).status_code == 403
    assert client.post(update, {"status": "done"}).status_code == 403


def test_the_register_is_found_by_words_and_costs_no_more_with_more_rows(world: World) -> None:
    client, path = signed_in(world), reverse("decisions:list")
    DecisionFactory(title="Fund mentors")
    DecisionFactory.create_batch(3)
    found = text_of(client, f"{path}?text=mentors")
    assert "1 decision" in found
    assert "No decisions match" in text_of(client, f"{path}?text=nothing+of+the+kind")
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(12):
        CommitmentFactory(decision=DecisionFactory())
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) <= len(few) <= 15


@pytest.fixture
def promises(world: World) -> dict[str, Any]:
    objective = world.grant.programme.primary_objective
    assert objective is not None
    late = WorkplanActionFactory(
        version=objective.version, objective=objective, ref="A1", text="Commission mentors", due_on=LONG_AGO
    )
    other = ObjectiveFactory(version=objective.version)
    kept = StrategyCommitmentFactory(
        version=objective.version, objective=other, ref="C1", text="Listen to families", due_on=LONG_AGO, status="done"
    )
    late.programmes.add(world.grant.programme)
    return {"late": late, "kept": kept, "objective": objective, "other": other}


def test_what_is_past_its_day_and_not_done_is_overdue(world: World, promises: dict[str, Any]) -> None:
    page = text_of(signed_in(world, "analyst"), reverse("strategy:progress"))
    assert "2 promises, 1 overdue" in page
    assert world.grant.programme.title in page
    only = text_of(signed_in(world), f"{reverse('strategy:progress')}?status=overdue")
    assert "Commission mentors" in only
    assert "Listen to families" not in only


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("objective={other}", "Listen to families", "Commission mentors"),
        ("kind=action", "Commission mentors", "Listen to families"),
        ("status=done", "Listen to families", "Commission mentors"),
        ("text=mentors", "Commission mentors", "Listen to families"),
    ],
)
def test_filters_narrow_the_promises(
    world: World, promises: dict[str, Any], query: str, shown: str, hidden: str
) -> None:
    query = query.format(other=promises["other"].number)
    page = text_of(signed_in(world), f"{reverse('strategy:progress')}?{query}")
    assert shown in page
    assert hidden not in page


def test_progress_is_written_down_and_programmes_of_other_layers_stay(world: World, promises: dict[str, Any]) -> None:
    client, late = signed_in(world), promises["late"]
    elsewhere = ProgrammeFactory(layer="illustrative")
    late.programmes.add(elsewhere)
    path = reverse("strategy:action", args=[late.pk])
    sent = {"owner": "Head of delivery", "status": "under_way", "due_on-day": "1", "due_on-month": "4"}
    sent |= {"due_on-year": "2030", "programmes": [world.grant.programme.pk]}
    refused = client.post(path, sent)
    assert "Say why the due date changes" in refused.content.decode()
    assert client.post(path, sent | {"reason": "The board agreed."}).status_code == 302
    late.refresh_from_db()
    assert (late.owner, late.status) == ("Head of delivery", "under_way")
    assert set(late.programmes.all()) == {world.grant.programme, elsewhere}


def test_more_promises_cost_no_more_queries(world: World, promises: dict[str, Any]) -> None:
    client, path, version = signed_in(world), reverse("strategy:progress"), promises["objective"].version
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(10):
        promise = WorkplanActionFactory(version=version, objective=promises["objective"], due_on=FAR_AHEAD)
        promise.programmes.set([ProgrammeFactory(), ProgrammeFactory()])
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) <= len(few) <= 15


def test_without_a_strategy_the_page_says_what_to_do(world: World) -> None:
    StrategyVersionFactory(key="empty", valid_from=FAR_AHEAD)
    assert "No promises are loaded" in text_of(signed_in(world), reverse("strategy:progress"))
