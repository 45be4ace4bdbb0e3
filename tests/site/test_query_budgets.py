"""Pages do not ask the database more because there is more to show."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import World
from tests.factories import (
    CaseStudyFactory,
    CategoryFactory,
    CellFactory,
    CommitmentFactory,
    DataIssueFactory,
    EditionFactory,
    InvitationFactory,
    JobFactory,
    MembershipFactory,
    MonitoringReturnFactory,
    NotificationFactory,
    OutboxMessageFactory,
    ProgrammeFactory,
    ReportFactory,
    ReportSectionFactory,
    ReturnQueryFactory,
    RevisionFactory,
    StatedValueFactory,
    UserFactory,
    approved_return,
)

pytestmark = pytest.mark.django_db
# Sign-in, session, the unit's name and the menu cost about six; the rest is the page's own.
FEW = 20
More = Callable[[World, int], object]


def grants(world: World, many: int) -> None:
    for _ in range(many):
        grant = CommitmentFactory(
            programme=world.grant.programme, organisation=world.grant.organisation, manager=world.cast.programme_manager
        )
        MonitoringReturnFactory(
            commitment=grant, quarter=world.monitoring_return.quarter, status="submitted", due_on="2020-10-15"
        )


def programmes(world: World, many: int) -> None:
    for _ in range(many):
        ProgrammeFactory(parent=world.grant.programme, manager=UserFactory())


def answers(world: World, many: int) -> None:
    revision = world.monitoring_return.revisions.first() or RevisionFactory(monitoring_return=world.monitoring_return)
    dimension = CategoryFactory(slug=f"first-of-{many}", valid_from=datetime.date(2020, 4, 1)).dimension
    for number in range(many):
        category = CategoryFactory(
            dimension=dimension, slug=f"group-{many}-{number}", valid_from=datetime.date(2020, 4, 1)
        )
        CellFactory(revision=revision, category=category)
        ReturnQueryFactory(revision=revision)


def reports(world: World, many: int) -> None:
    for _ in range(many):
        approved_return(CommitmentFactory(programme=world.grant.programme), 1, reach={"new": 5}, actual_pence=100)


def issues(world: World, many: int) -> None:
    DataIssueFactory.create_batch(many, year=2020, layer="recorded")


def members(world: World, many: int) -> None:
    MembershipFactory.create_batch(many, organisation=world.grant.organisation)
    InvitationFactory.create_batch(many, organisation=world.grant.organisation)


PAGES: dict[str, tuple[str, str, More, int]] = {
    "today": ("programme_manager", "/", grants, FEW),
    "a grantee's home": ("grantee", "/", grants, FEW),
    "the position": ("director", "/", reports, 45),
    "grants": ("director", "/grants/", grants, FEW + 5),
    "programmes": ("director", "/programmes/", programmes, FEW + 5),
    "a programme": ("director", "/programmes/{programme}/", grants, FEW + 5),
    "a review": ("programme_manager", "/returns/{grant}/2020-21Q2/review/", answers, 50),
    "a task list": ("grantee", "/returns/{grant}/2020-21Q2/", answers, FEW),
    "statements": ("analyst", "/statements/", lambda _, many: StatedValueFactory.create_batch(many), FEW),
    "data checks": (
        "analyst",
        "/data-issues/",
        lambda _, many: DataIssueFactory.create_batch(many, year=2020, layer="recorded"),
        FEW,
    ),
    "reports": ("analyst", "/reports/", lambda _, many: EditionFactory.create_batch(many), FEW + 5),
    "a report": (
        "analyst",
        "/reports/{report}/",
        lambda _, many: ReportSectionFactory.create_batch(many, report=ReportFactory()),
        FEW,
    ),
    "the order of a report": (
        "analyst",
        "/reports/{report}/arrange/",
        lambda _, many: ReportSectionFactory.create_batch(many, report=ReportFactory()),
        FEW,
    ),
    "case studies": (
        "analyst",
        "/case-studies/",
        lambda world, many: CaseStudyFactory.create_batch(many, commitment=world.grant),
        FEW,
    ),
    "people": ("administrator", "/administration/people/", lambda _, many: MembershipFactory.create_batch(many), FEW),
    "outgoing mail": (
        "programme_manager",
        "/outbox/",
        lambda _, many: OutboxMessageFactory.create_batch(many),
        FEW,
    ),
    "notifications": (
        "grantee",
        "/notifications/",
        lambda world, many: NotificationFactory.create_batch(many, user=world.cast.grantee),
        FEW,
    ),
    "people of an organisation": (
        "programme_manager",
        "/organisation/{organisation}/people/",
        members,
        FEW,
    ),
    "jobs": ("administrator", "/administration/jobs/", lambda _, many: JobFactory.create_batch(many), FEW),
}


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", PAGES)
def test_thirty_rows_cost_no_more_queries_than_three(world: World, name: str) -> None:
    person, path, more, budget = PAGES[name]
    client = Client()
    client.force_login(world.cast.named(person))
    path = path.format(
        grant=world.grant.ref,
        programme=world.grant.programme.ref,
        organisation=world.grant.organisation.ref,
        report=ReportFactory().pk,
    )
    more(world, 3)
    queries(client, path)
    few = queries(client, path)
    more(world, 27)
    assert queries(client, path) <= few <= budget
