"""Setting up a year from the last one: what the programme is stays, what was achieved and awarded does not."""

from __future__ import annotations

import datetime

from django.db import transaction

from programmes.actions.checks import check_editor
from programmes.actions.programmes import free_reference
from programmes.errors import ProgrammeRefused
from programmes.models import IndicatorTarget, NamedWard, ObjectiveWeight, Programme, ProgrammeRisk
from vru.accounts.models import AuditEvent, User
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

KEPT = (
    "summary",
    "layer",
    "theme",
    "primary_objective",
    "objective_basis",
    "level",
    "youngest_age",
    "oldest_age",
    "manager",
    "target_group",
    "need",
    "need_source",
    "need_place",
)


@transaction.atomic
def copy_programme(*, programme: Programme, ref: str, title: str, year: FinancialYear, by: User) -> Programme:
    """A draft for ``year`` with last year's objectives, areas, wards, indicators and open risks.

    Targets come over empty, to be set; each with last year's target as its baseline only where it had one of its own.
    The decision is left out, because the new year needs its own; so are grants, budget and documents.
    Raises ``ProgrammeRefused``.
    """
    check_editor(by)
    old = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if old.layer == Layer.PUBLISHED:
        raise ProgrammeRefused("A programme read from published documents is not copied. Add a programme of your own.")
    if old.parent is not None and old.parent.status in (Programme.Status.CLOSED, Programme.Status.CANCELLED):
        raise ProgrammeRefused(f"The project's programme “{old.parent}” has ended. Copy that programme instead.")
    named = title.strip() or old.title
    new = Programme(**{name: getattr(old, name) for name in KEPT})
    new.ref, new.title, new.parent, new.copied_from = free_reference(ref), named[:300], old.parent, old
    new.status = Programme.Status.DRAFT
    new.starts_on, new.ends_on = year.starts_on, year.ends_on
    new.save()
    new.areas.set(old.areas.all())
    new.secondary_objectives.set(old.secondary_objectives.all())
    _copy_parts(old, new, year)
    AuditEvent.record("programme copied", new, by=by, copied_from=old.ref, year=str(year))
    return new


def _copy_parts(old: Programme, new: Programme, year: FinancialYear) -> None:
    for weight in old.objective_weights.all():
        ObjectiveWeight.objects.create(programme=new, objective_id=weight.objective_id, percent=weight.percent)
    for ward in old.wards.all():
        NamedWard.objects.create(
            programme=new, area_id=ward.area_id, name=ward.name, code=ward.code, vintage=ward.vintage
        )
    versions = sorted(set(old.indicator_targets.values_list("version_id", flat=True)))
    for version in versions:
        last = old.indicator_targets.filter(version_id=version).order_by("-year").first()
        IndicatorTarget.objects.create(
            programme=new, version_id=version, year=year.start, baseline=last.baseline if last else None, target=None
        )
    for risk in old.risks.filter(closed_at__isnull=True):
        ProgrammeRisk.objects.create(
            programme=new,
            title=risk.title,
            description=risk.description,
            owner_id=risk.owner_id,
            likelihood=risk.likelihood,
            impact=risk.impact,
            response=risk.response,
            response_text=risk.response_text,
            review_on=max(risk.review_on, _first_review(year)),
        )


def _first_review(year: FinancialYear) -> datetime.date:
    """A risk carried over is looked at again within the new year's first month."""
    return year.starts_on + datetime.timedelta(days=30)
