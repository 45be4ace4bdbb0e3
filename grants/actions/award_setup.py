"""Setting up an award: a draft made at once, filled in step by step in any order, or copied from another award."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.db import transaction
from django.utils import timezone

from grants.actions.award_plan import set_indicators, set_profile, set_reach_targets, set_term
from grants.actions.awards import set_area_shares, set_funding_splits
from grants.actions.partners import Partner, set_partners
from grants.actions.schedule import lock_commitment
from grants.actions.texts import check_text
from grants.errors import ActionRefused
from grants.models import Commitment, Measure
from grants.money.plan_rules import term_problem
from grants.timetable import calendar
from programmes.models import BudgetCategory, Decision, Programme
from vru.accounts.models import AuditEvent, Organisation, Role, User
from vru.accounts.permissions import EDITORS_OF_PROGRAMMES
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear, Quarter

LONGEST_TITLE, LONGEST_REF, OLDEST_AGE = 140, 40, 120
# With a digit, so that no award can take the place of a page such as /grants/new/.
REF = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._-]*")
ENDED = [Programme.Status.CLOSED, Programme.Status.CANCELLED]


def suggest_ref(programme: Programme) -> str:
    """The next free reference of the programme: its own, a hyphen and a number that nothing has used."""
    stem = f"{programme.ref}-G"
    taken = set(Commitment.objects.filter(ref__startswith=stem).values_list("ref", flat=True))
    number = 1
    while f"{stem}{number:02d}" in taken:
        number += 1
    return f"{stem}{number:02d}"


def _check_editor(by: User) -> None:
    if not by.has_role(*EDITORS_OF_PROGRAMMES):
        raise ActionRefused("Only a programme manager or the director can set up an award.")


@transaction.atomic
def create_award(
    *,
    programme: Programme,
    organisation: Organisation,
    title: str,
    by: User,
    kind: Commitment.Kind = Commitment.Kind.GRANT,
    source: Commitment | None = None,
    years: int = 1,
    today: datetime.date | None = None,
) -> Commitment:
    """A draft award. With ``source``, everything of it that can be taken over, ``years`` later.

    Raises ``ActionRefused`` for a programme that has ended, and for an organisation of another layer or merged away.
    """
    _check_editor(by)
    # Locked so that two who begin at once are given two references.
    locked = Programme.objects.select_for_update().get(pk=programme.pk)
    if locked.layer == Layer.PUBLISHED:
        raise ActionRefused("This programme was read from published documents, so nothing is awarded in it here.")
    if locked.status in ENDED:
        raise ActionRefused(f"The programme is {locked.get_status_display().lower()}, so nothing new is awarded in it.")
    _check_organisation(organisation, locked)
    words = _title(title)
    first, last = _term(locked, today or timezone.localdate())
    category = source.category if source is not None else _category(locked)
    made = Commitment.objects.create(
        ref=suggest_ref(locked),
        kind=kind,
        programme=locked,
        organisation=organisation,
        title=words,
        category=category,
        award_pence=0,
        starts_on=first,
        ends_on=last,
        manager=by if by.has_role(Role.PROGRAMME_MANAGER) else locked.manager,
        decision=locked.decision,
    )
    AuditEvent.record("award drafted", made, by=by, programme=locked.ref, organisation=organisation.ref)
    return copy_award(commitment=made, source=source, by=by, years=years) if source is not None else made


def _check_organisation(organisation: Organisation, programme: Programme) -> None:
    if organisation.merged_into_id is not None:
        raise ActionRefused(f"{organisation} has become part of {organisation.merged_into}. Choose that one.")
    if organisation.layer != programme.layer:
        raise ActionRefused(f"{organisation} is not in the same records as this programme. Choose another one.")


def _title(title: str) -> str:
    words = " ".join(title.split())
    if not words:
        raise ActionRefused("Give the award a title.")
    check_text(words, "The title", LONGEST_TITLE)
    return words


def _category(programme: Programme) -> BudgetCategory:
    """That of the programme's budget, or the first there is."""
    line = programme.budget_lines.select_related("category").order_by("-amount_pence", "pk").first()
    category = line.category if line is not None else BudgetCategory.objects.first()
    if category is None:
        raise ActionRefused("No budget category has been loaded yet.")
    return category


def _term(programme: Programme, today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The programme's own dates where it has them, else the financial year that today falls in."""
    year = FinancialYear.of(today)
    first, last = programme.starts_on or year.starts_on, programme.ends_on or year.ends_on
    return (first, FinancialYear.of(first).ends_on) if term_problem(first, last) else (first, last)


@transaction.atomic
def set_facts(
    *,
    commitment: Commitment,
    by: User,
    ref: str,
    title: str,
    description: str,
    kind: Commitment.Kind,
    category: BudgetCategory,
    decision: Decision | None,
    manager: User | None,
    youngest: int | None,
    oldest: int | None,
) -> Commitment:
    """What a draft award is. Raises ``ActionRefused`` past the draft, for a reference in use and for what cannot be."""
    locked = _draft(commitment, by)
    values: dict[str, Any] = {
        "ref": _ref(ref, locked),
        "title": _title(title),
        "description": description.strip(),
        "kind": kind,
        "category": category,
        "decision": decision,
        "manager": manager,
        "youngest_age": youngest,
        "oldest_age": oldest,
    }
    check_text(values["description"], "The description")
    if values["description"].casefold() == values["title"].casefold():
        raise ActionRefused("The description only repeats the title. Say what the money is for.")
    if youngest is not None and oldest is not None and oldest < youngest:
        raise ActionRefused("The oldest age cannot be below the youngest.")
    if manager is not None and not manager.has_role(Role.PROGRAMME_MANAGER):
        raise ActionRefused(f"{manager.name} is no programme manager. Choose somebody who is.")
    return _save(locked, by, "award described", values)


@transaction.atomic
def set_organisation(*, commitment: Commitment, organisation: Organisation, by: User) -> Commitment:
    """Give a draft award to another organisation."""
    locked = _draft(commitment, by)
    _check_organisation(organisation, locked.programme)
    if locked.partners.filter(organisation=organisation).exists():
        raise ActionRefused(f"{organisation} is a partner of this award. Take it out of the partners first.")
    return _save(locked, by, "organisation chosen", {"organisation": organisation})


def _draft(commitment: Commitment, by: User) -> Commitment:
    _check_editor(by)
    locked = lock_commitment(commitment)
    if locked.status != Commitment.Status.DRAFT:
        raise ActionRefused(f"{locked.ref} is {locked.get_status_display().lower()}. Only a draft is set up.")
    return locked


def _ref(ref: str, commitment: Commitment) -> str:
    words = ref.strip()
    if not REF.fullmatch(words) or len(words) > LONGEST_REF:
        raise ActionRefused(
            f"A reference has letters, digits, dots, hyphens and underscores, {LONGEST_REF} at most. It begins with a "
            "letter or a digit and has a digit somewhere."
        )
    if Commitment.objects.filter(ref__iexact=words).exclude(pk=commitment.pk).exists():
        raise ActionRefused(f"Another award has the reference {words}. Choose another one.")
    return words


def _save(commitment: Commitment, by: User, action: str, values: dict[str, Any]) -> Commitment:
    before = {name: getattr(commitment, name) for name in values}
    if before == values:
        return commitment
    for name, value in values.items():
        setattr(commitment, name, value)
    commitment.save(update_fields=list(values))
    changed = [name for name in values if before[name] != values[name]]
    AuditEvent.record(
        action,
        commitment,
        by=by,
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(values[name]) for name in changed},
    )
    return commitment


def _plain(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, int) else str(value)


COPIED = (
    *("kind", "category", "description", "award_pence", "waived_sections", "schedule", "due_days"),
    *("youngest_age", "oldest_age", "needs_signatory"),
)


@transaction.atomic
def copy_award(*, commitment: Commitment, source: Commitment, by: User, years: int = 1) -> Commitment:
    """Take another award's plan over into a draft, ``years`` later: amount, splits, places, profile, targets, partners.

    What was agreed, paid and reported stays the other award's own. Raises ``ActionRefused`` past the draft and across
    layers.
    """
    locked = _draft(commitment, by)
    if source.pk == locked.pk or source.programme.layer != locked.programme.layer:
        raise ActionRefused("Choose another award to copy from.")
    _save(locked, by, "award copied", {name: getattr(source, name) for name in COPIED})
    locked.dimensions.set(source.dimensions.all())
    locked.headings.set(source.headings.all())
    set_term(commitment=locked, starts_on=_later(source.starts_on, years), ends_on=_later(source.ends_on, years), by=by)
    locked.refresh_from_db()
    _copy_plan(locked, source, by, years)
    partners = [
        Partner(row.organisation, row.share_pence, row.delivers)
        for row in source.partners.select_related("organisation")
        if row.organisation_id != locked.organisation_id and row.organisation.merged_into_id is None
    ]
    set_partners(commitment=locked, partners=partners, by=by)
    return locked


def _copy_plan(made: Commitment, source: Commitment, by: User, years: int) -> None:
    splits = {(row.source, row.year + years): row.amount_pence for row in source.splits.select_related("source")}
    set_funding_splits(commitment=made, splits=splits, by=by, partial=True)
    shares = {row.area: row.amount_pence for row in source.area_shares.select_related("area")}
    if sum(shares.values()) == made.award_pence and shares:
        set_area_shares(commitment=made, shares=shares, by=by)
    lines = source.profile_lines.select_related("quarter", "heading")
    set_profile(
        commitment=made,
        lines={
            (calendar.reporting_quarter(_moved(line.quarter.period, years)), line.heading): line.amount_pence
            for line in lines
        },
        by=by,
        partial=True,
    )
    targets = {
        (Measure(row.measure), calendar.reporting_quarter(_moved(row.quarter.period, years))): row.value
        for row in source.reach_targets.select_related("quarter")
    }
    set_reach_targets(commitment=made, targets=targets, by=by)
    rows = source.indicators.select_related("version__indicator")
    set_indicators(
        commitment=made,
        indicators={(row.version, row.year + years): (row.baseline, row.target) for row in rows},
        by=by,
    )


def _moved(period: Quarter, years: int) -> Quarter:
    return Quarter(period.year + years, period.number)


def _later(day: datetime.date, years: int) -> datetime.date:
    """The same day, years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
