"""Filling in a return, page by page: how long the way is, what stands beside each box, and what may be copied."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.actions.drafts import save_section
from grants.loading.questions import load_questions
from grants.models import Cell, Measure, MonitoringReturn, Question, Section, SectionDraft
from grants.questionnaire import boxes_for
from programmes.models import Category
from tests.cast import World, complete_answers
from tests.factories import (
    AnswerFactory,
    CategoryFactory,
    CellFactory,
    CommitmentIndicatorFactory,
    CostHeadingFactory,
    DimensionFactory,
    MilestoneFactory,
    QuestionFactory,
    ReachTargetFactory,
    approved_return,
)

pytestmark = pytest.mark.django_db
MOST_SCREENS, MOST_NEEDED = 11, 45
QUESTIONS = Path(settings.BASE_DIR) / "demo" / "questions.yaml"


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.cast.grantee)
    return client


def at(world: World, rest: str = "", quarter: str = "2020-21Q2") -> str:
    return f"/returns/{world.grant.ref}/{quarter}/{rest}"


def ordinary(world: World) -> None:
    """The questions a unit asks, six breakdowns with 35 areas in one, and four cost headings."""
    Question.objects.all().delete()
    load_questions(QUESTIONS)
    start = datetime.date(2020, 4, 1)
    for slug in ("sex", "gender", "ethnicity", "disability"):
        dimension = DimensionFactory(slug=slug, title=slug.title())
        CategoryFactory.create_batch(5, dimension=dimension, valid_from=start)
    borough = DimensionFactory(slug="borough", title="Borough of residence")
    for number in range(35):
        CategoryFactory(dimension=borough, slug=f"b{number}", label=f"Borough {number}", valid_from=start)
    for slug in ("goods", "evaluation", "overhead"):
        CostHeadingFactory(slug=slug)


def plain_answers(item: MonitoringReturn) -> dict[str, str]:
    """One readable answer to every needed box, with everybody in the first part of each breakdown."""
    kinds = {"email": "grace@example.org", "choice": "green", "money": "10", "people": "10"}
    answers, placed = {}, set()
    for box in boxes_for(item):
        if box.category and box.group not in placed:
            placed.add(box.group)
            answers[box.name] = "10"
        elif box.required:
            answers[box.name] = kinds.get(box.kind.value, "Ten came every week.")
    return answers


def test_an_ordinary_return_takes_few_screens_and_few_needed_answers(world: World, client: Client) -> None:
    ordinary(world)
    answers = plain_answers(world.monitoring_return)
    page = client.get(at(world))
    following = re.search(r'href="([^"]+)"[^>]*>\s*Start', page.content.decode())
    assert following
    where, screens, needed = following[1], 1, 0
    while "/section/" in where:
        screens += 1
        body = client.get(where).content.decode()
        needed += body.count('class="app-needed"') + body.count("data-adds-up=")
        names = set(re.findall(r'name="([a-z]+\.[^"]+)"', body))
        typed = {name: text for name, text in answers.items() if name in names}
        answer = client.post(where, {**typed, "version": "0", "finish": "1"})
        assert answer.status_code == 302, where
        where = answer["Location"].partition("?")[0]
    assert where == at(world, "check/")
    body = client.get(where).content.decode()
    assert "to put right" not in body
    declaration = client.get(at(world, "declaration/")).content.decode()
    screens, needed = screens + 2, needed + declaration.count("<textarea") + 1
    sent = client.post(
        at(world, "declaration/"),
        {"declared_name": "Grace", "is_nil": "no"}
        | dict.fromkeys(re.findall(r'name="(explain[^"]*)"', declaration), "It is."),
    )
    assert sent.status_code == 302, sent.content.decode()
    assert screens <= MOST_SCREENS
    assert needed <= MOST_NEEDED


@pytest.mark.parametrize(("rest", "budget"), [("", 24), ("section/C/", 28), ("section/D/", 30), ("check/", 34)])
def test_a_page_asks_the_database_no_more_for_a_larger_grant(
    world: World, client: Client, rest: str, budget: int
) -> None:
    ordinary(world)
    approved_return(world.grant, 1, reach={"new": 5}, actual_pence=100)
    client.get(at(world, rest))
    with CaptureQueriesContext(connection) as small:
        assert client.get(at(world, rest)).status_code == 200
    CategoryFactory.create_batch(40, dimension=DimensionFactory(slug="more"), valid_from=datetime.date(2020, 4, 1))
    CostHeadingFactory.create_batch(5)
    MilestoneFactory.create_batch(5, commitment=world.grant)
    CommitmentIndicatorFactory.create_batch(5, commitment=world.grant)
    with CaptureQueriesContext(connection) as large:
        assert client.get(at(world, rest)).status_code == 200
    assert len(large) <= len(small) <= budget


def test_last_quarter_target_and_year_stand_beside_a_number(world: World, client: Client) -> None:
    revision = approved_return(world.grant, 1, reach={"new": 30, "active": 12}, actual_pence=1_234_56)
    CellFactory(revision=revision, category=Category.objects.get(slug="10-14"), value=7)
    ReachTargetFactory(commitment=world.grant, quarter=world.monitoring_return.quarter, value=25)
    client.post(at(world, "section/C/"), {"reach.new": "12", "reach.active": "9", "version": "0", "save": "1"})
    page = client.get(at(world, "section/C/")).content.decode()
    facts = re.sub(r"<[^>]+>", "", page)
    assert "Target 25 Last quarter 30 This year with this quarter 42" in facts
    assert "Last quarter 12" in facts
    assert page.count("data-year-before") == 1, "people still being supported do not add up"
    assert "Last quarter 7, this year 7" in client.get(at(world, "section/D/")).content.decode()
    assert "This year so far £1,234.56" in re.sub(r"<[^>]+>", "", client.get(at(world, "section/F/")).content.decode())


def test_last_quarters_words_are_shown_with_the_wording_they_answered(
    world: World, client: Client, tmp_path: Path
) -> None:
    revision = approved_return(world.grant, 1)
    AnswerFactory(revision=revision, question=Question.objects.get(), text="A full hall <b>every</b> week.")
    page = client.get(at(world, "section/G/")).content.decode()
    assert "A full hall &lt;b&gt;every&lt;/b&gt; week." in page
    assert "We asked then" not in page
    path = tmp_path / "questions.yaml"
    path.write_text(
        "format: vru-questions/1\nquestions: [{slug: what-went-well, section: G, kind: long, text: Proud of what?}]"
    )
    load_questions(path)
    page = client.get(at(world, "section/G/")).content.decode()
    assert "We asked then: What went well?" in page


def test_copying_fills_what_is_empty_and_never_a_number(world: World, client: Client) -> None:
    method = QuestionFactory(slug="method", section="C", text="How did you count?", can_repeat=True)
    doubts = QuestionFactory(slug="doubts", section="C", text="Any doubts?", can_repeat=True)
    revision = approved_return(world.grant, 1, reach={"new": 30})
    AnswerFactory(revision=revision, question=method, text="By register.")
    AnswerFactory(revision=revision, question=doubts, text="None.")
    assert "Copy from last quarter" in client.get(at(world, "section/C/")).content.decode()
    typed = {"answer.doubts": "Some", "version": "0", "copy": "1"}
    assert client.post(at(world, "section/C/"), typed).url == at(world, "section/C/")
    assert SectionDraft.objects.get(section="C").data == {"answer.method": "By register.", "answer.doubts": "Some"}
    page = client.get(at(world, "section/C/")).content.decode()
    assert 'name="copy"' not in page, "nothing is left to copy"


def test_a_section_without_lasting_answers_offers_no_copy(world: World, client: Client) -> None:
    approved_return(world.grant, 1, reach={"new": 30}, actual_pence=100)
    for letter in "DEFG":
        assert 'name="copy"' not in client.get(at(world, f"section/{letter}/")).content.decode()


def test_a_breakdown_shows_its_total_and_its_mistakes_without_scripts(world: World, client: Client) -> None:
    client.post(at(world, "section/C/"), {"reach.new": "10", "version": "0", "save": "1"})
    typed = {"age.10-14": "4", "age.15-17": "1", "version": "0", "finish": "1"}
    answer = client.post(at(world, "section/D/"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Total so far: 5 of 10 new people. 5 still to place." in page
    assert 'href="#id_age.10-14"' in page
    assert 'aria-describedby="id_age.10-14-error"' in page
    assert 'value="4"' in page
    client.post(at(world, "section/D/"), {"age.10-14": "four", "version": "1", "save": "1"})
    page = client.get(at(world, "section/D/")).content.decode()
    assert "Some of these are not whole numbers yet." in page
    assert 'value="four"' in page


def test_the_list_says_what_is_needed_waived_and_how_to_report_nothing(world: World, client: Client) -> None:
    world.grant.waived_sections = ["H", "I"]
    world.grant.save()
    page = client.get(at(world)).content.decode()
    assert "Your grant does not answer: Case study, Risks and incidents." in page
    assert "1 needed answer left" in page
    assert at(world, "declaration/?nil=yes") in page
    assert at(world, "more-time/") in page


def test_a_closed_quarter_says_why_and_what_to_do(world: World, client: Client) -> None:
    quarter = world.monitoring_return.quarter
    quarter.closes_on = datetime.date(2020, 11, 1)
    quarter.save()
    page = client.get(at(world)).content.decode()
    assert "closed on 1 November 2020" in page
    assert at(world, "more-time/") in page
    assert at(world, "section/C/") not in page
    assert client.get(at(world, "section/C/")).url == at(world)
    answer = client.post(at(world, "section/G/"), {"answer.what-went-well": "Too late?", "version": "0"})
    assert answer.status_code == 422
    assert "Too late?" in answer.content.decode()


def test_the_check_links_each_mistake_and_each_answer_to_its_box(world: World, client: Client) -> None:
    answers = complete_answers(world) | {"C": {"reach.new": "ten"}}
    for letter, typed in answers.items():
        save_section(
            monitoring_return=world.monitoring_return,
            section=Section(letter),
            data=typed,
            version=0,
            by=world.cast.grantee,
            complete=False,
        )
    page = client.get(at(world, "check/")).content.decode()
    assert page.index("to put right before you submit") < page.index("<h1")
    assert page.count(f'href="{at(world, "section/C/")}#id_reach.new"') == 2
    assert "£1,234.50" in page


def test_staff_cannot_write_in_a_grantees_return(world: World) -> None:
    client = Client()
    client.force_login(world.cast.programme_manager)
    assert client.post(at(world, "section/C/"), {"reach.new": "1", "version": "0"}).status_code == 403
    assert not SectionDraft.objects.exists()
    assert not Cell.objects.filter(measure=Measure.NEW).exists()
