"""What a return asks, edition by edition, and what an old return still shows."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from grants.actions.drafts import open_due_returns, save_section
from grants.answers.values import box_values
from grants.loading.questions import load_questions
from grants.models import MonitoringReturn, Question, Section
from grants.questionnaire import boxes_for
from grants.questionnaire.boxes import BoxKind
from tests.cast import World
from tests.factories import (
    AnswerFactory,
    CategoryFactory,
    CellFactory,
    CommitmentIndicatorFactory,
    CostHeadingFactory,
    DimensionFactory,
    IndicatorVersionFactory,
    MilestoneFactory,
    MilestoneReportFactory,
    ReadingFactory,
    RevisionFactory,
    SpendLineFactory,
)

pytestmark = pytest.mark.django_db
FILE = """format: vru-questions/1
questions:
  - {{slug: what-went-well, section: G, kind: long, text: "{text}"}}
"""


def load(folder: Path, text: str) -> None:
    path = folder / "questions.yaml"
    path.write_text(FILE.format(text=text), "utf-8")
    load_questions(path)


def wording(item: MonitoringReturn) -> list[str]:
    return [box.label for box in boxes_for(MonitoringReturn.objects.get(pk=item.pk)) if box.question]


def test_a_return_that_opened_keeps_the_wording_it_was_opened_with(world: World, tmp_path: Path) -> None:
    MonitoringReturn.objects.update(status="scheduled")
    open_due_returns(today=world.monitoring_return.opens_on)
    load(tmp_path, "What are you proud of?")
    assert wording(world.monitoring_return) == ["What went well?"]
    MonitoringReturn.objects.filter(pk=world.other_return.pk).update(questionnaire=None)
    assert wording(world.other_return) == ["What are you proud of?"]


def test_a_return_without_an_edition_gets_it_with_its_first_word(world: World, tmp_path: Path) -> None:
    save_section(
        monitoring_return=world.monitoring_return,
        section=Section.NARRATIVE,
        data={"answer.what-went-well": "T"},
        version=0,
        by=world.cast.grantee,
        complete=False,
    )
    load(tmp_path, "What are you proud of?")
    assert wording(world.monitoring_return) == ["What went well?"]


def test_an_old_return_shows_the_answer_to_a_question_asked_no_more(world: World, tmp_path: Path) -> None:
    revision = RevisionFactory(monitoring_return=world.monitoring_return)
    AnswerFactory(revision=revision, question=Question.objects.get(), text="Ten came.")
    load(tmp_path, "What are you proud of?")
    boxes = boxes_for(world.monitoring_return, revision=revision)
    shown = {box.label: box_values(boxes, revision).get(box.name) for box in boxes if box.question}
    assert shown == {"What are you proud of?": None, "What went well?": "Ten came."}
    assert len({box.name for box in boxes}) == len(boxes)


def test_whatever_a_revision_holds_has_a_box(world: World) -> None:
    revision = RevisionFactory(monitoring_return=world.monitoring_return)
    day = datetime.date(2019, 4, 1)
    CellFactory(
        revision=revision,
        category=CategoryFactory(dimension=DimensionFactory(slug="home", is_standard=False), slug="x"),
        value=3,
    )
    older = CategoryFactory(dimension__slug="age", slug="10-14", valid_from=day, valid_to=datetime.date(2020, 3, 31))
    CellFactory(revision=revision, category=older, value=4)
    CellFactory(revision=revision, measure="carried_in", value=5)
    ReadingFactory(revision=revision, version=IndicatorVersionFactory(kind="flow"), value=6)
    SpendLineFactory(revision=revision, heading=CostHeadingFactory(slug="gone"), actual_pence=7_00, match_pence=8_00)
    world.grant.headings.set([CostHeadingFactory(slug="kept")])
    MilestoneReportFactory(revision=revision, milestone=MilestoneFactory(), status="met")
    world.grant.waived_sections = ["E"]
    world.grant.save()
    world.monitoring_return.refresh_from_db()
    asked = boxes_for(world.monitoring_return)
    boxes = boxes_for(world.monitoring_return, revision=revision)
    values = box_values(boxes, revision)
    held = {box.name: values[box.name] for box in boxes if box not in asked}
    assert sorted(held.values()) == sorted(["3", "4", "5", "6", "7.00", "8.00", "met"])
    assert not any(box.required for box in boxes if box not in asked)


KINDS = {
    "flow": [("value", BoxKind.PEOPLE)],
    "stock": [("value", BoxKind.PEOPLE)],
    "currency": [("value", BoxKind.MONEY)],
    "percentage": [("numerator", BoxKind.PEOPLE), ("denominator", BoxKind.PEOPLE)],
    "unit_cost": [("numerator", BoxKind.MONEY), ("denominator", BoxKind.PEOPLE)],
    "distance": [("numerator", BoxKind.DECIMAL), ("denominator", BoxKind.PEOPLE)],
    "milestone": [("status", BoxKind.CHOICE)],
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_indicator_asks_for_its_own_parts(world: World, kind: str) -> None:
    ratio = {"numerator": "Part", "denominator": "Whole"} if kind == "percentage" else {}
    version = IndicatorVersionFactory(kind=kind, **ratio)
    CommitmentIndicatorFactory(commitment=world.grant, version=version, year=2020)
    boxes = [box for box in boxes_for(world.monitoring_return) if box.version == version]
    assert [(box.part, box.kind) for box in boxes] == KINDS[kind]
    assert all(box.label for box in boxes)
    assert boxes[0].hint == version.definition


def test_asking_for_one_section_gives_just_its_boxes(world: World) -> None:
    whole = boxes_for(world.monitoring_return)
    for section in Section:
        part = boxes_for(world.monitoring_return, sections=[section])
        assert part == [box for box in whole if box.section == section]


def test_offering_to_copy_an_answer_makes_no_new_edition(world: World, tmp_path: Path) -> None:
    load(tmp_path, "What are you proud of?")
    before = Question.objects.current().get().first_asked
    path = tmp_path / "questions.yaml"
    path.write_text(path.read_text("utf-8").replace("kind: long,", "kind: long, can_repeat: true,"), "utf-8")
    load_questions(path)
    question = Question.objects.current().get()
    assert question.can_repeat
    assert question.first_asked == before
