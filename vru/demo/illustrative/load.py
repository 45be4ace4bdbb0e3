"""The illustrative year, made once from its seed on whatever strategy is loaded."""

from __future__ import annotations

from django.db import transaction

from grants.models import Commitment, MonitoringReturn
from programmes.loading.problems import LoadError, Problem, Problems
from programmes.loading.upsert import Writer
from programmes.models import CostHeading, Objective, Programme, Unit
from vru.accounts.models import AuditEvent
from vru.demo.illustrative.awards import put_awards
from vru.demo.illustrative.budget import put_allocations, put_budget_lines, put_rules, put_sources_if_none
from vru.demo.illustrative.changes_of_awards import put_changes_of_awards
from vru.demo.illustrative.commitments import put_commitments
from vru.demo.illustrative.delivery import put_delivery
from vru.demo.illustrative.drafts import put_drafts
from vru.demo.illustrative.evidence import put_evidence
from vru.demo.illustrative.extensions import put_extensions
from vru.demo.illustrative.finding import put_finding
from vru.demo.illustrative.history import put_history
from vru.demo.illustrative.ledger import put_ledger
from vru.demo.illustrative.messages import put_messages
from vru.demo.illustrative.money_in import put_money_in
from vru.demo.illustrative.organisations import put_organisation_details
from vru.demo.illustrative.payment_runs import put_payment_runs
from vru.demo.illustrative.people import put_organisations, put_staff
from vru.demo.illustrative.plan import SEED, VERSION
from vru.demo.illustrative.programme_details import put_programme_details
from vru.demo.illustrative.programmes import put_programmes
from vru.demo.illustrative.returns import put_revisions
from vru.demo.illustrative.review_work import put_review_work
from vru.demo.illustrative.reviews import put_payments, put_reviews
from vru.demo.illustrative.setup import put_setup
from vru.demo.illustrative.stories import put_returns
from vru.demo.illustrative.world import read_world
from vru.lib.layers import Layer

LOADED = "illustrative year loaded"
NAME = "illustrative year"


@transaction.atomic
def load_illustrative() -> Writer:
    """Make the year, or leave it alone when this seed and version are there. Raises LoadError otherwise."""
    writer = Writer(Problems(NAME))
    unit = _checked_unit()
    made = AuditEvent.objects.filter(action=LOADED).first()
    if made is not None:
        if made.details != {"seed": SEED, "version": VERSION}:
            raise _refusal(
                "The database holds the illustrative year of another version, which cannot be changed in place. "
                "Load into an empty database."
            )
        writer.unchanged["grants.commitment"] = Commitment.objects.in_layer(Layer.ILLUSTRATIVE).count()
        return writer
    if Programme.objects.in_layer(Layer.ILLUSTRATIVE).exists():
        raise _refusal("The database holds illustrative programmes that were not made by this command.")
    _make()
    writer.created["grants.commitment"] = Commitment.objects.in_layer(Layer.ILLUSTRATIVE).count()
    writer.created["grants.monitoringreturn"] = MonitoringReturn.objects.in_layer(Layer.ILLUSTRATIVE).count()
    AuditEvent.record(LOADED, unit, by=None, seed=SEED, version=VERSION)
    return writer


def _make() -> None:
    """The order matters: each step draws on the same chance, and on what the step before has stored."""
    put_sources_if_none()
    world = read_world()
    staff = put_staff()
    world.managers = [staff["manager"], staff["manager-two"], staff["manager-three"]]
    put_organisations(world)
    put_programmes(world)
    put_commitments(world)
    put_setup(world)
    put_allocations(world)
    put_budget_lines(world)
    put_rules(world)
    put_delivery(world)
    stories = put_returns(world)
    revisions = put_revisions(world, stories)
    put_reviews(world, stories, revisions)
    put_payments(world, stories)
    put_drafts(world, stories)
    extensions = put_extensions(world, stories)
    put_review_work(world, stories, revisions)
    put_history(world, stories, revisions, extensions)
    put_messages(world, stories, revisions)
    put_evidence(world)
    put_programme_details(world)
    put_money_in(world, staff["finance"], staff["director"])
    put_payment_runs(staff["finance"], staff["director"])
    put_organisation_details(world, staff["manager"])
    put_finding(staff["manager"], staff["director"])
    put_awards(staff)
    put_changes_of_awards(world, staff)
    # Last of all: the ledger and the history of amounts are made from the money as it stands.
    put_ledger(staff["finance"])


def _checked_unit() -> Unit:
    unit = Unit.objects.first()
    if unit is None or not Objective.objects.exists():
        raise _refusal("No unit is loaded yet. Run manage.py load_strategy first.")
    if not CostHeading.objects.exists():
        raise _refusal("The unit's strategy has no cost headings. Add cost_headings to its file and load it again.")
    return unit


def _refusal(sentence: str) -> LoadError:
    return LoadError(NAME, [Problem("", sentence)])
