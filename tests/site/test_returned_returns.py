"""What a person who fills in a return was told before is there again: after a query, and from quarter to quarter."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from grants.actions.review import raise_query
from grants.actions.submission import submit_return
from grants.answers.values import drafts_of
from grants.models import Section, SectionDraft
from grants.questionnaire import boxes_for
from grants.validation import validate
from tests.cast import World, complete_answers
from tests.factories import MonitoringReturnFactory, QuestionFactory, ReportingQuarterFactory

pytestmark = pytest.mark.django_db


def send(world: World) -> None:
    for letter, typed in complete_answers(world).items():
        SectionDraft.objects.create(
            monitoring_return=world.monitoring_return,
            section=letter,
            data=typed,
            saved_by=world.cast.grantee,
            saved_at=datetime.datetime(2020, 10, 1, tzinfo=datetime.UTC),
        )
    submit_return(monitoring_return=world.monitoring_return, by=world.cast.grantee, declared_name="Grace")


def signed_in(world: World) -> Client:
    client = Client()
    client.force_login(world.cast.grantee)
    return client


def address(world: World, rest: str = "", quarter: str = "2020-21Q2") -> str:
    return f"/returns/{world.grant.ref}/{quarter}/{rest}"


def test_a_queried_return_without_drafts_starts_from_what_was_sent(world: World) -> None:
    send(world)
    SectionDraft.objects.all().delete()
    raise_query(
        monitoring_return=world.monitoring_return, section=Section.REACH, text="Why?", by=world.cast.programme_manager
    )
    world.monitoring_return.refresh_from_db()
    assert drafts_of(world.monitoring_return)[Section.REACH]["reach.new"] == "10"
    assert validate(world.monitoring_return, drafts_of(world.monitoring_return)).errors == []
    client = signed_in(world)
    assert 'value="10"' in client.get(address(world, "section/C/")).content.decode()
    assert "Not started" not in client.get(address(world)).content.decode()


def test_contacts_are_filled_in_from_the_quarter_before(world: World) -> None:
    QuestionFactory(slug="contact-name", section="A", text="Who?", kind="text")
    world.grant.waived_sections = []
    world.grant.save()
    SectionDraft.objects.create(
        monitoring_return=world.monitoring_return,
        section="A",
        data={"answer.contact-name": "Grace Hopeful"},
        saved_by=world.cast.grantee,
        saved_at=datetime.datetime(2020, 10, 1, tzinfo=datetime.UTC),
    )
    send(world)
    MonitoringReturnFactory(
        commitment=world.grant,
        quarter=ReportingQuarterFactory(year=2020, number=3),
        status="open",
        due_on=datetime.date(2021, 1, 15),
    )
    page = signed_in(world).get(address(world, "section/A/", "2020-21Q3")).content.decode()
    assert "Grace Hopeful" in page
    assert "what you told us last quarter" in page


def test_an_email_address_that_is_none_is_refused(world: World) -> None:
    QuestionFactory(slug="contact-email", section="A", text="Their email address", kind="email")
    typed = {Section.CONTACTS: {"answer.contact-email": "not-an-email"}}
    found = [problem for problem in validate(world.monitoring_return, typed).errors if problem.code == "R108"]
    assert [problem.field for problem in found] == ["answer.contact-email"]


def test_what_is_wrong_is_listed_in_the_order_it_is_asked(world: World) -> None:
    typed = {Section.SPEND: {}, Section.REACH: {"reach.new": "c.80", "reach.started": "1.5"}}
    errors = validate(world.monitoring_return, typed).errors_in_order()
    assert [problem.section for problem in errors] == sorted(problem.section for problem in errors)
    assert [problem.field for problem in errors if problem.section == "C"] == ["reach.new", "reach.started"]


def test_the_last_quarter_asks_for_no_forecast(world: World) -> None:
    last = MonitoringReturnFactory(commitment=world.grant, quarter=ReportingQuarterFactory(year=2020, number=4))
    assert any(box.part == "forecast" for box in boxes_for(world.monitoring_return))
    assert not any(box.part == "forecast" for box in boxes_for(last))


@pytest.mark.parametrize(("status", "asked"), [("open", True), ("submitted", False)])
def test_a_grantee_explains_an_earlier_quarter_only_while_it_is_theirs_to_send(
    world: World, status: str, asked: bool
) -> None:
    MonitoringReturnFactory(commitment=world.grant, quarter=ReportingQuarterFactory(year=2020, number=1), status=status)
    outcome = validate(world.monitoring_return, {}, for_staff=True)
    assert "W213" in {problem.code for problem in outcome.warnings}
    assert ("W213" in {problem.code for problem in outcome.warnings_for_grantee()}) is asked


def test_each_unexplained_warning_is_named(world: World) -> None:
    answers = complete_answers(world)
    answers["C"]["reach.indirect"] = "900"
    for letter, typed in answers.items():
        SectionDraft.objects.create(
            monitoring_return=world.monitoring_return,
            section=letter,
            data=typed,
            saved_by=world.cast.grantee,
            saved_at=datetime.datetime(2020, 10, 1, tzinfo=datetime.UTC),
        )
    page = signed_in(world).post(address(world, "declaration/"), {"declared_name": "Grace", "is_nil": "no"})
    assert "go back and change the answer: 900 people reached indirectly" in page.content.decode()
