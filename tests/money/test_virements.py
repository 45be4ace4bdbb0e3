"""Money moves inside one source and year, both sides at once, and only what nobody spends or means to spend."""

from __future__ import annotations

import datetime

import pytest
from django.db.models import Sum

from grants.actions.variations import approve_variation
from grants.actions.virements import approve_virement, propose_virement, refuse_virement, withdraw_virement
from grants.errors import ActionRefused
from grants.models import Commitment, FundingSplit, MonitoringReturn, Variation, Virement
from grants.money.headroom import headroom_of
from grants.money.movable import Movable
from grants.money.plan import plan_of, total_of
from programmes.models import BudgetChange, BudgetLine
from tests.factories import (
    BudgetLineFactory,
    FunderRuleFactory,
    MonitoringReturnFactory,
    ReportingQuarterFactory,
    approved_return,
)
from tests.money.worlds import MoneyWorld
from vru.accounts.models import Role
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

pytestmark = pytest.mark.django_db
DAY = datetime.date(2021, 1, 20)
YEAR = 2020
Status = Virement.Status


@pytest.fixture
def underspent(money_world: MoneyWorld) -> MoneyWorld:
    """The first grant has spent half of three quarters' profile and expects £10,000 more: £52,500.01 is nobody's."""
    for number in (1, 2, 3):
        last = number == 3
        approved_return(
            money_world.grant, number, actual_pence=1_250_000, forecast_pence=1_000_000 if last else 3_000_000
        )
    return money_world


def moved(world: MoneyWorld, pence: int = 500_000, **options: object) -> Virement:
    chosen = {
        "source": world.home,
        "year": YEAR,
        "amount_pence": pence,
        "giving": world.grant,
        "receiving": world.second,
        "reason": "Sessions that will not be held before the year ends.",
        "on": DAY,
        "by": world.cast.finance_officer,
    }
    return propose_virement(**(chosen | options))  # type: ignore[arg-type]


def taken(world: MoneyWorld) -> dict[int, int]:
    rows = FundingSplit.objects.order_by().values_list("source_id").annotate(Sum("amount_pence"))
    return dict(rows)


def assert_whole(commitment: Commitment) -> None:
    plan = plan_of(commitment)
    assert total_of(plan["splits"]) == plan["award"] == total_of(plan["shares"]) == total_of(plan["profile"])


def test_an_approved_virement_moves_award_split_and_profile_on_both_sides(underspent: MoneyWorld) -> None:
    before = taken(underspent)
    approve_virement(virement=moved(underspent), on=DAY, by=underspent.cast.director)
    assert plan_of(underspent.grant)["award"] == 9_500_001
    assert plan_of(underspent.second)["award"] == 5_500_000
    assert taken(underspent) == before
    for grant in (underspent.grant, underspent.second):
        assert_whole(grant)


def test_nothing_moves_before_it_is_approved_and_the_headroom_stays_the_same(underspent: MoneyWorld) -> None:
    plans, room = [plan_of(each) for each in underspent.grants], headroom_of(underspent.home, YEAR, Layer.RECORDED)
    virement = moved(underspent)
    assert [plan_of(each) for each in underspent.grants] == plans
    approve_virement(virement=virement, on=DAY, by=underspent.cast.director)
    assert headroom_of(underspent.home, YEAR, Layer.RECORDED) == room


def test_references_count_up_within_the_year(underspent: MoneyWorld) -> None:
    assert [moved(underspent, pence).ref for pence in (1_000, 2_000)] == ["VIR-2020-001", "VIR-2020-002"]


def test_reported_quarters_keep_their_profile(underspent: MoneyWorld) -> None:
    before = plan_of(underspent.grant)["profile"]
    approve_virement(virement=moved(underspent), on=DAY, by=underspent.cast.director)
    after = plan_of(underspent.grant)["profile"]
    assert {key: after[key] for key in before if key != "2020-21Q4"} == {
        key: before[key] for key in before if key != "2020-21Q4"
    }


def test_the_movable_amount_is_the_profile_left_where_more_is_unspent(underspent: MoneyWorld) -> None:
    position = Movable(FinancialYear(YEAR), Layer.RECORDED, on=DAY).of(underspent.grant, underspent.home)
    assert position is not None
    assert position.underspend == 6_666_667 - position.spent - 666_667 == 3_500_001
    assert position.movable == sum(plan_of(underspent.grant)["profile"]["2020-21Q4"].values())


def test_what_one_award_holds_is_not_counted_for_each_of_its_sources(underspent: MoneyWorld) -> None:
    movable = Movable(FinancialYear(YEAR), Layer.RECORDED, on=DAY)
    assert movable.movable_in_all == sum(plan_of(underspent.grant)["profile"]["2020-21Q4"].values())
    assert movable.movable_in_all < sum(row.movable for row in movable.sources)


def test_more_than_can_be_moved_is_refused_with_the_amount_that_can(underspent: MoneyWorld) -> None:
    with pytest.raises(ActionRefused, match=r"can be moved from GR-OURS, not £60,000\.00"):
        moved(underspent, 6_000_000)


def test_money_that_the_grantee_expects_to_spend_stays(money_world: MoneyWorld) -> None:
    approved_return(money_world.grant, 3, actual_pence=2_500_000, forecast_pence=7_400_001)
    with pytest.raises(ActionRefused, match=r"£666\.67 can be moved|£666\.66 can be moved"):
        moved(money_world, 100_000)


def test_missing_is_not_nought_so_an_award_without_a_forecast_gives_nothing(money_world: MoneyWorld) -> None:
    quarter = ReportingQuarterFactory(year=YEAR, number=3)
    MonitoringReturnFactory(commitment=money_world.grant, quarter=quarter, status=MonitoringReturn.Status.OPEN)
    movable = Movable(FinancialYear(YEAR), Layer.RECORDED, on=DAY, through=3)
    position = movable.of(money_world.grant, money_world.home)
    assert position is not None
    assert (position.forecast, position.underspend, position.movable, position.is_late) == (None, None, 0, True)
    with pytest.raises(ActionRefused, match="No approved return says how much will be spent"):
        moved(money_world)


def test_after_the_year_nothing_can_be_moved(underspent: MoneyWorld) -> None:
    with pytest.raises(ActionRefused, match=r"2020-21 ended on 31 March 2021"):
        moved(underspent, on=datetime.date(2021, 4, 1))
    virement = moved(underspent)
    with pytest.raises(ActionRefused, match=r"2020-21 ended on 31 March 2021"):
        approve_virement(virement=virement, on=datetime.date(2021, 4, 1), by=underspent.cast.director)


def test_the_rules_of_a_source_stand_beside_it(underspent: MoneyWorld) -> None:
    FunderRuleFactory(source=underspent.home, kind="no_carry_over", title="Nothing is carried over", first_year=2019)
    rows = Movable(FinancialYear(YEAR), Layer.RECORDED, on=DAY).sources
    assert {row.source.slug: row.rules for row in rows} == {"home-office": ("Nothing is carried over",), "core": ()}


def test_an_award_that_has_reported_the_year_receives_nothing(underspent: MoneyWorld) -> None:
    for number in (1, 2, 3, 4):
        approved_return(underspent.second, number, actual_pence=0)
    with pytest.raises(ActionRefused, match="no time left to spend more"):
        moved(underspent)


def test_a_change_of_either_side_meanwhile_stops_both(underspent: MoneyWorld) -> None:
    first, second = moved(underspent, 1_000), moved(underspent, 2_000)
    approve_virement(virement=first, on=DAY, by=underspent.cast.director)
    before = [plan_of(each) for each in underspent.grants]
    with pytest.raises(ActionRefused, match="changed since this was proposed"):
        approve_virement(virement=second, on=DAY, by=underspent.cast.director)
    assert [plan_of(each) for each in underspent.grants] == before
    assert Virement.objects.get(pk=second.pk).status == Status.PROPOSED


def test_one_side_is_never_decided_alone(underspent: MoneyWorld) -> None:
    virement = moved(underspent)
    side = virement.variations.get(commitment=underspent.grant)
    with pytest.raises(ActionRefused, match="one side of VIR-2020-001"):
        approve_variation(variation=side, by=underspent.cast.director)


@pytest.mark.parametrize("role", [*Role.values, None])
def test_who_may_propose_and_who_may_decide(underspent: MoneyWorld, role: str | None) -> None:
    user = underspent.cast.nobody if role is None else getattr(underspent.cast, role)
    if role == "finance_officer":
        assert moved(underspent, by=user).status == Status.PROPOSED
        with pytest.raises(ActionRefused, match="You proposed this virement"):
            approve_virement(virement=Virement.objects.get(), on=DAY, by=user)
        return
    with pytest.raises(ActionRefused, match="Only a finance officer can propose"):
        moved(underspent, by=user)
    virement = moved(underspent)
    if role == "director":
        assert approve_virement(virement=virement, on=DAY, by=user).status == Status.APPROVED
    else:
        with pytest.raises(ActionRefused, match="Only a finance officer or the director"):
            approve_virement(virement=virement, on=DAY, by=user)


def test_approving_twice_moves_once(underspent: MoneyWorld) -> None:
    virement = moved(underspent)
    for _ in range(2):
        approve_virement(virement=virement, on=DAY, by=underspent.cast.director)
    assert plan_of(underspent.grant)["award"] == 9_500_001


@pytest.mark.parametrize("how", ["refuse", "withdraw"])
def test_what_is_refused_or_taken_back_takes_its_sides_with_it(underspent: MoneyWorld, how: str) -> None:
    virement = moved(underspent)
    if how == "refuse":
        refuse_virement(virement=virement, reason="Keep it.", by=underspent.cast.director)
    else:
        withdraw_virement(virement=virement, reason="Wrong award.", by=underspent.cast.finance_officer)
    assert not Variation.objects.filter(virement=virement, status="proposed").exists()
    with pytest.raises(ActionRefused, match="already"):
        approve_virement(virement=virement, on=DAY, by=underspent.other_director)


def test_only_whoever_proposed_it_takes_it_back(underspent: MoneyWorld) -> None:
    with pytest.raises(ActionRefused, match="Only the person who proposed it"):
        withdraw_virement(virement=moved(underspent), reason="No.", by=underspent.cast.director)


def line(world: MoneyWorld, pence: int, **options: object) -> BudgetLine:
    chosen = {"programme": world.programme, "source": world.home, "category": world.category, "year": YEAR}
    made: BudgetLine = BudgetLineFactory(**(chosen | {"layer": Layer.RECORDED, "amount_pence": pence} | options))
    return made


def test_money_of_a_line_that_no_award_has_goes_to_an_award_and_the_line_keeps_its_versions(
    money_world: MoneyWorld,
) -> None:
    promised = FundingSplit.objects.filter(source=money_world.home).aggregate(total=Sum("amount_pence"))["total"]
    giving = line(money_world, promised + 300_000)
    virement = moved(money_world, 300_000, giving=giving)
    approve_virement(virement=virement, on=DAY, by=money_world.cast.director)
    assert BudgetLine.objects.get(pk=giving.pk).amount_pence == promised
    change = BudgetChange.objects.filter(line=giving).latest("number")
    assert (change.after_pence, change.made_by) == (promised, money_world.cast.finance_officer)
    assert virement.ref in change.reason
    assert plan_of(money_world.second)["award"] == 5_300_000


def test_what_a_line_has_promised_to_awards_stays_in_it(money_world: MoneyWorld) -> None:
    giving = line(money_world, 1_000)
    with pytest.raises(ActionRefused, match=r"£0\.00 of budget line .* is not promised to any award"):
        moved(money_world, 1_000, giving=giving)


def test_lines_of_another_source_or_year_are_refused(money_world: MoneyWorld) -> None:
    giving = line(money_world, 99_000_000, source=money_world.core)
    with pytest.raises(ActionRefused, match="another source or year"):
        moved(money_world, 1_000, giving=giving)


def test_money_goes_back_to_a_line(underspent: MoneyWorld) -> None:
    receiving = line(underspent, 0)
    approve_virement(virement=moved(underspent, 500_000, receiving=receiving), on=DAY, by=underspent.cast.director)
    assert BudgetLine.objects.get(pk=receiving.pk).amount_pence == 500_000
    assert_whole(underspent.grant)


def test_money_does_not_move_to_where_it_is(underspent: MoneyWorld) -> None:
    with pytest.raises(ActionRefused, match="come back to where it is"):
        moved(underspent, receiving=underspent.grant)
