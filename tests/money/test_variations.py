"""A variation is proposed by one person and approved by another, and changes the whole plan or nothing."""

from __future__ import annotations

import copy
import datetime

import pytest

from grants.actions.variations import (
    approve_variation,
    ask_variation,
    propose_variation,
    refuse_variation,
    withdraw_variation,
)
from grants.errors import ActionRefused
from grants.models import Commitment, RecoveryDebt, Variation
from grants.money.plan import Plan, fingerprint, plan_of, reported_quarters, total_of
from grants.money.replan import replan
from programmes.models import Allocation
from tests.factories import PaymentFactory, RecoveryDebtFactory, approved_return
from tests.money.worlds import MoneyWorld
from vru.accounts.models import AuditEvent, Role, User
from vru.jobs.models import Notification

pytestmark = pytest.mark.django_db
DAY = datetime.date(2020, 10, 1)
Kind, Status = Variation.Kind, Variation.Status


def proposed(world: MoneyWorld, after: Plan | None = None, kind: Kind = Kind.AWARD, **options: object) -> Variation:
    """A cut of the first grant to £80,000, unless ``after`` says otherwise, proposed by the programme manager."""
    plan = after or replan(plan_of(world.grant), reported=reported_quarters(world.grant), award=8_000_000)
    chosen = {
        "commitment": world.grant,
        "kind": kind,
        "after": plan,
        "reason": "One post was never filled.",
        "effective_on": DAY,
        "by": world.cast.programme_manager,
    }
    return propose_variation(**(chosen | options))  # type: ignore[arg-type]


def asked(world: MoneyWorld, **options: object) -> Variation:
    chosen = {
        "commitment": world.grant,
        "kind": Kind.REPROFILE,
        "asked": "Move £2,000 of rooms from the winter to the spring.",
        "reason": "The hall is closed until March.",
        "by": world.cast.grantee,
    }
    return ask_variation(**(chosen | options))  # type: ignore[arg-type]


def assert_whole(commitment: Commitment) -> None:
    plan = plan_of(commitment)
    assert total_of(plan["splits"]) == plan["award"] == total_of(plan["shares"]) == total_of(plan["profile"])


def test_an_approved_variation_changes_award_splits_shares_and_profile_together(money_world: MoneyWorld) -> None:
    variation = proposed(money_world)
    approve_variation(variation=variation, by=money_world.cast.finance_officer)
    variation.refresh_from_db()
    assert plan_of(money_world.grant) == variation.after
    assert plan_of(money_world.grant)["award"] == 8_000_000
    assert_whole(money_world.grant)


def test_nothing_changes_before_it_is_approved(money_world: MoneyWorld) -> None:
    before = plan_of(money_world.grant)
    variation = proposed(money_world)
    assert plan_of(money_world.grant) == before == variation.before


def test_the_record_of_an_approval_says_before_after_why_and_who(money_world: MoneyWorld) -> None:
    variation = proposed(money_world)
    approve_variation(variation=variation, by=money_world.cast.finance_officer)
    event = AuditEvent.objects.about(money_world.grant).get(action="variation approved")
    assert (event.actor, event.reason) == (money_world.cast.finance_officer, "One post was never filled.")
    assert (event.details["before"]["award"], event.details["after"]["award"]) == (10_000_001, 8_000_000)


def test_pressing_approve_twice_changes_nothing_more(money_world: MoneyWorld) -> None:
    variation = proposed(money_world)
    for _ in range(2):
        approve_variation(variation=variation, by=money_world.cast.finance_officer)
    assert AuditEvent.objects.about(money_world.grant).filter(action="variation approved").count() == 1


def test_proposing_the_same_again_keeps_one(money_world: MoneyWorld) -> None:
    assert proposed(money_world) == proposed(money_world)
    assert money_world.grant.variations.count() == 1


def test_the_person_who_proposed_it_cannot_approve_it(money_world: MoneyWorld) -> None:
    variation = proposed(money_world, by=money_world.cast.director)
    with pytest.raises(ActionRefused, match="somebody else must approve"):
        approve_variation(variation=variation, by=money_world.cast.director)
    approve_variation(variation=variation, by=money_world.other_director)


@pytest.mark.parametrize("role", [*Role.values, None])
def test_who_may_propose_and_who_may_approve(money_world: MoneyWorld, role: str | None) -> None:
    user: User = money_world.cast.nobody if role is None else getattr(money_world.cast, role)
    proposes = role in {"programme_manager", "director", "finance_officer"}
    approves = role in {"director", "finance_officer"}
    other = (
        money_world.cast.programme_manager if user != money_world.cast.programme_manager else money_world.cast.director
    )
    variation = proposed(money_world, by=other)
    if approves:
        assert approve_variation(variation=variation, by=user).status == Status.APPROVED
    else:
        with pytest.raises(ActionRefused, match="Only a finance officer or the director can approve"):
            approve_variation(variation=variation, by=user)
    after = replan(plan_of(money_world.second), reported=(), award=4_000_000)
    if proposes:
        assert proposed(money_world, after, commitment=money_world.second, by=user).status == Status.PROPOSED
    else:
        with pytest.raises(ActionRefused, match="can propose a variation"):
            proposed(money_world, after, commitment=money_world.second, by=user)


def test_a_plan_that_changed_since_the_proposal_refuses_the_approval_and_says_so(money_world: MoneyWorld) -> None:
    first, second = proposed(money_world), proposed(money_world, reason="Another view of it.")
    approve_variation(variation=first, by=money_world.cast.finance_officer)
    with pytest.raises(ActionRefused, match="has changed since this was proposed"):
        approve_variation(variation=second, by=money_world.cast.director)
    assert Variation.objects.get(pk=second.pk).status == Status.PROPOSED


def test_a_proposal_from_a_page_opened_before_a_change_is_refused(money_world: MoneyWorld) -> None:
    seen = fingerprint(plan_of(money_world.grant))
    approve_variation(variation=proposed(money_world), by=money_world.cast.finance_officer)
    after = replan(plan_of(money_world.grant), reported=(), award=7_000_000)
    with pytest.raises(ActionRefused, match="changed since you began"):
        proposed(money_world, after, based_on=seen)


@pytest.mark.parametrize("part", ["splits", "shares", "profile"])
def test_parts_that_miss_the_award_by_a_penny_are_refused(money_world: MoneyWorld, part: str) -> None:
    after = replan(plan_of(money_world.grant), reported=(), award=8_000_000)
    lines = after[part]
    if part == "profile":
        lines = next(iter(lines.values()))
    lines[next(iter(lines))] += 1
    with pytest.raises(ActionRefused, match=r"£0\.01 above the award of £80,000\.00"):
        proposed(money_world, after)


@pytest.mark.parametrize(
    ("kind", "part"),
    [(Kind.REPROFILE, "award"), (Kind.TERM, "award"), (Kind.TARGETS, "profile"), (Kind.REPROFILE, "targets")],
)
def test_a_kind_of_change_does_not_reach_beyond_itself(money_world: MoneyWorld, kind: Kind, part: str) -> None:
    after = copy.deepcopy(plan_of(money_world.grant))
    if part == "award":
        after["award"] -= 1
    elif part == "targets":
        after["targets"]["new"]["2020-21Q4"] = 99
    else:
        after["profile"]["2020-21Q1"]["staff"] -= 1
        after["profile"]["2020-21Q2"]["staff"] += 1
    with pytest.raises(ActionRefused, match=r"A variation of this kind .* cannot change"):
        proposed(money_world, after, kind=kind)


def test_targets_may_change_with_the_award(money_world: MoneyWorld) -> None:
    after = replan(plan_of(money_world.grant), reported=(), award=8_000_000)
    after["targets"]["new"]["2020-21Q4"] = 5
    approve_variation(variation=proposed(money_world, after), by=money_world.cast.finance_officer)
    assert money_world.grant.reach_targets.get(measure="new", quarter__number=4).value == 5


def test_a_longer_term_takes_quarters_of_the_next_year(money_world: MoneyWorld) -> None:
    before = plan_of(money_world.grant)
    after = replan(before, reported=(), ends_on=datetime.date(2021, 6, 30))
    after["profile"]["2021-22Q1"] = {"staff": 1_000}
    after["profile"]["2020-21Q4"]["staff"] = before["profile"]["2020-21Q4"]["staff"] - 1_000
    after["profile"] |= {key: before["profile"][key] for key in ("2020-21Q1", "2020-21Q2", "2020-21Q3")}
    after["profile"]["2020-21Q4"]["rooms"] = before["profile"]["2020-21Q4"]["rooms"]
    variation = proposed(money_world, after, kind=Kind.TERM)
    approve_variation(variation=variation, by=money_world.cast.finance_officer)
    money_world.grant.refresh_from_db()
    assert money_world.grant.ends_on == datetime.date(2021, 6, 30)
    assert_whole(money_world.grant)


def test_quarters_with_an_approved_return_keep_their_profile(money_world: MoneyWorld) -> None:
    approved_return(money_world.grant, 1, actual_pence=1_000_000)
    before = plan_of(money_world.grant)
    suggested = replan(before, reported=reported_quarters(money_world.grant), award=8_000_000)
    assert suggested["profile"]["2020-21Q1"] == before["profile"]["2020-21Q1"]
    touched = copy.deepcopy(suggested)
    touched["profile"]["2020-21Q1"]["staff"] -= 5
    touched["profile"]["2020-21Q4"]["staff"] += 5
    with pytest.raises(ActionRefused, match=r"2020-21 Q1 is approved, so its profile stays"):
        proposed(money_world, touched)


def test_targets_of_a_reported_quarter_stay(money_world: MoneyWorld) -> None:
    approved_return(money_world.grant, 1, actual_pence=1_000_000)
    after = copy.deepcopy(plan_of(money_world.grant))
    after["targets"]["new"]["2020-21Q1"] = 1
    with pytest.raises(ActionRefused, match="its targets stay"):
        proposed(money_world, after, kind=Kind.TARGETS)


def test_an_award_is_never_cut_below_what_was_spent_and_approved(money_world: MoneyWorld) -> None:
    approved_return(money_world.grant, 1, actual_pence=8_000_001)
    with pytest.raises(ActionRefused, match=r"£80,000\.01 was spent, so the award cannot fall to £80,000\.00"):
        proposed(money_world)


def test_money_of_a_year_that_has_ended_stays_where_it_was(money_world: MoneyWorld) -> None:
    with pytest.raises(ActionRefused, match=r"2020-21 has ended by 1 May 2021"):
        proposed(money_world, effective_on=datetime.date(2021, 5, 1))


def test_an_award_below_what_was_paid_opens_a_debt_for_the_difference(money_world: MoneyWorld) -> None:
    PaymentFactory(
        commitment=money_world.grant, amount_pence=9_500_000, status="paid", paid_on=datetime.date(2020, 9, 1)
    )
    RecoveryDebtFactory(commitment=money_world.grant, amount_pence=400_000)
    variation = proposed(money_world)
    approve_variation(variation=variation, by=money_world.cast.finance_officer)
    debt = RecoveryDebt.objects.get(variation=variation)
    assert (debt.cause, debt.amount_pence) == (RecoveryDebt.Cause.VARIATION, 1_100_000)


def test_an_award_above_what_was_paid_opens_no_debt(money_world: MoneyWorld) -> None:
    PaymentFactory(
        commitment=money_world.grant, amount_pence=8_000_000, status="paid", paid_on=datetime.date(2020, 9, 1)
    )
    approve_variation(variation=proposed(money_world), by=money_world.cast.finance_officer)
    assert not RecoveryDebt.objects.exists()


def test_a_source_without_room_refuses_a_raise_and_changes_nothing(money_world: MoneyWorld) -> None:
    Allocation.objects.filter(source=money_world.home).update(amount_pence=11_400_000)
    before = plan_of(money_world.grant)
    after = replan(before, reported=(), award=20_000_000)
    variation = proposed(money_world, after)
    with pytest.raises(ActionRefused, match="Home Office"):
        approve_variation(variation=variation, by=money_world.cast.finance_officer)
    assert plan_of(money_world.grant) == before
    assert Variation.objects.get(pk=variation.pk).status == Status.PROPOSED


@pytest.mark.parametrize("status", Commitment.Status.values)
def test_only_what_was_accepted_and_is_not_reconciled_is_varied(money_world: MoneyWorld, status: str) -> None:
    Commitment.objects.filter(pk=money_world.grant.pk).update(status=status)
    if status in {"accepted", "active", "suspended", "completed", "terminated"}:
        assert proposed(money_world).status == Status.PROPOSED
    else:
        with pytest.raises(ActionRefused, match="This award is"):
            proposed(money_world)


def test_a_grantee_asks_and_the_manager_is_told(money_world: MoneyWorld) -> None:
    variation = asked(money_world)
    assert (variation.status, variation.before_pence) == (Status.ASKED, variation.after_pence)
    assert Notification.objects.filter(user=money_world.cast.programme_manager, topic="award").count() == 1


def test_asking_the_same_twice_asks_once_and_another_wish_waits(money_world: MoneyWorld) -> None:
    assert asked(money_world) == asked(money_world)
    with pytest.raises(ActionRefused, match="asked for a change already"):
        asked(money_world, asked="And also more money.")


@pytest.mark.parametrize("who", ["programme_manager", "director", "outside_grantee", "nobody"])
def test_only_the_organisations_own_people_ask(money_world: MoneyWorld, who: str) -> None:
    with pytest.raises(ActionRefused, match="own people"):
        asked(money_world, by=money_world.cast.named(who))


def test_what_was_asked_for_becomes_the_proposal_and_its_words_stay(money_world: MoneyWorld) -> None:
    wish = asked(money_world)
    variation = proposed(money_world, answering=wish)
    assert (variation.pk, variation.status, variation.asked) == (wish.pk, Status.PROPOSED, wish.asked)
    approve_variation(variation=variation, by=money_world.cast.finance_officer)
    told = Notification.objects.filter(user=money_world.cast.grantee, topic="award")
    assert told.get().title == "Your award has changed"


def test_a_wish_is_answered_once(money_world: MoneyWorld) -> None:
    wish = asked(money_world)
    proposed(money_world, answering=wish)
    with pytest.raises(ActionRefused, match="answered already"):
        proposed(money_world, answering=wish, reason="Again.")


def test_a_refused_wish_is_told_with_a_reason_and_a_refused_proposal_is_not(money_world: MoneyWorld) -> None:
    refuse_variation(variation=asked(money_world), reason="The year is over.", by=money_world.cast.programme_manager)
    refuse_variation(variation=proposed(money_world), reason="Too much.", by=money_world.cast.director)
    told = Notification.objects.filter(user=money_world.cast.grantee, topic="award")
    assert [each.title for each in told] == ["The change you asked for was refused"]


def test_a_programme_manager_refuses_wishes_and_not_proposals(money_world: MoneyWorld) -> None:
    variation = proposed(money_world, by=money_world.cast.director)
    with pytest.raises(ActionRefused, match="Only a finance officer or the director can refuse"):
        refuse_variation(variation=variation, reason="No.", by=money_world.cast.programme_manager)


def test_whoever_put_it_forward_takes_it_back_and_nobody_else(money_world: MoneyWorld) -> None:
    variation = proposed(money_world)
    with pytest.raises(ActionRefused, match="Only the person who put this forward"):
        withdraw_variation(variation=variation, reason="Not mine.", by=money_world.cast.director)
    withdraw_variation(variation=variation, reason="Wrong figures.", by=money_world.cast.programme_manager)
    assert Variation.objects.get(pk=variation.pk).status == Status.WITHDRAWN


def test_a_colleague_of_whoever_asked_may_take_the_wish_back(money_world: MoneyWorld) -> None:
    wish = withdraw_variation(variation=asked(money_world), reason="Settled.", by=money_world.cast.signatory)
    assert wish.status == Status.WITHDRAWN


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REFUSED, Status.WITHDRAWN])
def test_what_is_decided_stays_decided(money_world: MoneyWorld, status: Status) -> None:
    variation = proposed(money_world)
    if status == Status.APPROVED:
        approve_variation(variation=variation, by=money_world.cast.finance_officer)
    elif status == Status.REFUSED:
        refuse_variation(variation=variation, reason="No.", by=money_world.cast.finance_officer)
    else:
        withdraw_variation(variation=variation, reason="No.", by=money_world.cast.programme_manager)
    with pytest.raises(ActionRefused):
        refuse_variation(variation=variation, reason="Later.", by=money_world.cast.director)
    with pytest.raises(ActionRefused):
        approve_variation(variation=variation, by=money_world.cast.director)


def test_a_plan_that_changes_nothing_is_no_variation(money_world: MoneyWorld) -> None:
    with pytest.raises(ActionRefused, match="Nothing would change"):
        proposed(money_world, plan_of(money_world.grant))
