"""What a grantee's own system reads: its returns, one of them, its boxes, its draft."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.api.callers import Caller, whole_return
from tests.cast import World
from tests.factories import CommitmentFactory, MonitoringReturnFactory, ReachTargetFactory, ReportingQuarterFactory
from tests.grants.test_return_actions import fill_in, submit


def test_the_list_is_in_one_order_and_can_be_narrowed(world: World) -> None:
    second = CommitmentFactory(organisation=world.grant.organisation, programme=world.grant.programme, ref="AA-1")
    due = {"due_on": datetime.date(2020, 7, 15), "opens_on": datetime.date(2020, 6, 30)}
    first_quarter = ReportingQuarterFactory(year=2020, number=1)
    for grant in (world.grant, second):
        MonitoringReturnFactory(commitment=grant, quarter=first_quarter, status="scheduled", **due)
    caller = Caller(world)

    def rows(query: str = "") -> list[tuple[str, str]]:
        found = caller.get(f"/api/v1/returns{query}").json()["results"]
        return [(row["quarter"], row["grant"]) for row in found]

    ours = world.grant.ref
    everything = [("2020-21Q1", "AA-1"), ("2020-21Q1", ours), ("2020-21Q2", ours)]
    assert rows() == everything
    assert rows("?quarter=2020-21Q1") == everything[:2]
    assert rows("?status=open") == everything[2:]
    assert rows("?grant=AA-1") == everything[:1]
    assert rows("?page_size=2") + rows("?page_size=2&page=2") == everything


@pytest.mark.parametrize("query", ["?status=late", "?quarter=2020", "?quarter=%C2%B2"])
def test_a_filter_that_means_nothing_is_400_with_a_sentence(world: World, query: str) -> None:
    response = Caller(world).get(f"/api/v1/returns{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] in {"status", "quarter"}


@pytest.mark.parametrize("page", ["0", "9", "x", "9" * 30])
def test_a_page_that_is_not_there_is_404(world: World, page: str) -> None:
    assert Caller(world).get(f"/api/v1/returns?page={page}").status_code == 404


def test_an_open_return_says_where_it_stands(world: World) -> None:
    body = Caller(world).get().json()
    assert body["status"] == "open"
    assert body["due_on"] == "2020-10-15"
    assert body["lock"] is None
    assert body["sent"] is None
    assert body["versions"]["C"] == 0
    assert body["sections"]["C"] == "People reached"


def test_a_return_that_cannot_be_changed_says_why_and_what_was_sent(world: World) -> None:
    world.grant.needs_signatory = True
    world.grant.save()
    fill_in(world)
    submit(world)
    body = Caller(world).get().json()
    assert body["lock"]["code"] == "sent"
    assert body["sent"]["number"] == 1
    assert body["sent"]["channel"] == "web"
    assert body["sent"]["signature_needed"] is True


@pytest.mark.parametrize("quarter", ["2020", "2020-21Q5", "2019-21Q1", "x" * 300, "2020-21Q2x"])
def test_a_quarter_that_is_none_is_404(world: World, quarter: str) -> None:
    assert Caller(world).get(f"/api/v1/returns/{world.grant.ref}/{quarter}").status_code == 404


def boxes(caller: Caller) -> dict[str, Any]:
    return {box["name"]: box for box in caller.get("template").json()["boxes"]}


def test_the_template_says_what_every_box_asks_and_what_is_known(world: World) -> None:
    ReachTargetFactory(commitment=world.grant, quarter=world.monitoring_return.quarter, measure="new", value=12)
    found = boxes(Caller(world))
    new = found["reach.new"]
    assert (new["section"], new["kind"], new["required"], new["target"]) == ("C", "people", True, "12")
    assert found["answer.what-went-well"]["kind"] == "long"
    assert {box["group"] for box in found.values() if box["name"].startswith("age.")} == {"Age"}


def test_every_box_of_the_template_can_be_saved_and_no_other(world: World) -> None:
    caller = Caller(world)
    names = list(boxes(caller))
    saved = caller.save(dict.fromkeys(names, "1"), method="PUT")
    assert saved.status_code == 200
    assert sorted(saved.json()["values"]) == sorted(names)


def test_the_template_shows_last_quarter_as_text_that_can_be_sent_again(world: World) -> None:
    fill_in(world)
    submit(world)
    due = {"due_on": datetime.date(2021, 1, 15), "opens_on": datetime.date(2020, 12, 31)}
    later = ReportingQuarterFactory(year=2020, number=3)
    MonitoringReturnFactory(commitment=world.grant, quarter=later, status="open", **due)
    caller = Caller(world)
    caller.base = caller.base.replace("Q2", "Q3")
    found = boxes(caller)
    assert found["spend.labour.actual"]["last_quarter"] == "1234.50"
    assert found["reach.new"]["last_quarter"] == "10"
    assert found["reach.new"]["year_before"] == "10"


def test_a_draft_starts_empty_with_an_etag_that_says_so(world: World) -> None:
    response = Caller(world).get("draft")
    assert response["ETag"] == '"0"'
    assert response.json()["values"] == {}


def test_what_is_typed_on_the_site_is_read_as_typed(world: World) -> None:
    fill_in(world)
    body = Caller(world).get("draft").json()
    assert body["values"] == whole_return(world)
    assert body["status"] == "draft"


def test_the_list_costs_the_same_queries_however_long_it_is(world: World, django_assert_max_num_queries: Any) -> None:
    caller = Caller(world)
    caller.get("/api/v1/returns")
    for number in range(30):
        grant = CommitmentFactory(
            organisation=world.grant.organisation, programme=world.grant.programme, ref=f"L-{number:02d}"
        )
        MonitoringReturnFactory(
            commitment=grant, quarter=world.monitoring_return.quarter, due_on=datetime.date(2020, 10, 15)
        )
    with django_assert_max_num_queries(5):
        assert len(caller.get("/api/v1/returns").json()["results"]) == 31
