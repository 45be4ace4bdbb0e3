"""Funder rules: met, at risk, broken or not to be said; never better for spending less, never guessed."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from evaluation.actions.funder_rules import save_rule
from evaluation.figures import Scope
from evaluation.funder_rules import Outcome, RuleRefused, Verdict, check_rule, verdicts_of
from evaluation.funder_rules.judging import JUDGES
from grants.models import Commitment
from programmes.models import FunderRule, FundingSource
from tests.cast import STAFF, Cast
from tests.factories import (
    AllocationFactory,
    CommitmentFactory,
    CostHeadingFactory,
    FunderRuleFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    MonitoringReturnFactory,
    ProfileLineFactory,
    ReportingQuarterFactory,
    SpendLineFactory,
    StrategyVersionFactory,
    approved_return,
)
from vru.accounts.models import AuditEvent, User
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

pytestmark = pytest.mark.django_db
BEFORE, AFTER = datetime.date(2021, 2, 1), datetime.date(2021, 6, 30)
RANK = {Outcome.BROKEN: 0, Outcome.AT_RISK: 1, Outcome.MET: 2}


def scope(day: datetime.date) -> Scope:
    StrategyVersionFactory()
    return Scope.of(FinancialYear(2020), Layer.RECORDED, day)


def verdict(rule: FunderRule, day: datetime.date) -> Verdict:
    (found,) = verdicts_of(scope(day), FunderRule.objects.filter(pk=rule.pk))
    return found


def promised(source: FundingSource, pence: int, year: int = 2020, **options: Any) -> Commitment:
    grant: Commitment = CommitmentFactory(award_pence=pence, **options)
    FundingSplitFactory(commitment=grant, source=source, year=year, amount_pence=pence)
    return grant


def spent(grant: Commitment, pence: int, *, forecast: int = 0, year: int = 2020, number: int = 1) -> None:
    approved_return(grant, number, year=year, actual_pence=pence, forecast_pence=forecast)


def test_every_kind_of_rule_is_judged() -> None:
    assert set(JUDGES) == set(FunderRule.Kind)


@pytest.mark.parametrize(
    ("actual", "forecast", "day", "outcome"),
    [
        (600, 400, BEFORE, Outcome.MET),
        (600, 399, BEFORE, Outcome.AT_RISK),
        (1_000, 0, AFTER, Outcome.MET),
        (999, 5_000, AFTER, Outcome.BROKEN),
    ],
)
def test_spend_by_year_end_counts_forecasts_until_the_day_and_only_spend_after(
    actual: int, forecast: int, day: datetime.date, outcome: Outcome
) -> None:
    source = AllocationFactory(amount_pence=1_000).source
    spent(promised(source, 1_000), actual, forecast=forecast)
    assert verdict(FunderRuleFactory(source=source), day).outcome == outcome


def test_returns_still_missing_after_the_year_leave_it_at_risk() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    grant = promised(source, 1_000)
    spent(grant, 400)
    MonitoringReturnFactory(
        commitment=grant, quarter=ReportingQuarterFactory(year=2020, number=4), due_on=datetime.date(2021, 4, 15)
    )
    found = verdict(FunderRuleFactory(source=source), AFTER)
    assert found.outcome == Outcome.AT_RISK
    assert "1 of 2 returns are in" in found.why


@pytest.mark.parametrize("kind", ["spent_by_year_end", "no_carry_over"])
def test_what_nobody_has_recorded_cannot_be_said(kind: str) -> None:
    found = verdict(FunderRuleFactory(kind=kind), AFTER)
    assert (found.outcome, found.working) == (Outcome.UNKNOWN, "")


class SpendingMore(TestCase):
    @settings(max_examples=10, deadline=None)
    @given(less=st.integers(0, 1_200), more=st.integers(0, 1_200), after=st.booleans())
    def test_spending_more_by_year_end_never_makes_it_worse(self, less: int, more: int, after: bool) -> None:
        found = []
        for pence in sorted((less, more)):
            source = AllocationFactory(amount_pence=1_000).source
            spent(promised(source, 1_000), pence)
            found.append(verdict(FunderRuleFactory(source=source), AFTER if after else BEFORE).outcome)
        assert RANK[found[0]] <= RANK[found[1]]

    @settings(max_examples=10, deadline=None)
    @given(less=st.integers(0, 500), more=st.integers(0, 500))
    def test_carrying_more_over_never_makes_it_better(self, less: int, more: int) -> None:
        found = []
        for pence in sorted((less, more)):
            source = FundingSourceFactory()
            grant = promised(source, 1_000, ends_on=datetime.date(2021, 3, 31))
            if pence:
                spent(grant, pence, year=2021)
            found.append(
                verdict(FunderRuleFactory(source=source, kind="no_carry_over"), AFTER.replace(year=2022)).outcome
            )
        assert RANK[found[0]] >= RANK[found[1]]


def test_money_planned_after_the_year_is_at_risk_and_later_money_covers_it() -> None:
    source = FundingSourceFactory()
    grant = promised(source, 1_000, ends_on=datetime.date(2021, 9, 30))
    rule = FunderRuleFactory(source=source, kind="no_carry_over")
    assert "1 award runs on" in verdict(rule, BEFORE).why
    ProfileLineFactory(
        commitment=grant, quarter=ReportingQuarterFactory(year=2021, number=1), heading=CostHeadingFactory(),
        amount_pence=250,
    )  # fmt: skip
    found = verdict(rule, BEFORE)
    assert found.outcome == Outcome.AT_RISK
    assert "£2.50 of the year's money is planned" in found.why
    FundingSplitFactory(commitment=grant, source=FundingSourceFactory(), year=2021, amount_pence=250)
    assert verdict(rule, BEFORE).outcome == Outcome.MET


@pytest.mark.parametrize(
    ("kind", "threshold", "day", "outcome"),
    [
        ("minimum_share", 40, AFTER, Outcome.MET),
        ("minimum_share", 41, BEFORE, Outcome.AT_RISK),
        ("minimum_share", 41, AFTER, Outcome.BROKEN),
        ("maximum_share", 40, AFTER, Outcome.MET),
        ("maximum_share", 39, BEFORE, Outcome.AT_RISK),
        ("maximum_share", 39, AFTER, Outcome.BROKEN),
        ("minimum_share", None, AFTER, Outcome.UNKNOWN),
    ],
)
def test_a_share_is_held_against_its_threshold(
    kind: str, threshold: int | None, day: datetime.date, outcome: Outcome
) -> None:
    source = AllocationFactory(amount_pence=1_000).source
    promised(source, 400)
    rule = FunderRuleFactory(
        source=source,
        kind=kind,
        numerator="award.total",
        denominator="funding.source",
        threshold_percent=threshold,
    )
    found = verdict(rule, day)
    assert found.outcome == outcome
    if threshold is not None:
        assert "£4.00 ÷ £10.00 = 40.00%" in found.working


def test_a_share_of_nothing_cannot_be_said() -> None:
    source = AllocationFactory(amount_pence=0).source
    rule = FunderRuleFactory(
        source=source, kind="minimum_share", numerator="award.total", denominator="funding.source", threshold_percent=5
    )
    assert verdict(rule, AFTER).outcome == Outcome.UNKNOWN


def test_a_rule_whose_figure_is_gone_does_not_take_the_others_with_it() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    promised(source, 400)
    share = {"kind": "minimum_share", "denominator": "funding.source", "threshold_percent": 5, "source": source}
    FunderRuleFactory(slug="a", numerator="award.gone", **share)
    FunderRuleFactory(slug="b", numerator="award.total source=nowhere", **share)
    FunderRuleFactory(slug="c", numerator="award.total", **share)
    found = [each.outcome for each in verdicts_of(scope(AFTER), FunderRule.objects.all())]
    assert found == [Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.MET]


def test_only_rules_in_force_in_the_year_are_judged() -> None:
    FunderRuleFactory(first_year=2021)
    FunderRuleFactory(first_year=2018, last_year=2019)
    assert verdicts_of(scope(AFTER), FunderRule.objects.all()) == []


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "minimum_share", "numerator": "", "denominator": "spend.total"}, "both figures"),
        ({"kind": "minimum_share", "numerator": "spend.total", "denominator": "award.total"}, "needs its threshold"),
        ({"numerator": "spend.totl"}, "There is no figure"),
        ({"numerator": "spend total"}, "is not a parameter"),
        ({"numerator": "spend.total flavour=sweet"}, "has no parameter"),
        ({"threshold_percent": Decimal(0)}, "above 0"),
        ({"threshold_percent": Decimal(101)}, "at most 100"),
    ],
)
def test_a_rule_that_could_never_be_judged_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleRefused, match=message):
        check_rule(FunderRuleFactory(**values))


def write(source: FundingSource, by: User, **changes: Any) -> FunderRule:
    values: dict[str, Any] = {
        "title": "Spent in the year",
        "kind": "spent_by_year_end",
        "numerator": "",
        "denominator": "",
        "threshold_percent": None,
        "first_year": 2020,
        "last_year": None,
        "place": "Letter",
    }
    return save_rule(source=source, by=by, **values | changes)


@pytest.mark.parametrize("person", [*STAFF, "grantee"])
def test_only_finance_writes_rules(cast: Cast, person: str) -> None:
    source = FundingSourceFactory()
    if person == "finance_officer":
        write(source, cast.named(person))
        assert AuditEvent.objects.get(action="funder rule added").actor == cast.finance_officer
        return
    with pytest.raises(RuleRefused, match="Only a finance officer"):
        write(source, cast.named(person))


def test_two_rules_of_one_title_keep_apart_and_a_change_is_audited(cast: Cast) -> None:
    source, by = FundingSourceFactory(), cast.finance_officer
    first, second = write(source, by), write(source, by)
    assert (first.slug, second.slug) == ("spent-in-the-year", "spent-in-the-year-2")
    write(source, by, rule=second, threshold_percent=Decimal(95))
    event = AuditEvent.objects.get(action="funder rule changed")
    assert (event.details["before"]["threshold_percent"], event.details["after"]["threshold_percent"]) == (None, "95")
    with pytest.raises(RuleRefused, match="before the first"):
        write(source, by, last_year=2019)


def test_a_share_of_one_cost_heading_is_judged_for_the_rules_own_source() -> None:
    source = AllocationFactory(amount_pence=1_000).source
    revision = approved_return(promised(source, 1_000), 1)
    for number, (slug, pence) in enumerate({"overheads": 150, "staff": 850}.items(), start=1):
        heading = CostHeadingFactory(slug=slug, title=slug)
        SpendLineFactory(revision=revision, number=number, heading=heading, actual_pence=pence, match_pence=100)
    shares = {"spend.heading heading=overheads": "15%", "match.total": "20%"}
    for numerator, said in shares.items():
        rule = FunderRuleFactory(
            source=source, kind=FunderRule.Kind.MAXIMUM_SHARE, numerator=numerator, denominator="spend.total",
            threshold_percent=Decimal(10), first_year=2020,
        )  # fmt: skip
        check_rule(rule)
        found = verdict(rule, AFTER)
        assert found.outcome == Outcome.BROKEN
        assert said.rstrip("%") in found.working
