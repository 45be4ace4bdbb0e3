"""What several journeys share: addresses of a return, and a whole return as an ordinary unit asks it."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from django.conf import settings as project

from grants.loading.questions import load_questions
from grants.models import Question
from tests.browser.conftest import Visitor
from tests.cast import World
from tests.factories import CategoryFactory, CommitmentIndicatorFactory, DimensionFactory, IndicatorVersionFactory
from vru.jobs.models import OutboxMessage

# The link beside the number of new people; its last words are only for those who do not see its row.
ABOUT_NEW_PEOPLE = re.compile(r"^Ask or note\s*: New people supported$")
QUESTIONS = Path(project.BASE_DIR) / "demo" / "questions.yaml"
START = datetime.date(2020, 4, 1)


def at(world: World, rest: str = "") -> str:
    """The address of the world's return, or of a page of it."""
    return f"/returns/{world.grant.ref}/{world.monitoring_return.quarter.key}/{rest}"


def ask_ordinary_questions(world: World) -> None:
    """The questions that a unit asks in every section, two breakdowns and two kinds of indicator."""
    Question.objects.all().delete()
    load_questions(QUESTIONS)
    gender = DimensionFactory(slug="gender", title="Gender")
    for slug, label in (("girl", "Girl or woman"), ("boy", "Boy or man")):
        CategoryFactory(dimension=gender, slug=slug, label=label, valid_from=START)
    version = IndicatorVersionFactory(kind="flow", indicator__title="Mentoring sessions held")
    CommitmentIndicatorFactory(commitment=world.grant, version=version, year=2020)


def save_status(visitor: Visitor, text: str) -> None:
    """Wait until the page says this about the save behind it."""
    visitor.page.wait_for_selector(f"#save-status:has-text('{text}')")


def last_mail_to(address: str) -> OutboxMessage:
    return OutboxMessage.objects.filter(to=address).latest("pk")
