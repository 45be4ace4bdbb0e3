"""The illustrative year: whole, consistent, in its own layer, and the same every time."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import Count, F, Q, Sum

from evaluation.models import DataIssue, Study
from evaluation.rules import find_issues
from grants.models import (
    AreaShare,
    AssuranceCheck,
    AssuranceCount,
    Cell,
    Commitment,
    CommitmentIndicator,
    FundingSplit,
    Measure,
    MilestoneReport,
    MonitoringReturn,
    Payment,
    ProfileLine,
    Reading,
    ReturnExtension,
    ReturnQuery,
    ReviewNote,
    Revision,
    Section,
    SectionDraft,
    SpendLine,
)
from grants.questionnaire import boxes_for
from grants.timetable.planning import planned_returns
from grants.validation import validate
from programmes.models import Allocation, BudgetLine, Dimension, IndicatorVersion, Programme
from tests.loading.helpers import LONDON, tables
from vru.accounts.models import AuditEvent, Delegation, Organisation
from vru.demo.fingerprint import fingerprint_of
from vru.demo.illustrative.plan import TODAY, YEAR
from vru.demo.load import load_demo
from vru.demo.unit_files import Loaded
from vru.jobs.models import Notification, OutboxMessage
from vru.lib.layers import Layer
from vru.lib.org_ids import charity_identifier
from vru.lib.periods import LONDON as LONDON_TIME
from vru.lib.periods import FinancialYear, next_working_day

# The mark is what makes pytest-django set the test database up: the fixture alone would read the developer's own.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
Status = MonitoringReturn.Status


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The whole demonstration, once for the module: no test here may leave anything behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(LONDON)
        yield
        transaction.set_rollback(True)


def test_loading_the_demonstration_again_writes_nothing() -> None:
    before = tables()
    out = StringIO()
    call_command("load_demo", "--format", "json", stdout=out)
    assert tables() == before
    files = json.loads(out.getvalue())["files"]
    assert not any(file[word] for file in files.values() for word in ("created", "changed", "removed"))


def test_an_unchanged_demonstration_is_not_loaded_again_when_only_changes_are_asked_for() -> None:
    out = StringIO()
    with patch("vru.management.commands.load_demo.load_demo", return_value=Loaded({})) as again:
        call_command("load_demo", "--if-changed", stdout=out)
        again.assert_not_called()
        call_command("load_demo", "--if-changed", "--layer", "published", stdout=StringIO())
        again.assert_called_once()
    assert out.getvalue().startswith("Loaded already")


def test_a_changed_file_changes_the_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "strategy.yaml").write_text("one")
    before = fingerprint_of(tmp_path, layer="all")
    (tmp_path / "strategy.yaml").write_text("two")
    assert fingerprint_of(tmp_path, layer="all") != before


def test_the_data_issues_of_both_layers_are_known_once_it_is_loaded() -> None:
    for layer in (Layer.PUBLISHED, Layer.ILLUSTRATIVE):
        year = FinancialYear(2020)
        kept = set(DataIssue.objects.filter(layer=layer, year=year.start).values_list("fingerprint", flat=True))
        assert kept == {each.fingerprint(year=year.start, layer=layer) for each in find_issues(year=year, layer=layer)}
    assert DataIssue.objects.filter(layer=Layer.PUBLISHED).exists()


def test_it_is_as_large_as_a_working_year() -> None:
    assert Programme.objects.in_layer(Layer.ILLUSTRATIVE).count() >= 30
    assert Programme.objects.in_layer(Layer.ILLUSTRATIVE).filter(parent__isnull=False).count() >= 18
    assert Commitment.objects.count() == 300
    assert set(Commitment.objects.values_list("kind", flat=True)) == set(Commitment.Kind.values)
    assert Organisation.objects.standing().filter(layer=Layer.ILLUSTRATIVE).count() == 121


@pytest.mark.parametrize("model", [FundingSplit, AreaShare])
def test_the_parts_of_every_award_sum_to_it_to_the_penny(model: type[models.Model]) -> None:
    parts = dict(model._default_manager.values_list("commitment").annotate(pence=Sum("amount_pence")).order_by())
    assert parts == dict(Commitment.objects.values_list("pk", "award_pence"))


def test_profiles_sum_to_what_the_splits_put_into_the_year() -> None:
    # Drafts may still be half set up: one of them has no profile on purpose.
    lines = ProfileLine.objects.exclude(commitment__status=Commitment.Status.DRAFT)
    splits = FundingSplit.objects.exclude(commitment__status=Commitment.Status.DRAFT).filter(year=YEAR)
    profiles = dict(lines.values_list("commitment").annotate(pence=Sum("amount_pence")).order_by())
    assert profiles == dict(splits.values_list("commitment").annotate(pence=Sum("amount_pence")).order_by())


def test_no_source_is_overcommitted_in_any_year() -> None:
    allocated = {
        (row.source_id, row.year): row.amount_pence
        for row in Allocation.objects.current().filter(layer=Layer.ILLUSTRATIVE)
    }
    split = FundingSplit.objects.values_list("source", "year").annotate(pence=Sum("amount_pence")).order_by()
    assert all(pence <= allocated[source, year] for source, year, pence in split)
    assert Allocation.objects.filter(layer=Layer.ILLUSTRATIVE, sequence=2).exists()


def test_nobody_is_paid_more_than_the_award() -> None:
    paid = Commitment.objects.annotate(paid=Sum("payments__amount_pence", filter=Q(payments__status="paid")))
    assert not paid.filter(paid__gt=F("award_pence")).exists()
    assert Payment.objects.filter(is_credit_note=True).exists()


def test_every_status_of_a_return_is_there_and_some_are_overdue() -> None:
    assert set(MonitoringReturn.objects.values_list("status", flat=True)) == set(Status.values)
    assert MonitoringReturn.objects.overdue_on(TODAY).exists()


def test_a_march_report_shows_the_last_quarter_as_forecast() -> None:
    last = MonitoringReturn.objects.filter(quarter__number=4)
    assert not last.filter(status__in=[Status.APPROVED, Status.LOCKED]).exists()
    third = SpendLine.objects.filter(revision__monitoring_return__quarter__number=3)
    assert (third.aggregate(pence=Sum("forecast_pence"))["pence"] or 0) > 0


def test_every_breakdown_sums_to_the_headline() -> None:
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Cell.objects.filter(measure=Measure.NEW).values_list("revision", "category__dimension__slug")
    for revision, dimension, people in rows.annotate(people=Sum("value")).order_by():
        sums[revision][dimension] = people
    dimensions = set(Dimension.objects.values_list("slug", flat=True))
    assert len(sums) == Revision.objects.count()
    for found in sums.values():
        assert set(found) <= dimensions
        assert set(found.values()) == {found[Dimension.TOTAL]}


def test_the_funnel_narrows_in_every_revision() -> None:
    people: dict[int, dict[str, int]] = defaultdict(dict)
    cells = Cell.objects.filter(category__dimension__slug=Dimension.TOTAL)
    for revision, measure, value in cells.values_list("revision", "measure", "value"):
        people[revision][measure] = value
    told = [found for found in people.values() if Measure.REFERRED in found]
    assert told
    for found in told:
        assert found[Measure.REFERRED] >= found[Measure.STARTED] >= found[Measure.COMPLETED]


def test_every_measure_and_every_kind_of_indicator_has_been_reported() -> None:
    assert set(Cell.objects.values_list("measure", flat=True)) == set(Measure.values)
    kinds = Reading.objects.values_list("version__kind", flat=True)
    assert set(kinds) == set(IndicatorVersion.Kind.values)
    assert not Reading.objects.filter(version__kind="percentage", numerator__gt=F("denominator")).exists()


def test_approved_returns_have_one_live_approved_revision_and_nobody_approved_their_own() -> None:
    settled = MonitoringReturn.objects.filter(status__in=[Status.APPROVED, Status.LOCKED, Status.REOPENED])
    live = Q(revisions__superseded_at__isnull=True, revisions__approved_at__isnull=False)
    assert not settled.annotate(n=Count("revisions", filter=live)).exclude(n=1).exists()
    assert not Revision.objects.filter(approved_by=F("submitted_by")).exists()
    day_after = datetime.datetime.combine(TODAY + datetime.timedelta(days=1), datetime.time(), tzinfo=datetime.UTC)
    assert not Revision.objects.filter(Q(approved_at__gte=day_after) | Q(submitted_at__gte=day_after)).exists()
    assert not Revision.objects.filter(approved_at__lt=F("submitted_at")).exists()
    assert not Revision.objects.filter(superseded_at__lt=F("submitted_at")).exists()


def test_realistic_mistakes_are_there() -> None:
    assert Revision.objects.filter(submitted_at__date__gt=F("monitoring_return__due_on")).exists()
    assert Revision.objects.filter(is_nil=True).exclude(nil_reason="").exists()
    assert Revision.objects.filter(number=2).exclude(correction_reason="").exists()
    codes = {code for found in Revision.objects.values_list("explanations", flat=True) for code in found}
    assert {"W202", "W204", "W210", "W212"} <= codes
    assert ReturnQuery.objects.filter(answered_at__isnull=True).exists()
    assert ReturnQuery.objects.filter(answered_at__isnull=False).exists()
    assert SectionDraft.objects.exists()


def test_nothing_of_it_stands_in_another_layer() -> None:
    assert not Commitment.objects.exclude(programme__layer=Layer.ILLUSTRATIVE).exists()
    assert not Commitment.objects.exclude(organisation__layer=Layer.ILLUSTRATIVE).exists()
    for model in (Programme, BudgetLine, Study):
        ours = model._default_manager.filter(ref__startswith="ILL-")
        assert ours.exists()
        assert set(ours.values_list("layer", flat=True)) == {Layer.ILLUSTRATIVE}
    crossing = Programme.objects.filter(parent__isnull=False).exclude(parent__layer=F("layer"))
    assert not crossing.exists()
    published = Allocation.objects.filter(layer=Layer.PUBLISHED).aggregate(pence=Sum("amount_pence"))["pence"]
    assert published == 1_970_000_000


def test_indicators_belong_to_the_objective_of_their_programme() -> None:
    strays = CommitmentIndicator.objects.exclude(version__objective=F("commitment__programme__primary_objective"))
    assert not strays.exists()


def test_organisations_have_numbers_that_no_register_has_reached() -> None:
    numbers = Organisation.objects.exclude(charity_number="").values_list("charity_number", flat=True)
    assert numbers
    for number in numbers:
        assert charity_identifier(number).scheme == "GB-CHC"
        assert int(number) > 9_900_000


def test_the_demonstration_grantee_has_work_to_do() -> None:
    own = MonitoringReturn.objects.filter(commitment__organisation__ref="ill-org-001")
    assert {Status.OPEN, Status.DRAFT, Status.QUERIED} <= set(own.values_list("status", flat=True))
    assert own.filter(commitment__needs_signatory=True, status=Status.DRAFT).exists()
    assert SectionDraft.objects.filter(monitoring_return__in=own).exists()


def test_every_draft_and_query_points_at_boxes_that_the_return_has() -> None:
    for item in MonitoringReturn.objects.filter(commitment__organisation__ref="ill-org-001"):
        names = {box.name for box in boxes_for(item)}
        for draft in item.drafts.all():
            assert set(draft.data) <= names
        for query in ReturnQuery.objects.filter(revision__monitoring_return=item):
            assert query.field in names


def test_an_approved_return_would_pass_the_validator_again() -> None:
    """What the year holds is what a grantee could have typed: no rule that stops a submission is broken."""
    settled = MonitoringReturn.objects.filter(
        status__in=[Status.LOCKED, Status.APPROVED], revisions__is_nil=False, quarter__number=1
    )
    for item in settled.distinct().order_by("pk")[:12]:
        revision = item.revisions.live().get()
        outcome = validate(item, typed(revision))
        assert {problem.code for problem in outcome.errors} <= {"R107"}, outcome.errors


def typed(revision: Revision) -> dict[Section, dict[str, str]]:
    """The text of every box, as the revision's rows would have been typed."""
    sections: dict[Section, dict[str, str]] = {section: {} for section in Section}
    for cell in revision.cells.select_related("category__dimension"):
        slug = cell.category.dimension.slug
        if slug == Dimension.TOTAL:
            sections[Section.REACH][f"reach.{cell.measure}"] = str(cell.value)
        else:
            sections[Section.BREAKDOWNS][f"{slug}.{cell.category.slug}"] = str(cell.value)
    for reading in revision.readings.select_related("version__indicator"):
        prefix = f"indicator.{reading.version.indicator.slug}"
        for part in ("value", "numerator", "denominator", "status"):
            held = getattr(reading, part)
            if held not in (None, ""):
                text = held if isinstance(held, str) else f"{held.normalize():f}"
                sections[Section.INDICATORS][f"{prefix}.{part}"] = text
    for line in revision.spend_lines.select_related("heading"):
        for part in ("actual", "forecast", "match"):
            pence = getattr(line, f"{part}_pence")
            sections[Section.SPEND][f"spend.{line.heading.slug}.{part}"] = f"{pence // 100}.{pence % 100:02d}"
    for answer in revision.answers.select_related("question"):
        sections[Section(answer.question.section)][f"answer.{answer.question.slug}"] = answer.text
    return sections


def test_another_version_of_the_year_is_refused() -> None:
    with transaction.atomic():
        AuditEvent.objects.filter(action="illustrative year loaded").update(details={"seed": 1, "version": 0})
        with pytest.raises(CommandError, match="Load into an empty database"):
            call_command("load_demo", stdout=StringIO())
        transaction.set_rollback(True)


def test_grants_report_on_different_schedules_and_their_money_still_sums() -> None:
    used = set(Commitment.objects.filter(kind="grant").values_list("schedule", flat=True))
    assert used == set(Commitment.Schedule.values)
    half = MonitoringReturn.objects.filter(commitment__schedule="half_yearly").values_list("quarter__number", flat=True)
    assert set(half) <= {2, 4}
    assert not MonitoringReturn.objects.filter(commitment__schedule="none").exists()
    assert not Commitment.objects.exclude(kind="grant").exclude(schedule="none").exists()


@pytest.mark.parametrize("schedule", ["half_yearly", "yearly", "milestones"])
def test_the_returns_of_a_schedule_are_those_that_it_plans(schedule: str) -> None:
    for grant in Commitment.objects.filter(schedule=schedule, kind="grant"):
        planned = [(str(plan.period), plan.due_on) for plan in planned_returns(grant) if plan.period.year == YEAR]
        extended = ReturnExtension.objects.filter(status="granted").values("monitoring_return")
        made = grant.returns.exclude(pk__in=extended).select_related("quarter")
        assert {(str(item.quarter), item.due_on) for item in made} <= set(planned)


def test_milestones_and_own_ages_are_reported_where_they_are_asked_for() -> None:
    assert MilestoneReport.objects.filter(milestone__needs_return=True).exists()
    assert {"met", "late", "on_track"} <= set(MilestoneReport.objects.values_list("status", flat=True))
    own = Dimension.objects.get(is_standard=False)
    cells = Cell.objects.filter(category__dimension=own)
    assert cells.exists()
    asked = Q(revision__monitoring_return__commitment__dimensions=own)
    assert cells.filter(asked).count() == cells.count()


def test_more_time_was_asked_for_granted_refused_and_given() -> None:
    extensions = ReturnExtension.objects.all()
    assert set(extensions.values_list("status", flat=True)) == set(ReturnExtension.Status.values)
    assert extensions.filter(asked_by=F("decided_by")).exists()
    granted = extensions.filter(status="granted")
    assert not granted.exclude(monitoring_return__due_on=F("until")).exists()
    assert MonitoringReturn.objects.not_received(TODAY).exists()
    assert MonitoringReturn.objects.filter(quarter__number=4, quarter__closes_on__isnull=False).count() == 0


def test_the_unit_works_in_working_hours() -> None:
    moments = [
        *Revision.objects.exclude(approved_at=None).values_list("approved_at", flat=True),
        *ReturnQuery.objects.values_list("raised_at", flat=True),
        *ReturnExtension.objects.exclude(decided_at=None).values_list("decided_at", flat=True),
        *AssuranceCheck.objects.values_list("recorded_at", flat=True),
        *ReviewNote.objects.values_list("written_at", flat=True),
    ]
    assert moments
    for moment in moments:
        there = moment.astimezone(LONDON_TIME)
        assert 9 <= there.hour < 18
        assert there.date() == next_working_day(there.date())


def test_what_waits_for_review_has_its_warnings_and_some_wait_for_a_signature() -> None:
    pending = Revision.objects.live().filter(monitoring_return__status="submitted")
    codes = {warning["code"] for found in pending.values_list("warnings", flat=True) for warning in found}
    assert "W204" in codes
    unsigned = pending.filter(signed_at=None, monitoring_return__commitment__needs_signatory=True)
    assert unsigned.filter(monitoring_return__commitment__organisation__ref="ill-org-001").exists()
    assert MonitoringReturn.objects.exclude(reviewer=None).exists()
    assert ReviewNote.objects.exclude(field="").exists()
    assert AssuranceCount.objects.filter(counted__lt=F("reported")).exists()
    assert AssuranceCount.objects.filter(counted=F("reported")).exists()


def test_the_audit_tells_each_return_from_opening_to_approval_in_order() -> None:
    item = MonitoringReturn.objects.get(commitment__ref="ILL-G001", quarter__number=3)
    told = list(AuditEvent.objects.about(item).order_by("at").values_list("action", flat=True))
    assert told[:3] == ["return opened", "return submitted", "return signed"]
    assert told[-1] == "return approved"
    day_after = datetime.datetime.combine(TODAY + datetime.timedelta(days=1), datetime.time(), tzinfo=LONDON_TIME)
    late = AuditEvent.objects.filter(at__gte=day_after, subject_type="grants.monitoringreturn")
    assert not late.exists()


def test_the_demonstrations_people_have_been_told_and_no_mail_waits() -> None:
    for email in ("submitter@ill-org-001.example", "signatory@ill-org-001.example", "manager@unit.example"):
        assert Notification.objects.filter(user__email=email).exists()
    assert set(OutboxMessage.objects.values_list("status", flat=True)) == {"sent", "bounced"}
    assert not OutboxMessage.objects.exclude(to__endswith=".example").exists()
    assert Delegation.objects.in_force_on(TODAY).filter(organisation__ref="ill-org-001").count() == 1


def test_the_demonstration_grantee_finds_every_state_of_a_return() -> None:
    own = MonitoringReturn.objects.filter(commitment__organisation__ref="ill-org-001")
    assert own.filter(status=Status.DRAFT).exists()
    assert own.overdue_on(TODAY).filter(status=Status.OPEN).exists()
    assert own.awaiting_signature().exists()
    assert own.filter(status=Status.APPROVED).exists()
    queries = ReturnQuery.objects.filter(revision__monitoring_return__in=own.filter(status=Status.QUERIED))
    assert queries.exclude(field="").exists()
