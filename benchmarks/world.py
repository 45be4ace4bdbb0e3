"""What is measured: the demonstration, freshly loaded, and the people and records whose pages are opened."""

from __future__ import annotations

import time
from dataclasses import dataclass
from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from evaluation.actions.issues import refresh_issues
from evaluation.actions.reports import begin_report
from evaluation.models import Edition, ReportOutline
from grants.models import MonitoringReturn, Revision, Section
from grants.questionnaire import boxes_for
from vru.accounts.models import Membership, Role, User
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

YEAR = FinancialYear(2020)
LAYERS = (Layer.PUBLISHED.value, Layer.ILLUSTRATIVE.value)
EDITIONS = 10


class CannotMeasure(Exception):
    """The message says what is wrong and how to mend it."""


@dataclass(frozen=True)
class Loaded:
    seconds: float
    rows: int


def load() -> Loaded:
    """Make the tables and load the demonstration. Raises CannotMeasure unless it is an empty PostgreSQL database."""
    if connection.vendor != "postgresql":
        raise CannotMeasure("The benchmark needs a PostgreSQL database of its own. Run it with: make bench")
    if connection.introspection.table_names():
        raise CannotMeasure("The database in DATABASE_URL is not empty. Run: make bench, which makes one of its own.")
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    call_command("load_demo", stdout=StringIO())
    seconds = time.perf_counter() - started
    for layer in LAYERS:
        refresh_issues(year=YEAR, layer=layer)
    with connection.cursor() as cursor:
        # What the server's own housekeeping does within minutes of a load.
        cursor.execute("ANALYZE")
    return Loaded(seconds, sum(model._default_manager.count() for model in apps.get_models()))


def put_editions() -> None:
    """Rows of editions as though built, without their files: a list of reports that is empty is not worth opening."""
    outline = the_outline()
    reports = {layer: begin_report(kind=outline.kind, year=YEAR, layer=layer, by=cast().director) for layer in LAYERS}
    Edition.objects.bulk_create(
        Edition(
            report=reports[layer],
            number=number,
            as_at=YEAR.ends_on,
            snapshot_hash="0" * 64,
            built_at=timezone.now(),
        )
        for layer in LAYERS
        for number in range(1, EDITIONS + 1)
    )


@dataclass(frozen=True)
class Cast:
    """The people who open pages, and the records whose pages they open."""

    director: User
    manager: User
    grantee: User
    draft: MonitoringReturn
    section: Section
    submitted: MonitoringReturn


def cast() -> Cast:
    """The first of each kind by number. Raises CannotMeasure when the demonstration lacks one."""
    returns = MonitoringReturn.objects.in_layer(Layer.ILLUSTRATIVE).select_related("commitment__programme", "quarter")
    draft = (
        returns.filter(status=MonitoringReturn.Status.DRAFT).annotate(n=Count("drafts")).order_by("-n", "pk").first()
    )
    sent = Revision.objects.live().filter(monitoring_return__status=MonitoringReturn.Status.SUBMITTED)
    submitted = returns.filter(pk__in=sent.values("monitoring_return"), commitment__manager__isnull=False)
    fullest = submitted.annotate(n=Count("revisions__cells")).order_by("-n", "pk").first()
    director = User.objects.with_role(Role.DIRECTOR).order_by("pk").first()
    if draft is None or fullest is None or director is None:
        raise CannotMeasure("The demonstration has no draft return, submitted return or director to measure.")
    member = Membership.objects.current().filter(organisation=draft.commitment.organisation_id).order_by("pk").first()
    if member is None:
        raise CannotMeasure(f"Nobody can fill in the return {draft}: its organisation has no people.")
    return Cast(
        director=director,
        manager=fullest.commitment.manager,
        grantee=member.user,
        draft=draft,
        section=_longest_section(draft),
        submitted=fullest,
    )


def the_outline() -> ReportOutline:
    """Of the report that is built. Raises CannotMeasure when no outline is loaded."""
    outline = ReportOutline.objects.order_by("pk").first()
    if outline is None:
        raise CannotMeasure("The demonstration has no outline of a report to build.")
    return outline


def _longest_section(item: MonitoringReturn) -> Section:
    """The section with most boxes: its form is the heaviest page of a return."""
    boxes = boxes_for(item)
    return max(item.sections, key=lambda section: sum(1 for box in boxes if box.section == section))
