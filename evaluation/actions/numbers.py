"""Deciding about numbers that were typed: bound to a figure, given a source, or left standing with a reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluation.actions.sections import lock_report, save_section
from evaluation.figures.computation import Computation
from evaluation.figures.figure import OPTIONS, Figure
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.registry import computed
from evaluation.models import NumberDecision, Report, ReportSection
from evaluation.numbers.found import Found, Sort, Typed
from evaluation.numbers.scanning import SectionText, find
from evaluation.reports.as_at import scope_of_report
from evaluation.reports.errors import ReportRefused
from programmes.models import SourceDocument
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_write_reports

Kind = NumberDecision.Kind
LONGEST_REASON = 1000
LONGEST_PLACE = 200
LONGEST_PRINTED = 80
MOST_AT_ONCE = 100
GONE = "The sentence has changed since, so the number is not where it was. Look at the list again."
_MARKS = "*_"


@transaction.atomic
def bind_number(*, report: Report, fingerprint: str, key: str, by: User, option: str = "") -> ReportSection:
    """Put a token in place of a typed number, with the words that belong to it ("nearly 40"), and save the section.

    ``option`` is a display option, "" for the usual display. Raises ReportRefused for whoever may not write, a number
    that is not there any more, and a key or option that does not exist; StaleSection as `save_section`.
    """
    _check_writer(by)
    locked = lock_report(report)
    section, found = _find(locked, fingerprint)
    figure = _figure(locked, key, option)
    token = f"{{{{{figure.key} | {option}}}}}" if option else f"{{{{{figure.key}}}}}"
    text, points = section.text, list(section.key_points)
    if found.point is None:
        text = _replaced(text, found.typed, token)
    else:
        points[found.point] = _replaced(points[found.point], found.typed, token)
    saved = save_section(
        section=section,
        text=text,
        key_points=points,
        version=section.version,
        by=by,
        note=f"“{found.typed.plain[:40]}” bound to {figure.key}"[:200],
    )
    AuditEvent.record("number.bound", saved, by=by, printed=found.typed.plain, key=figure.key)
    return saved


@transaction.atomic
def source_numbers(
    *, report: Report, fingerprints: Sequence[str], document: SourceDocument, place: str, by: User
) -> list[NumberDecision]:
    """Say in which document and where in it the numbers stand. It is printed with the methods.

    A decision that stands is replaced. Raises ReportRefused as `bind_number`, and without a place.
    """
    where = _said(place, "Say where in the document: section, page or table.", LONGEST_PLACE, "The place")
    backing = {"kind": Kind.SOURCED, "source_document": document, "place": where, "reason": ""}
    return _decide(report, fingerprints, backing, by, "number.sourced")


@transaction.atomic
def dismiss_numbers(*, report: Report, fingerprints: Sequence[str], reason: str, by: User) -> list[NumberDecision]:
    """Let numbers stand as they are, and say why. Raises as `source_numbers`."""
    why = _said(reason, "Say why the number may stay as it is.", LONGEST_REASON, "The reason")
    backing = {"kind": Kind.DISMISSED, "source_document": None, "place": "", "reason": why}
    return _decide(report, fingerprints, backing, by, "number.dismissed")


@transaction.atomic
def reopen_number(*, report: Report, fingerprint: str, by: User) -> None:
    """Take a decision back. One that was taken back already is no error."""
    _check_writer(by)
    locked = lock_report(report)
    for row in locked.number_decisions.filter(fingerprint=fingerprint):
        AuditEvent.record("number.reopened", locked, by=by, printed=row.printed, was=row.kind)
        row.delete()


def _decide(
    report: Report, fingerprints: Sequence[str], backing: dict[str, Any], by: User, event: str
) -> list[NumberDecision]:
    _check_writer(by)
    locked = lock_report(report)
    wanted = list(dict.fromkeys(fingerprints))
    if not wanted:
        raise ReportRefused("Choose at least one number.")
    if len(wanted) > MOST_AT_ONCE:
        raise ReportRefused(f"Decide about at most {MOST_AT_ONCE} numbers at once.")
    sections = {section.slug: section for section in locked.sections.all()}
    standing = _standing(sections.values(), wanted)
    if len(standing) < len(wanted):
        raise ReportRefused(GONE)
    made = []
    for fingerprint in wanted:
        found = standing[fingerprint]
        row, _ = NumberDecision.objects.update_or_create(
            report=locked,
            fingerprint=fingerprint,
            defaults={
                **backing,
                "section": sections[found.section],
                "printed": found.typed.plain[:LONGEST_PRINTED],
                "sentence": found.typed.sentence,
                "decided_by": by,
                "decided_at": timezone.now(),
            },
        )
        made.append(row)
    AuditEvent.record(
        event, locked, by=by, reason=backing["reason"] or backing["place"], printed=[row.printed for row in made]
    )
    return made


def _find(report: Report, fingerprint: str) -> tuple[ReportSection, Found]:
    for section in report.sections.order_by("order"):
        found = _standing([section], [fingerprint]).get(fingerprint)
        if found is not None:
            return section, found
    raise ReportRefused(GONE)


def _standing(sections: Collection[ReportSection], wanted: Collection[str]) -> dict[str, Found]:
    """The amounts of some fingerprints that stand in the sections; of one sentence that stands twice, the first."""
    made: dict[str, Found] = {}
    for found in find([SectionText.of(section) for section in sections]):
        if found.fingerprint in wanted and found.typed.sort is Sort.AMOUNT:
            made.setdefault(found.fingerprint, found)
    return made


def _figure(report: Report, key: str, option: str) -> Figure:
    if option and option not in OPTIONS:
        raise ReportRefused(f'"{option[:40]}" is no way to show a figure. Use one of: {", ".join(OPTIONS)}.')
    if not key.strip():
        raise ReportRefused("Choose the figure that the number is.")
    try:
        wanted = str(FigureKey.parse(key))
        figure = computed(Computation(scope_of_report(report)), [wanted])[wanted]
    except FigureError as error:
        raise ReportRefused(str(error)) from error
    if not figure.has_value:
        raise ReportRefused(f"“{figure.label}” has no value ({figure.display}), so nothing can be bound to it.")
    return figure


def _replaced(text: str, typed: Typed, token: str) -> str:
    """Emphasis that begins or ends inside the number's words stays as it was: "nearly **40**"."""
    marks = "".join(letter for letter in typed.printed if letter in _MARKS)
    return f"{text[: typed.start]}{marks}{token}{text[typed.end :]}"


def _said(text: str, missing: str, longest: int, name: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise ReportRefused(missing)
    if len(said) > longest:
        raise ReportRefused(f"{name} takes at most {longest:,} characters.")
    if "\0" in said:
        raise ReportRefused("There is a hidden character in the text. Clear the place and retype it.")
    return said


def _check_writer(by: User) -> None:
    if not can_write_reports(by):
        raise ReportRefused("You may read this report but not decide about its numbers.")
