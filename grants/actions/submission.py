"""From draft to revision: validation and declaration."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from grants.actions.completion import after_sending
from grants.actions.drafts import lock_return, move
from grants.actions.texts import check_text
from grants.answers.values import drafts_of
from grants.errors import ActionRefused, ReturnNotAcceptable
from grants.models import (
    Answer,
    Cell,
    Measure,
    MilestoneReport,
    MonitoringReturn,
    Reading,
    ReturnQuery,
    Revision,
    SpendLine,
)
from grants.validation import Outcome, validate
from programmes.models import Category, Dimension
from vru.accounts.models import AuditEvent, User
from vru.lib.money import Money

LONGEST_NAME = 200
LONGEST_NIL_REASON = 300
LONGEST_EXPLANATION = 2_000


@transaction.atomic
def submit_return(
    *,
    monitoring_return: MonitoringReturn,
    by: User,
    declared_name: str,
    explanations: Mapping[str, str] | None = None,
    is_nil: bool = False,
    nil_reason: str = "",
    channel: Revision.Channel = Revision.Channel.WEB,
    shown: Collection[str] | None = None,
) -> Revision:
    """Make an immutable revision from the drafts and hand the return to the unit.

    ``explanations`` maps rule code to sentence. ``shown`` are the messages of the warnings that the person had before
    them; None when whoever sends them has no page. Raises ``ReturnNotAcceptable`` with every error, ``ActionRefused``
    without a declaration, a nil reason, the explanation of a warning, or the answer to a query. A second submit by the
    same person (a double click) gives the revision that the first made.
    """
    item = lock_return(monitoring_return)
    sent = _sent_already(item, by)
    if sent is not None:
        return sent
    _check_declaration(declared_name, is_nil, nil_reason)
    outcome = validate(item, drafts_of(item), is_nil=is_nil, for_staff=True)
    if outcome.errors:
        raise ReturnNotAcceptable(outcome)
    given = _explained(outcome, explanations or {}, shown)
    if item.status == MonitoringReturn.Status.QUERIED and ReturnQuery.objects.filter(
        revision__monitoring_return=item, revision__superseded_at__isnull=True, answered_at__isnull=True
    ):
        raise ActionRefused("Answer each question on the return's page before you submit again.")
    was_reopened = item.status == MonitoringReturn.Status.REOPENED
    move(item, MonitoringReturn.Status.SUBMITTED)
    now = timezone.now()
    Revision.objects.filter(monitoring_return=item, superseded_at__isnull=True, approved_at__isnull=True).update(
        superseded_at=now
    )
    last = Revision.objects.filter(monitoring_return=item).order_by("-number").first()
    revision = Revision.objects.create(
        monitoring_return=item,
        number=last.number + 1 if last else 1,
        submitted_by=by,
        submitted_at=now,
        declared_name=declared_name.strip(),
        is_nil=is_nil,
        nil_reason=nil_reason.strip() if is_nil else "",
        correction_reason=item.reopened_because if was_reopened else "",
        explanations=given,
        warnings=[problem.as_stored() for problem in outcome.warnings],
        channel=channel,
    )
    store_outcome(revision, outcome)
    AuditEvent.record("return submitted", item, by=by, revision=revision.number, channel=str(channel))
    after_sending(revision, by)
    return revision


def _sent_already(item: MonitoringReturn, by: User) -> Revision | None:
    """What this person has just sent: nothing can have changed since, so there is nothing to send again."""
    if item.status != MonitoringReturn.Status.SUBMITTED:
        return None
    return Revision.objects.pending().filter(monitoring_return=item, submitted_by=by).first()


def _check_declaration(declared_name: str, is_nil: bool, nil_reason: str) -> None:
    if not declared_name.strip():
        raise ActionRefused("Type your full name to make the declaration.")
    check_text(declared_name.strip(), "Your full name", LONGEST_NAME)
    if is_nil and not nil_reason.strip():
        raise ActionRefused("Say why there is nothing to report this quarter.")
    check_text(nil_reason.strip(), "The reason for a nil return", LONGEST_NIL_REASON)


def _explained(outcome: Outcome, explanations: Mapping[str, str], shown: Collection[str] | None) -> dict[str, str]:
    """The sentences that belong to a warning of now. Refuses when one is missing or was about something else."""
    warnings = outcome.warnings_for_grantee()
    asked = {problem.code for problem in warnings}
    given = {code: text.strip() for code, text in explanations.items() if code in asked and text.strip()}
    for code, text in given.items():
        check_text(text, f"The explanation of {code}", LONGEST_EXPLANATION)
    missing = asked - set(given)
    if missing:
        raise ActionRefused(f"Explain each warning before you submit. Still missing: {', '.join(sorted(missing))}.")
    if shown is not None and any(problem.message not in shown for problem in warnings):
        raise ActionRefused(
            "Something became unusual after you opened this page. Read what is listed now, then submit."
        )
    return given


def store_outcome(revision: Revision, outcome: Outcome) -> None:
    """Write the typed values as cells, readings, spend lines and answers."""
    everyone = Category.objects.get(dimension__slug=Dimension.TOTAL)
    Cell.objects.bulk_create(
        Cell(
            revision=revision,
            measure=box.measure or Measure.NEW,
            category=box.category or everyone,
            value=int(outcome.numbers[box.name]),
        )
        for box in outcome.boxes
        if box.measure and box.name in outcome.numbers
    )
    Reading.objects.bulk_create(_readings(revision, outcome))
    lines = SpendLine.objects.bulk_create(_spend_lines(revision, outcome))
    note_spend(revision, lines)
    MilestoneReport.objects.bulk_create(
        MilestoneReport(revision=revision, milestone=box.milestone, status=outcome.texts[box.name])
        for box in outcome.boxes
        if box.milestone and box.name in outcome.texts
    )
    Answer.objects.bulk_create(
        Answer(revision=revision, question=box.question, text=outcome.texts[box.name])
        for box in outcome.boxes
        if box.question and box.name in outcome.texts
    )


def note_spend(revision: Revision, lines: Iterable[SpendLine]) -> None:
    """Keep what the lines come to on the version itself, where reconciliation looks it up; blanks count as nought."""
    kept = list(lines)
    for column in ("actual", "forecast", "match"):
        setattr(revision, f"control_{column}_pence", sum(getattr(line, f"{column}_pence") or 0 for line in kept))
    revision.save(update_fields=["control_actual_pence", "control_forecast_pence", "control_match_pence"])


def _readings(revision: Revision, outcome: Outcome) -> list[Reading]:
    rows: dict[int, Reading] = {}
    for box in outcome.boxes:
        if box.version is None:
            continue
        row = rows.get(box.version.pk) or Reading(revision=revision, version=box.version)
        if box.name in outcome.numbers:
            setattr(row, box.part, outcome.numbers[box.name])
            rows[box.version.pk] = row
        elif box.name in outcome.texts:
            row.status = outcome.texts[box.name]
            rows[box.version.pk] = row
    return list(rows.values())


def _spend_lines(revision: Revision, outcome: Outcome) -> list[SpendLine]:
    rows: dict[int, SpendLine] = {}
    for box in outcome.boxes:
        if box.heading is None or box.name not in outcome.numbers:
            continue
        if box.heading.pk not in rows:
            rows[box.heading.pk] = SpendLine(
                revision=revision, number=len(rows) + 1, heading=box.heading, actual_pence=0
            )
        setattr(rows[box.heading.pk], f"{box.part}_pence", Money.from_pounds(outcome.numbers[box.name]).pence)
    return list(rows.values())
