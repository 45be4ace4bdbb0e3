"""Storing the questions of the quarterly return, vru-questions/1. A changed question becomes a new version."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from grants.models import Question, Section
from programmes.loading.problems import Problems
from programmes.loading.schema import Fields, Row, choice, flag, read_row, rows, slug, text
from programmes.loading.upsert import Writer
from programmes.loading.yaml_file import read_yaml

FORMAT = "vru-questions/1"
KINDS = ["text", "long", "rag", "yes_no", "email", "phone"]
WORDING = ("section", "text", "hint", "kind", "is_required")
QUESTION: Fields = {
    "slug": slug(60),
    "section": choice(Section.values),
    "text": text(300),
    "hint": text(300, optional=True),
    "kind": choice(KINDS),
    "required": flag(),
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
    current = {question.slug: question for question in Question.objects.filter(is_current=True)}
    asked: set[str] = set()
    for order, question in enumerate(row["questions"], start=1):
        if question["slug"] in asked:
            problems.add(question.at("slug"), f'"{question["slug"]}" is already used by another question.')
            continue
        asked.add(question["slug"])
        _put(writer, question, order, current.get(question["slug"]))
    for slug_, gone in current.items():
        if slug_ not in asked:
            writer.put(Question, "", {"pk": gone.pk}, {"is_current": False})
    problems.stop_if_any()
    return writer


def _put(writer: Writer, row: Row, order: int, current: Question | None) -> None:
    wording = {name: row[name] for name in ("section", "text", "hint", "kind")} | {"is_required": row["required"]}
    is_new = current is None or any(getattr(current, name) != wording[name] for name in WORDING)
    if is_new and current is not None:
        writer.put(Question, row.place, {"pk": current.pk}, {"is_current": False})
    if is_new:
        latest = Question.objects.filter(slug=row["slug"]).order_by("-version").first()
        version = latest.version + 1 if latest is not None else 1
    else:
        version = current.version if current is not None else 1
    writer.put(
        Question,
        row.place,
        {"slug": row["slug"], "version": version},
        {**wording, "order": order, "is_current": True},
    )
