"""Storing the questions of the quarterly return, vru-questions/1. A changed question becomes a new version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from grants.models import Question, Questionnaire, Section
from programmes.loading.problems import Problems
from programmes.loading.schema import Fields, Row, choice, flag, read_row, rows, slug, text
from programmes.loading.upsert import Writer
from programmes.loading.yaml_file import read_yaml

FORMAT = "vru-questions/1"
KINDS = ["text", "long", "rag", "yes_no", "email", "phone"]
QUESTION: Fields = {
    "slug": slug(60),
    "section": choice(Section.values),
    "text": text(300),
    "hint": text(300, optional=True),
    "kind": choice(KINDS),
    "required": flag(),
    "can_repeat": flag(),
}
QUESTIONS: Fields = {"format": choice([FORMAT]), "questions": rows(QUESTION, optional=False)}


@transaction.atomic
def load_questions(path: Path) -> Writer:
    """Store the questions, all or nothing. Answers keep the wording they were given to.

    A question whose wording changed gets a new version; one that left the file is kept, but asked no more.
    Raises LoadError with every problem found.
    """
    problems = Problems(path)
    row = read_row(read_yaml(path), QUESTIONS, "", problems)
    problems.stop_if_any()
    writer = Writer(problems)
    latest = Questionnaire.objects.current()
    current = {question.slug: question for question in Question.objects.current()}
    asked: dict[str, Row] = {}
    for question in row["questions"]:
        if question["slug"] in asked:
            problems.add(question.at("slug"), f'"{question["slug"]}" is already used by another question.')
            continue
        asked[question["slug"]] = question
    edition = latest if latest is not None and not _differs(asked, current) else _next_edition(latest)
    for order, question in enumerate(asked.values(), start=1):
        _put(writer, question, order, current.get(question["slug"]), edition)
    for slug_, gone in current.items():
        if slug_ not in asked:
            writer.put(Question, "", {"pk": gone.pk}, {"last_asked": latest})
    problems.stop_if_any()
    return writer


def _wording(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("section", "text", "hint", "kind")} | {"is_required": row["required"]}


def _changed(row: Row, current: Question | None) -> bool:
    return current is None or any(getattr(current, name) != value for name, value in _wording(row).items())


def _differs(asked: dict[str, Row], current: dict[str, Question]) -> bool:
    return set(asked) != set(current) or any(_changed(row, current.get(slug_)) for slug_, row in asked.items())


def _next_edition(latest: Questionnaire | None) -> Questionnaire:
    return Questionnaire.objects.create(number=latest.number + 1 if latest else 1, loaded_at=timezone.now())


def _put(writer: Writer, row: Row, order: int, current: Question | None, edition: Questionnaire) -> None:
    """A question that reads as before keeps its version; a changed one ends, and its successor begins."""
    if current is not None and not _changed(row, current):
        # Neither the place nor the offer to copy changes what is asked, so neither makes a new edition.
        writer.put(Question, row.place, {"pk": current.pk}, {"order": order, "can_repeat": row["can_repeat"]})
        return
    if current is not None:
        writer.put(Question, row.place, {"pk": current.pk}, {"last_asked": _before(edition)})
    last = Question.objects.filter(slug=row["slug"]).order_by("-version").first()
    writer.put(
        Question,
        row.place,
        {"slug": row["slug"], "version": last.version + 1 if last is not None else 1},
        {**_wording(row), "can_repeat": row["can_repeat"], "order": order, "first_asked": edition},
    )


def _before(edition: Questionnaire) -> Questionnaire:
    return Questionnaire.objects.get(number=edition.number - 1)
