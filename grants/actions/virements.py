"""Money moved inside one source and year: proposed by finance, approved by another, both sides at once or neither."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone

from grants.actions.texts import check_reason
from grants.actions.variations import approve_locked, can_be_varied, close_locked, propose_variation
from grants.errors import ActionRefused
from grants.models import VIREMENT_STATES, Commitment, Variation, Virement
from grants.money.movable import Movable, movable_of_line
from grants.money.plan import Plan, plan_of, quarters_of_plan, reported_quarters, split_key
from grants.money.replan import move_money
from programmes.actions.budget import change_budget_line
from programmes.errors import ProgrammeRefused
from programmes.models import BudgetLine, FundingSource
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import APPROVERS_OF_MONEY, KEEPERS_OF_MONEY
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import FinancialYear, long_date

Status = Virement.Status
Place = Commitment | BudgetLine


@transaction.atomic
def propose_virement(
    *,
    source: FundingSource,
    year: int,
    amount_pence: int,
    giving: Place,
    receiving: Place,
    reason: str,
    on: datetime.date,
    by: User,
) -> Virement:
    """Put a move of ``amount_pence`` forward. Each award touched gets a proposed variation that belongs to it.

    ``on`` is the day from which it counts, inside the year. Raises ``ActionRefused`` for more than is neither spent nor
    forecast (that money is somebody's plan), nor committed from a budget line; after the year's end; across layers,
    sources or years; and for a receiving award that has no quarter left to spend it in.
    """
    if not by.has_role(*KEEPERS_OF_MONEY):
        raise ActionRefused("Only a finance officer can propose a virement.")
    why = check_reason(reason, "Say why the money moves: the reason is kept with the virement.")
    if amount_pence <= 0:
        raise ActionRefused("Enter an amount above nought.")
    places = _lock([giving, receiving])
    giving, receiving = places[0], places[1]
    layer = _layer(giving)
    _check_places(giving, receiving, source, year)
    FundingSource.objects.select_for_update().get(pk=source.pk)
    _check_day(year, on)
    check_movable(giving, source, year, amount_pence, on)
    virement = _numbered(
        layer=layer,
        year=year,
        source=source,
        amount_pence=amount_pence,
        reason=why,
        proposed_by=by,
        proposed_at=timezone.now(),
        from_commitment=giving if isinstance(giving, Commitment) else None,
        from_line=giving if isinstance(giving, BudgetLine) else None,
        to_commitment=receiving if isinstance(receiving, Commitment) else None,
        to_line=receiving if isinstance(receiving, BudgetLine) else None,
    )
    for place, pence in ((giving, -amount_pence), (receiving, amount_pence)):
        if isinstance(place, Commitment):
            _propose_side(virement, place, pence, on, by)
    AuditEvent.record("virement proposed", virement, by=by, reason=why, amount_pence=amount_pence)
    return virement


def check_movable(giving: Place, source: FundingSource, year: int, pence: int, on: datetime.date) -> None:
    """Raises ``ActionRefused`` where ``pence`` is more than can leave ``giving``, and says what it is held by."""
    if isinstance(giving, BudgetLine):
        free = movable_of_line(giving)
        if pence > free:
            raise ActionRefused(
                f"{Money(free)} of budget line {giving.ref} is not promised to any award, so {Money(pence)} cannot "
                "leave it. Move less, or move it from an award."
            )
        return
    position = Movable(FinancialYear(year), giving.programme.layer, on=on).of(giving, source)
    if position is None:
        raise ActionRefused(f"{giving.ref} has no money from {source} in {FinancialYear(year)}.")
    if pence > position.movable:
        because = position.why_not or position.limit or "The rest is spent, or its grantee expects to spend it."
        raise ActionRefused(f"{Money(position.movable)} can be moved from {giving.ref}, not {Money(pence)}. {because}")


@transaction.atomic
def approve_virement(*, virement: Virement, on: datetime.date, by: User) -> Virement:
    """Apply both sides. The same press again changes nothing.

    Raises ``ActionRefused`` for the person who proposed it or acts for a grantee of it, after the year's end, and where
    either side changed meanwhile: then nothing moves at all.
    """
    places, locked = _locked(virement)
    if locked.status == Status.APPROVED and locked.approved_by_id == by.pk:
        return locked
    _check_decider(locked, places, by)
    _check_open(locked, Status.APPROVED)
    _check_day(locked.year, on)
    giving = places[0]
    FundingSource.objects.select_for_update().get(pk=locked.source_id)
    check_movable(giving, locked.source, locked.year, locked.amount_pence, on)
    locked.status, locked.approved_by, locked.approved_at = Status.APPROVED, by, timezone.now()
    locked.save(update_fields=["status", "approved_by", "approved_at"])
    # What gives goes first, so that a full source has room for what receives.
    for place, pence in ((places[0], -locked.amount_pence), (places[1], locked.amount_pence)):
        if isinstance(place, Commitment):
            approve_locked(_side(locked, place), place, by)
        else:
            _change_line(locked, place, pence)
    AuditEvent.record("virement approved", locked, by=by, reason=locked.reason, amount_pence=locked.amount_pence)
    return locked


@transaction.atomic
def refuse_virement(*, virement: Virement, reason: str, by: User) -> Virement:
    places, locked = _locked(virement)
    _check_decider(locked, places, by)
    return _close(locked, Status.REFUSED, check_reason(reason, "Say why it is refused: the reason is kept."), by)


@transaction.atomic
def withdraw_virement(*, virement: Virement, reason: str, by: User) -> Virement:
    """Only whoever proposed it takes it back."""
    _, locked = _locked(virement)
    if locked.proposed_by_id != by.pk:
        raise ActionRefused("Only the person who proposed it can take it back. Others can refuse it.")
    return _close(locked, Status.WITHDRAWN, check_reason(reason, "Say why it is withdrawn."), by)


def _close(locked: Virement, to: Virement.Status, why: str, by: User) -> Virement:
    if locked.status == to and locked.closed_by_id == by.pk and locked.closed_because == why:
        return locked
    _check_open(locked, to)
    locked.status, locked.closed_by, locked.closed_at, locked.closed_because = to, by, timezone.now(), why
    locked.save(update_fields=["status", "closed_by", "closed_at", "closed_because"])
    for side in locked.variations.select_related("commitment").filter(status=Variation.Status.PROPOSED):
        close_locked(side, Variation.Status(to.value), why, by)
    AuditEvent.record(f"virement {to.value}", locked, by=by, reason=why)
    return locked


def _lock(places: Iterable[Place]) -> list[Place]:
    """The same places, their rows locked: awards in the order of keys before anything else, then budget lines."""
    found: dict[tuple[type, int], Place] = {}
    wanted = list(places)
    for model in (Commitment, BudgetLine):
        keys = sorted(place.pk for place in wanted if isinstance(place, model))
        for row in model.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"):
            found[model, row.pk] = row
    return [found[type(place), place.pk] for place in wanted]


def _locked(virement: Virement) -> tuple[list[Place], Virement]:
    giving = virement.from_commitment or virement.from_line
    receiving = virement.to_commitment or virement.to_line
    places = _lock([place for place in (giving, receiving) if place is not None])
    rows = Virement.objects.select_for_update(of=("self",)).select_related("source", "proposed_by")
    return places, rows.get(pk=virement.pk)


def _layer(place: Place) -> str:
    return place.programme.layer if isinstance(place, Commitment) else place.layer


def _check_places(giving: Place, receiving: Place, source: FundingSource, year: int) -> None:
    if giving == receiving:
        raise ActionRefused("The money would come back to where it is. Choose another award or line.")
    if _layer(giving) != _layer(receiving):
        raise ActionRefused("Records of different layers are never mixed. Choose two of the same.")
    if _layer(giving) == Layer.PUBLISHED:
        raise ActionRefused("Published budgets are kept as they were printed, so nothing of them moves.")
    for place in (giving, receiving):
        if isinstance(place, BudgetLine) and (place.source_id, place.year) != (source.pk, year):
            raise ActionRefused(
                f"Budget line {place.ref} is of another source or year. Money moves within one of each."
            )
        if isinstance(place, Commitment) and not can_be_varied(place):
            raise ActionRefused(f"{place.ref} is {place.get_status_display().lower()}, so its award cannot change.")


def _check_day(year: int, on: datetime.date) -> None:
    spell = FinancialYear(year)
    if on > spell.ends_on:
        raise ActionRefused(
            f"{spell} ended on {long_date(spell.ends_on)}. Nothing of its money can be moved any more: it would have "
            "to be spent before that day."
        )
    if on < spell.starts_on:
        raise ActionRefused(f"{spell} has not begun on {long_date(on)}. Choose a day inside it.")


def _propose_side(virement: Virement, commitment: Commitment, pence: int, on: datetime.date, by: User) -> None:
    before, reported = plan_of(commitment), reported_quarters(commitment)
    if pence > 0:
        _check_can_spend(commitment, virement.year, reported, before)
    after = move_money(before, split_key(virement.source.slug, virement.year), pence, reported=reported)
    propose_variation(
        commitment=commitment,
        kind=Variation.Kind.AWARD,
        after=after,
        reason=virement.reason,
        effective_on=on,
        by=by,
        virement=virement,
    )


def _check_can_spend(commitment: Commitment, year: int, reported: set[str], plan: Plan) -> None:
    left = [quarter for quarter in quarters_of_plan(plan) if quarter.year == year and quarter.key not in reported]
    if not left:
        raise ActionRefused(
            f"{commitment.ref} has reported every quarter of {FinancialYear(year)} that it runs in, so it has no time "
            "left to spend more. Choose another award."
        )


def _side(virement: Virement, commitment: Commitment) -> Variation:
    rows = virement.variations.select_related("virement", "commitment__organisation")
    return rows.get(commitment=commitment)


def _change_line(virement: Virement, line: BudgetLine, pence: int) -> None:
    """The line's new amount, in the name of who proposed it: keeping the budget is finance's, approving is not."""
    try:
        change_budget_line(
            line=line,
            amount_pence=line.amount_pence + pence,
            reason=f"{virement.ref}: {virement.reason}",
            by=virement.proposed_by,
        )
    except ProgrammeRefused as refused:
        raise ActionRefused(str(refused)) from refused


def _check_decider(virement: Virement, places: Iterable[Place], by: User) -> None:
    if not by.has_role(*APPROVERS_OF_MONEY):
        raise ActionRefused("Only a finance officer or the director can decide about a virement.")
    if virement.proposed_by_id == by.pk:
        raise ActionRefused("You proposed this virement, so somebody else must decide about it.")
    if any(isinstance(place, Commitment) and by.acts_for(place.organisation_id) for place in places):
        raise ActionRefused("You act for one of these organisations, so somebody else must decide.")


def _check_open(virement: Virement, to: Virement.Status) -> None:
    if not VIREMENT_STATES.can(Status(virement.status), to):
        raise ActionRefused(f"{virement.ref} is {virement.get_status_display().lower()} already.")


def _numbered(**columns: object) -> Virement:
    """The virement under the first free number of its year, whoever else takes one meanwhile."""
    start = f"VIR-{columns['year']}-"
    number = Virement.objects.filter(ref__startswith=start).count()
    while True:
        number += 1
        try:
            with transaction.atomic():
                return Virement.objects.create(ref=f"{start}{number:03d}", **columns)
        except IntegrityError:
            if not Virement.objects.filter(ref=f"{start}{number:03d}").exists():
                raise
