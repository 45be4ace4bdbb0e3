"""The unit as a grantee: offer, acceptance, changes, claims, receipts and the certified year end."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from programmes.actions.agreements import (
    accept_offer,
    ask_change,
    edit_offer,
    live_claims,
    record_offer,
    rewrite_terms,
    settle_change,
)
from programmes.actions.claims import (
    CLAIM_STATES,
    agree_claim,
    draft_claim,
    edit_claim,
    record_receipt,
    send_claim,
    withdraw_claim,
)
from programmes.actions.year_end import certify_statement, prepare_statement
from programmes.errors import ProgrammeRefused
from programmes.models import AgreementChange, Claim, FunderAgreement, YearEndStatement
from tests.cast import STAFF, Cast
from tests.factories import (
    AgreementChangeFactory,
    ClaimFactory,
    FunderAgreementFactory,
    FundingSourceFactory,
    ReceiptFactory,
    UserFactory,
    YearEndStatementFactory,
)
from vru.accounts.models import AuditEvent, Role, User
from vru.lib.layers import Layer
from vru.lib.periods import Period
from vru.lib.state_machine import TransitionRefused

pytestmark = pytest.mark.django_db
DAY, LATER, AFTER = datetime.date(2020, 6, 1), datetime.date(2020, 9, 1), datetime.date(2021, 4, 20)
QUARTER = Period(datetime.date(2020, 4, 1), datetime.date(2020, 6, 30))
OFFER = 1_000


def accepted(**options: Any) -> FunderAgreement:
    values = {"status": "accepted", "offer_pence": OFFER, "offered_on": DAY, "accepted_on": DAY}
    agreement: FunderAgreement = FunderAgreementFactory(**values | options)
    return agreement


def claim_of(agreement: FunderAgreement, pence: int, by: User) -> Claim:
    return draft_claim(agreement=agreement, period=QUARTER, amount_pence=pence, by=by)


def receive(agreement: FunderAgreement, pence: int, by: User, reference: str = "RCT-1", **options: Any) -> object:
    return record_receipt(
        agreement=agreement, amount_pence=pence, received_on=LATER, reference=reference, by=by, **options
    )


FINANCE, APPROVERS = frozenset({"finance_officer"}), frozenset({"finance_officer", "director"})
ACTS: dict[str, tuple[Callable[[User], object], frozenset[str]]] = {
    "record an offer": (
        lambda by: record_offer(
            ref="HO-1", source=FundingSourceFactory(), year=2020, layer="recorded", offer_pence=5, offered_on=DAY, by=by
        ),
        FINANCE,
    ),
    "edit an offer": (
        lambda by: edit_offer(agreement=FunderAgreementFactory(), offer_pence=6, offered_on=DAY, by=by),
        FINANCE,
    ),
    "accept an offer": (
        lambda by: accept_offer(agreement=FunderAgreementFactory(), accepted_on=DAY, by=by),
        APPROVERS,
    ),
    "ask for a change": (
        lambda by: ask_change(agreement=accepted(), what="More.", amount_pence=None, asked_on=DAY, by=by),
        FINANCE,
    ),
    "settle a change": (
        lambda by: settle_change(
            change=AgreementChangeFactory(agreement=accepted()),
            outcome=AgreementChange.Status.REFUSED,
            decided_on=LATER,
            note="Letter of 1 September.",
            by=by,
        ),
        FINANCE,
    ),
    "claim": (lambda by: claim_of(accepted(), 5, by), FINANCE),
    "edit a claim": (
        lambda by: edit_claim(
            claim=ClaimFactory(agreement=accepted(), amount_pence=7), period=QUARTER, amount_pence=5, by=by
        ),
        FINANCE,
    ),
    "send a claim": (
        lambda by: send_claim(claim=ClaimFactory(agreement=accepted()), sent_on=LATER, by=by),
        FINANCE,
    ),
    "agree a claim": (
        lambda by: agree_claim(claim=ClaimFactory(agreement=accepted(), status="sent", sent_on=LATER), by=by),
        FINANCE,
    ),
    "withdraw a claim": (
        lambda by: withdraw_claim(claim=ClaimFactory(agreement=accepted()), reason="Twice.", by=by),
        FINANCE,
    ),
    "record a receipt": (lambda by: receive(accepted(), 5, by), FINANCE),
    "prepare the year end": (
        lambda by: prepare_statement(agreement=accepted(), spent_pence=5, today=AFTER, by=by),
        FINANCE,
    ),
    "certify the year end": (
        lambda by: certify_statement(
            statement=YearEndStatementFactory(agreement=accepted(), spent_pence=5),
            spent_pence=5,
            returned_pence=0,
            by=by,
        ),
        APPROVERS,
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("person", [*STAFF, "grantee"])
def test_who_may_do_what_with_agreements(cast: Cast, act: str, person: str) -> None:
    perform, allowed = ACTS[act]
    if person in allowed:
        perform(cast.named(person))
        assert AuditEvent.objects.filter(actor=cast.named(person)).count() == 1
        return
    with pytest.raises(ProgrammeRefused, match="Only"):
        perform(cast.named(person))


def test_an_offer_is_put_right_until_it_is_accepted(cast: Cast) -> None:
    by = cast.finance_officer
    offer = record_offer(
        ref=" HO-2020 ",
        source=FundingSourceFactory(),
        year=2020,
        layer=Layer.RECORDED,
        offer_pence=OFFER,
        offered_on=DAY,
        by=by,
    )
    edit_offer(agreement=offer, offer_pence=2_000, offered_on=DAY, conditions="Spend it.", by=by)
    with pytest.raises(ProgrammeRefused, match="that day or a later"):
        accept_offer(agreement=offer, accepted_on=datetime.date(2020, 5, 31), by=cast.director)
    taken = accept_offer(agreement=offer, accepted_on=LATER, by=cast.director)
    assert (taken.ref, taken.status, taken.offer_pence, taken.accepted_on) == ("HO-2020", "accepted", 2_000, LATER)
    with pytest.raises(ProgrammeRefused, match="Ask the funder for a change"):
        edit_offer(agreement=offer, offer_pence=1, offered_on=DAY, by=by)
    with pytest.raises(ProgrammeRefused, match="accepted already"):
        accept_offer(agreement=offer, accepted_on=LATER, by=by)


@pytest.mark.parametrize("ref", ["", "a/b", "Add", "x" * 41])
def test_a_reference_that_cannot_stand_in_an_address_is_refused(cast: Cast, ref: str) -> None:
    with pytest.raises(ProgrammeRefused):
        record_offer(
            ref=ref,
            source=FundingSourceFactory(),
            year=2020,
            layer=Layer.RECORDED,
            offer_pence=1,
            offered_on=DAY,
            by=cast.finance_officer,
        )


def test_an_approved_change_of_money_is_the_offer_from_then_on(cast: Cast) -> None:
    by, agreement = cast.finance_officer, accepted()
    first = ask_change(agreement=agreement, what="A second strand.", amount_pence=1_500, asked_on=DAY, by=by)
    assert agreement.offer_now() == OFFER
    settle_change(change=first, outcome=AgreementChange.Status.APPROVED, decided_on=LATER, note="Letter.", by=by)
    words = ask_change(agreement=agreement, what="Later dates.", amount_pence=None, asked_on=LATER, by=by)
    settle_change(change=words, outcome=AgreementChange.Status.APPROVED, decided_on=LATER, note="Mail.", by=by)
    assert agreement.offer_now() == 1_500
    assert [change.number for change in agreement.changes.all()] == [1, 2]
    rewritten = rewrite_terms(agreement=agreement, conditions="New.", delivery_plan="Plan.", change=words, by=by)
    assert rewritten.conditions == "New."


def test_terms_are_rewritten_only_after_a_change_that_the_funder_approved(cast: Cast) -> None:
    asked = AgreementChangeFactory(agreement=accepted())
    with pytest.raises(ProgrammeRefused, match="funder has approved"):
        rewrite_terms(
            agreement=asked.agreement, conditions="x", delivery_plan="", change=asked, by=cast.finance_officer
        )


def test_a_change_is_settled_once_on_a_day_after_it_was_asked_with_where_it_is_written(cast: Cast) -> None:
    change, by = AgreementChangeFactory(agreement=accepted(), asked_on=DAY), cast.finance_officer
    approved = AgreementChange.Status.APPROVED
    with pytest.raises(ProgrammeRefused, match="Choose a later day"):
        settle_change(change=change, outcome=approved, decided_on=datetime.date(2020, 5, 1), note="x", by=by)
    with pytest.raises(ProgrammeRefused, match="where it is written"):
        settle_change(change=change, outcome=approved, decided_on=LATER, by=by)
    settle_change(change=change, outcome=AgreementChange.Status.WITHDRAWN, decided_on=LATER, by=by)
    with pytest.raises(ProgrammeRefused, match="withdrawn already"):
        settle_change(change=change, outcome=approved, decided_on=LATER, note="x", by=by)


def test_money_is_not_changed_below_what_is_claimed(cast: Cast) -> None:
    agreement, by = accepted(), cast.finance_officer
    claim_of(agreement, 800, by)
    cut = ask_change(agreement=agreement, what="A cut.", amount_pence=799, asked_on=DAY, by=by)
    with pytest.raises(ProgrammeRefused, match=r"Claims already come to £8\.00"):
        settle_change(change=cut, outcome=AgreementChange.Status.APPROVED, decided_on=LATER, note="x", by=by)


@pytest.mark.parametrize("was", list(Claim.Status))
@pytest.mark.parametrize("to", [Claim.Status.SENT, Claim.Status.AGREED, Claim.Status.WITHDRAWN])
def test_a_claim_moves_only_along_its_table(cast: Cast, was: Claim.Status, to: Claim.Status) -> None:
    claim = ClaimFactory(agreement=accepted(), status=was, sent_on=DAY)
    move: dict[Claim.Status, Callable[[], Claim]] = {
        Claim.Status.SENT: lambda: send_claim(claim=claim, sent_on=LATER, by=cast.finance_officer),
        Claim.Status.AGREED: lambda: agree_claim(claim=claim, by=cast.finance_officer),
        Claim.Status.WITHDRAWN: lambda: withdraw_claim(claim=claim, reason="Twice.", by=cast.finance_officer),
    }
    if CLAIM_STATES.can(was, to):
        assert move[to]().status == to
    else:
        with pytest.raises(TransitionRefused):
            move[to]()


def test_a_claim_stays_in_the_agreements_year_and_in_the_offer(cast: Cast) -> None:
    agreement, by = accepted(), cast.finance_officer
    with pytest.raises(ProgrammeRefused, match="is for 2020-21"):
        draft_claim(agreement=agreement, period=Period(DAY, datetime.date(2021, 4, 1)), amount_pence=5, by=by)
    held = claim_of(agreement, 600, by)
    with pytest.raises(ProgrammeRefused, match=r"£4\.00 can be claimed"):
        claim_of(agreement, 401, by)
    with pytest.raises(ProgrammeRefused, match="above £0"):
        claim_of(agreement, 0, by)
    assert edit_claim(claim=held, period=QUARTER, amount_pence=OFFER, by=by).amount_pence == OFFER
    send_claim(claim=held, sent_on=LATER, by=by)
    with pytest.raises(ProgrammeRefused, match="stays as the funder has it"):
        edit_claim(claim=held, period=QUARTER, amount_pence=1, by=by)


def test_nothing_is_claimed_or_received_before_the_offer_is_accepted(cast: Cast) -> None:
    offered = FunderAgreementFactory()
    for act in (
        lambda: claim_of(offered, 5, cast.finance_officer),
        lambda: receive(offered, 5, cast.finance_officer),
        lambda: ask_change(agreement=offered, what="x", amount_pence=None, asked_on=DAY, by=cast.finance_officer),
    ):
        with pytest.raises(ProgrammeRefused, match="Accept the"):
            act()


def test_a_receipt_is_recorded_once_and_no_more_is_paid_back_than_arrived(cast: Cast) -> None:
    agreement, by = accepted(), cast.finance_officer
    receive(agreement, 500, by)
    with pytest.raises(ProgrammeRefused, match=r"RCT-1 is recorded already \(£5\.00\)"):
        receive(agreement, 500, by, " RCT-1 ")
    with pytest.raises(ProgrammeRefused, match=r"Only £5\.00 has arrived"):
        receive(agreement, -501, by, "RCT-2")
    receive(agreement, -500, by, "RCT-2")
    with pytest.raises(ProgrammeRefused, match="how much arrived"):
        receive(agreement, 0, by, "RCT-3")
    assert [row.amount_pence for row in agreement.receipts.all()] == [500, -500]


def test_money_is_set_against_a_claim_that_was_sent_and_then_the_claim_stays(cast: Cast) -> None:
    agreement, by = accepted(), cast.finance_officer
    claim = claim_of(agreement, 500, by)
    with pytest.raises(ProgrammeRefused, match="has been sent"):
        receive(agreement, 500, by, claim=claim)
    with pytest.raises(ProgrammeRefused, match="has been sent"):
        receive(agreement, 500, by, claim=ClaimFactory(status="sent", sent_on=DAY))
    send_claim(claim=claim, sent_on=LATER, by=by)
    receive(agreement, 500, by, claim=claim)
    with pytest.raises(ProgrammeRefused, match="Money has arrived"):
        withdraw_claim(claim=claim, reason="Twice.", by=by)


class ClaimProperties(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        steps=st.lists(
            st.tuples(st.sampled_from(["claim", "send", "withdraw", "edit"]), st.integers(1, 700)), max_size=8
        )
    )
    def test_live_claims_never_exceed_the_offer_whatever_is_tried(self, steps: list[tuple[str, int]]) -> None:
        agreement, by = accepted(), UserFactory(role=Role.FINANCE_OFFICER)
        for step, pence in steps:
            claim = agreement.claims.order_by("-number").first()
            try:
                if step == "claim" or claim is None:
                    claim_of(agreement, pence, by)
                elif step == "send":
                    send_claim(claim=claim, sent_on=LATER, by=by)
                elif step == "withdraw":
                    withdraw_claim(claim=claim, reason="Twice.", by=by)
                else:
                    edit_claim(claim=claim, period=QUARTER, amount_pence=pence, by=by)
            except (ProgrammeRefused, TransitionRefused):
                pass
            assert live_claims(agreement) <= agreement.offer_now()


def test_a_year_end_is_prepared_after_the_year_and_certified_by_somebody_else(cast: Cast) -> None:
    agreement, by = accepted(), cast.finance_officer
    with pytest.raises(ProgrammeRefused, match="The year ends on 31 March 2021"):
        prepare_statement(agreement=agreement, spent_pence=900, today=datetime.date(2021, 3, 31), by=by)
    with pytest.raises(ProgrammeRefused, match="more than the offer"):
        prepare_statement(agreement=agreement, spent_pence=900, returned_pence=101, today=AFTER, by=by)
    statement = prepare_statement(agreement=agreement, spent_pence=900, returned_pence=100, today=AFTER, by=by)
    with pytest.raises(ProgrammeRefused, match="somebody else must certify"):
        certify_statement(statement=statement, spent_pence=900, returned_pence=100, by=by)
    with pytest.raises(ProgrammeRefused, match="written again"):
        certify_statement(statement=statement, spent_pence=899, returned_pence=100, by=cast.director)
    certify_statement(statement=statement, spent_pence=900, returned_pence=100, by=cast.director)
    agreement.refresh_from_db()
    assert agreement.is_frozen


def test_the_database_itself_keeps_four_eyes_on_the_year_end(cast: Cast) -> None:
    statement = YearEndStatementFactory(prepared_by=cast.director)
    with pytest.raises(IntegrityError), transaction.atomic():
        YearEndStatement.objects.filter(pk=statement.pk).update(certified_by=cast.director, certified_at=timezone.now())


def test_open_claims_and_changes_are_settled_before_the_year_end(cast: Cast) -> None:
    statement = YearEndStatementFactory(agreement=accepted(), spent_pence=5)
    change = AgreementChangeFactory(agreement=statement.agreement)
    claim = ClaimFactory(agreement=statement.agreement, amount_pence=5)

    def certify() -> object:
        return certify_statement(statement=statement, spent_pence=5, returned_pence=0, by=cast.director)

    with pytest.raises(ProgrammeRefused, match="change is still with the funder"):
        certify()
    settle_change(change=change, outcome=AgreementChange.Status.WITHDRAWN, decided_on=LATER, by=cast.finance_officer)
    with pytest.raises(ProgrammeRefused, match="claim is not settled"):
        certify()
    withdraw_claim(claim=claim, reason="Twice.", by=cast.finance_officer)
    certify()


def test_nothing_of_a_certified_agreement_changes(cast: Cast) -> None:
    agreement, by = accepted(), cast.finance_officer
    change = AgreementChangeFactory(agreement=agreement)
    claim = ClaimFactory(agreement=agreement)
    ReceiptFactory(agreement=agreement)
    statement = YearEndStatementFactory(agreement=agreement)
    FunderAgreement.objects.filter(pk=agreement.pk).update(status="certified")
    acts: list[Callable[[], object]] = [
        lambda: edit_offer(agreement=agreement, offer_pence=1, offered_on=DAY, by=by),
        lambda: accept_offer(agreement=agreement, accepted_on=DAY, by=by),
        lambda: ask_change(agreement=agreement, what="x", amount_pence=None, asked_on=DAY, by=by),
        lambda: settle_change(change=change, outcome=AgreementChange.Status.REFUSED, decided_on=LATER, note="x", by=by),
        lambda: rewrite_terms(agreement=agreement, conditions="", delivery_plan="", change=change, by=by),
        lambda: claim_of(agreement, 1, by),
        lambda: edit_claim(claim=claim, period=QUARTER, amount_pence=1, by=by),
        lambda: send_claim(claim=claim, sent_on=LATER, by=by),
        lambda: withdraw_claim(claim=claim, reason="x", by=by),
        lambda: receive(agreement, 1, by),
        lambda: prepare_statement(agreement=agreement, spent_pence=1, today=AFTER, by=by),
        lambda: certify_statement(statement=statement, spent_pence=1, returned_pence=0, by=cast.director),
    ]
    for act in acts:
        with pytest.raises(ProgrammeRefused, match="certified, so nothing"):
            act()
