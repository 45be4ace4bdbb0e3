"""The lists of grants and programmes: filters that combine, a total order, counts, and files of what is shown."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from grants.filters import CommitmentFilter
from grants.models import Commitment
from programmes.filters import ProgrammeFilter
from programmes.models import Objective, Programme, StrategyVersion
from tests.cast import World
from tests.factories import (
    AnswerFactory,
    AreaFactory,
    AreaShareFactory,
    CommitmentFactory,
    DueDiligenceCheckFactory,
    FormerNameFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    MonitoringReturnFactory,
    ObjectiveFactory,
    OrganisationFactory,
    ProgrammeFactory,
    ProgrammeRiskFactory,
    QuestionFactory,
    ReportingQuarterFactory,
    RevisionFactory,
    StrategyVersionFactory,
    ThemeFactory,
    UserFactory,
)
from vru.accounts.models import Role
from vru.lib.finding.list_filter import ListFilter

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2021, 3, 1)


def grants(query: str) -> CommitmentFilter:
    return CommitmentFilter(
        QueryDict(query),
        queryset=Commitment.objects.in_layer("recorded"),
        today=TODAY,
        layer="recorded",
        version=StrategyVersion.objects.last(),
    )


def programmes(query: str) -> ProgrammeFilter:
    return ProgrammeFilter(
        QueryDict(query), queryset=Programme.objects.in_layer("recorded"), version=StrategyVersion.objects.last()
    )


def refs(found: ListFilter) -> list[str]:
    return [row.ref for row in found.found]


@pytest.fixture
def register(world: World) -> Mapping[str, list[str]]:
    """Thirty grants that differ in everything a filter asks, and one or two values of each filter."""
    version = StrategyVersionFactory()
    themes = [ThemeFactory(version=version, slug=slug) for slug in ("youth", "schools")]
    objectives: list[Objective] = [ObjectiveFactory(version=version, number=number) for number in (1, 2)]
    areas, sources = [AreaFactory(), AreaFactory()], [FundingSourceFactory(), FundingSourceFactory()]
    managers = [world.cast.programme_manager, UserFactory(role=Role.PROGRAMME_MANAGER), None]
    places = [
        ProgrammeFactory(
            layer="recorded", theme=themes[n % 2], primary_objective=objectives[n // 2 % 2], title=f"P {n}"
        )
        for n in range(4)
    ]
    ProgrammeRiskFactory(programme=places[0], likelihood=5, impact=4)
    ProgrammeRiskFactory(programme=places[1], likelihood=3, impact=3)
    bodies = [OrganisationFactory(name=f"Body {n}", layer="recorded") for n in range(3)]
    DueDiligenceCheckFactory(
        organisation=bodies[0],
        checked_on=TODAY - datetime.timedelta(days=400),
        expires_on=TODAY - datetime.timedelta(1),
    )
    for n in range(30):
        grant = CommitmentFactory(
            programme=places[n % 4],
            organisation=bodies[n % 3],
            manager=managers[n % 3],
            kind=["grant", "contract"][n % 5 == 0],
            status=["active", "completed", "draft"][n % 7 % 3],
            title=f"{'Same' if n % 2 else 'same'} title",
            award_pence=1_000 * (n % 4),
            starts_on=datetime.date(2019 + n % 3, 4, 1),
            ends_on=datetime.date(2020 + n % 3, 3, 31),
        )
        AreaShareFactory(commitment=grant, area=areas[n % 2])
        FundingSplitFactory(commitment=grant, source=sources[n // 3 % 2])
    return {
        "text": ["same", "title 1"],
        "area": [area.code for area in areas],
        "theme": ["youth", "schools"],
        "objective": ["1", "2"],
        "source": [source.slug for source in sources],
        "manager": ["none", str(managers[0].pk)] if managers[0] else [],
        "organisation": ["Body 1", bodies[2].ref],
        "year": ["2019-20", "2020-21"],
        "kind": ["grant", "contract"],
        "status": ["active", "completed", "draft"],
        "risk": ["high", "medium", "due-diligence", "red"],
        "programme": [places[0].ref],
    }


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_filters_together_find_what_each_of_them_finds(register: Mapping[str, list[str]], data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(register)), unique=True, min_size=1, max_size=5))
    chosen = {name: data.draw(st.sampled_from(register[name])) for name in names}
    query = QueryDict(mutable=True)
    query.update(chosen)
    alone = []
    for name, value in chosen.items():
        one = QueryDict(mutable=True)
        one[name] = value
        alone.append(set(refs(grants(one.urlencode()))))
    assert set(refs(grants(query.urlencode()))) == set.intersection(*alone)


def test_values_of_one_filter_widen_it(register: Mapping[str, list[str]]) -> None:
    both = set(refs(grants("status=active&status=draft")))
    assert both == set(refs(grants("status=active"))) | set(refs(grants("status=draft")))
    risks = set(refs(grants("risk=high&risk=due-diligence")))
    assert risks == set(refs(grants("risk=high"))) | set(refs(grants("risk=due-diligence")))


@pytest.mark.parametrize("sort", [f"{sign}{column.key}" for column in CommitmentFilter.columns for sign in ("", "-")])
def test_every_order_is_total_and_the_same_on_every_asking(register: Mapping[str, list[str]], sort: str) -> None:
    """The sorted values may be alike; then the reference decides, on both databases."""
    found = list(grants(f"sort={sort}").found.values_list("ref", flat=True))
    assert len(found) == len(set(found)) == Commitment.objects.in_layer("recorded").count()
    pages = [ref for start in range(0, len(found), 7) for ref in grants(f"sort={sort}").found[start : start + 7]]
    assert [row.ref for row in pages] == found
    if sort.endswith("title"):
        same = [ref for ref in found if Commitment.objects.get(ref=ref).title.lower() == "same title"]
        assert same == sorted(same)


def test_awards_are_sorted_by_amount_and_then_by_reference(register: Mapping[str, list[str]]) -> None:
    rows = list(grants("sort=-award").found.values_list("award_pence", "ref"))
    assert rows == sorted(rows, key=lambda row: (-row[0], row[1]))


def test_a_status_is_sorted_by_its_place_in_life(register: Mapping[str, list[str]]) -> None:
    places = [Commitment.Status.values.index(row.status) for row in grants("sort=status").found]
    assert places == sorted(places)


def test_rows_without_a_value_come_last_either_way(world: World) -> None:
    for title, ends in (("A", None), ("B", datetime.date(2021, 3, 31)), ("C", datetime.date(2022, 3, 31))):
        ProgrammeFactory(title=title, ends_on=ends, starts_on=None, layer="recorded", ref=title)
    mine = [ref for ref in refs(programmes("sort=ends")) if ref in "ABC"]
    assert mine == ["B", "C", "A"]
    assert [ref for ref in refs(programmes("sort=-ends")) if ref in "ABC"] == ["C", "B", "A"]


def test_a_value_that_is_no_choice_finds_nothing_and_is_said(world: World) -> None:
    client = Client()
    client.force_login(world.cast.director)
    for query in ("area=E09999999", "status=nonsense", "manager=999999", "year=1066", "text=" + "x" * 300):
        assert refs(grants(query)) == []
        page = client.get(f"/grants/?{query}")
        assert "There is a problem" in page.content.decode()
        assert client.get(f"/grants/export/csv/?{query}").status_code == 302


def test_a_former_name_and_a_reference_find_an_organisations_grants(world: World) -> None:
    FormerNameFactory(organisation=world.grant.organisation, name="Quayside Boxing")
    assert refs(grants("organisation=quayside")) == [world.grant.ref]
    assert refs(grants(f"organisation={world.grant.organisation.ref.upper()}")) == [world.grant.ref]


def test_the_last_word_about_delivery_counts(world: World) -> None:
    rag = QuestionFactory(slug="delivery", section="B", kind="rag")
    earlier = RevisionFactory(monitoring_return=world.monitoring_return)
    AnswerFactory(revision=earlier, question=rag, text="red")
    assert refs(grants("risk=red")) == [world.grant.ref]
    later = MonitoringReturnFactory(
        commitment=world.grant, quarter=ReportingQuarterFactory(year=2020, number=3), status="submitted"
    )
    AnswerFactory(revision=RevisionFactory(monitoring_return=later), question=rag, text="amber")
    assert refs(grants("risk=red")) == []
    assert refs(grants("risk=amber")) == [world.grant.ref]


def test_programmes_are_found_by_their_highest_open_risk(world: World) -> None:
    high, medium, low, closed = (ProgrammeFactory(layer="recorded") for _ in range(4))
    ProgrammeRiskFactory(programme=high, likelihood=5, impact=3)
    ProgrammeRiskFactory(programme=high, likelihood=1, impact=1)
    ProgrammeRiskFactory(programme=medium, likelihood=2, impact=4)
    ProgrammeRiskFactory(programme=low, likelihood=1, impact=2)
    ProgrammeRiskFactory(
        programme=closed,
        likelihood=5,
        impact=5,
        closed_at=datetime.datetime.now(datetime.UTC),
        closed_by=world.cast.director,
        closed_because="It passed.",
    )
    assert refs(programmes("risk=high")) == [high.ref]
    assert refs(programmes("risk=medium")) == [medium.ref]
    assert refs(programmes("risk=low")) == [low.ref]
    assert closed.ref in refs(programmes("risk=none"))


def test_each_chosen_filter_is_a_link_that_takes_only_it_away(register: Mapping[str, list[str]]) -> None:
    found = grants("status=active&status=draft&text=same&sort=-award")
    assert [(tag["label"], tag["value"]) for tag in found.tags] == [
        ("Words", "same"),
        ("Status", "Active"),
        ("Status", "Draft"),
    ]
    without = QueryDict(found.tags[1]["href"].removeprefix("?"))
    assert (without.getlist("status"), without["text"], without["sort"]) == (["draft"], "same", "-award")


def test_the_count_and_the_total_are_those_of_the_rows(register: Mapping[str, list[str]], world: World) -> None:
    client = Client()
    client.force_login(world.cast.director)
    counts = client.get("/grants/?status=active&kind=grant").context["counts"]
    rows = list(grants("status=active&kind=grant").found)
    assert (counts["count"], counts["pence"]) == (len(rows), sum(row.award_pence for row in rows))


@pytest.mark.parametrize("query", ["", "status=active&sort=-award", "risk=high&risk=medium&sort=title"])
def test_a_file_holds_exactly_the_rows_of_the_list_in_its_order(
    register: Mapping[str, list[str]], world: World, query: str
) -> None:
    client = Client()
    client.force_login(world.cast.auditor)
    body = b"".join(client.get(f"/grants/export/csv/?{query}").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1:]
    assert [row[0] for row in rows] == refs(grants(query))
    book = b"".join(client.get(f"/grants/export/xlsx/?{query}").streaming_content)  # type: ignore[attr-defined]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    start = next(at for at, row in enumerate(sheet) if row[0] == "Reference")
    assert [row[0] for row in sheet[start + 1 :]] == refs(grants(query))


def test_programmes_are_exported_as_listed(register: Mapping[str, list[str]], world: World) -> None:
    client = Client()
    client.force_login(world.cast.analyst)
    body = b"".join(client.get("/programmes/export/csv/?theme=youth&sort=-title").streaming_content)  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1:]
    assert [row[0] for row in rows] == refs(programmes("theme=youth&sort=-title"))


def test_a_title_that_looks_like_a_formula_is_harmless_in_a_file(world: World) -> None:
    world.grant.title = '=HYPERLINK("http://example.org")'
    world.grant.save(update_fields=["title"])
    client = Client()
    client.force_login(world.cast.director)
    body = b"".join(client.get("/grants/export/csv/").streaming_content).decode()  # type: ignore[attr-defined]
    assert "\"'=HYPERLINK(" in body


def count(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        if response.streaming:
            list(response.streaming_content)
    return len(captured)


def more_grants(world: World, many: int) -> None:
    for _ in range(many):
        grant = CommitmentFactory(programme=world.grant.programme, organisation=world.grant.organisation)
        AreaShareFactory(commitment=grant)
        FundingSplitFactory(commitment=grant)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "budget"),
    [
        ("/grants/", 20),
        ("/grants/?status=active&risk=red&risk=high&risk=due-diligence&text=a&sort=-award", 20),
        ("/programmes/?risk=high&text=a", 20),
        ("/grants/export/csv/", 20),
        ("/grants/export/xlsx/?sort=title", 20),
    ],
)
def test_three_hundred_rows_ask_no_more_than_thirty(world: World, path: str, budget: int) -> None:
    client = Client()
    client.force_login(world.cast.director)
    more_grants(world, 30)
    client.get(path)
    few = count(client, path)
    more_grants(world, 270)
    assert count(client, path) <= few <= budget
