"""Budget lines: one for each programme, source, year and category; every version kept with its reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from programmes.actions.budget import add_budget_line, change_budget_line
from programmes.errors import ProgrammeRefused
from programmes.models import BudgetLine
from tests.cast import STAFF, Cast
from tests.factories import (
    BudgetCategoryFactory,
    BudgetLineFactory,
    FundingSourceFactory,
    ProgrammeFactory,
    UserFactory,
)
from vru.accounts.models import AuditEvent, Role, User
from vru.lib.layers import Layer

pytestmark = pytest.mark.django_db
ACTS: dict[str, Callable[[User], object]] = {
    "add": lambda by: added(by),
    "change": lambda by: change_budget_line(line=BudgetLineFactory(), amount_pence=1, reason="Less.", by=by),
}


def added(by: User, pence: int = 500) -> BudgetLine:
    return add_budget_line(
        programme=ProgrammeFactory(),
        source=FundingSourceFactory(),
        year=2020,
        category=BudgetCategoryFactory(),
        amount_pence=pence,
        reason="The year's budget.",
        by=by,
    )


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("person", [*STAFF, "grantee"])
def test_only_finance_sets_the_budget(cast: Cast, act: str, person: str) -> None:
    if person == "finance_officer":
        ACTS[act](cast.named(person))
        assert AuditEvent.objects.filter(actor=cast.named(person)).count() == 1
        return
    with pytest.raises(ProgrammeRefused, match="Only a finance officer"):
        ACTS[act](cast.named(person))


def test_every_version_of_a_line_is_kept_with_its_reason(cast: Cast) -> None:
    line = added(cast.finance_officer)
    change_budget_line(line=line, amount_pence=700, reason="A third school.", by=cast.finance_officer)
    rows = [(row.number, row.before_pence, row.after_pence, row.reason) for row in line.changes.all()]
    assert rows == [(1, 0, 500, "The year's budget."), (2, 500, 700, "A third school.")]
    line.refresh_from_db()
    assert line.amount_pence == 700


def test_a_second_line_for_the_same_money_is_refused_by_name(cast: Cast) -> None:
    line = added(cast.finance_officer)
    with pytest.raises(ProgrammeRefused, match=rf"{line.ref}, £5\.00"):
        add_budget_line(
            programme=line.programme,
            source=line.source,
            year=2020,
            category=line.category,
            amount_pence=1,
            reason="Again.",
            by=cast.finance_officer,
        )


def test_nobody_changes_what_they_have_not_read(cast: Cast) -> None:
    line = added(cast.finance_officer)
    with pytest.raises(ProgrammeRefused, match=r"changed this line to £5\.00"):
        change_budget_line(line=line, amount_pence=1, reason="Less.", by=cast.finance_officer, expected_pence=400)
    with pytest.raises(ProgrammeRefused, match="nothing to change"):
        change_budget_line(line=line, amount_pence=500, reason="Same.", by=cast.finance_officer)
    with pytest.raises(ProgrammeRefused, match="Say why"):
        change_budget_line(line=line, amount_pence=1, reason=" ", by=cast.finance_officer)
    with pytest.raises(ProgrammeRefused, match="below nought"):
        change_budget_line(line=line, amount_pence=-1, reason="Less.", by=cast.finance_officer)


def test_what_a_document_says_is_not_changed(cast: Cast) -> None:
    line = BudgetLineFactory(layer=Layer.PUBLISHED)
    with pytest.raises(ProgrammeRefused, match="what a document says"):
        change_budget_line(line=line, amount_pence=1, reason="Less.", by=cast.finance_officer)
    with pytest.raises(ProgrammeRefused, match="read out of documents"):
        add_budget_line(
            programme=ProgrammeFactory(layer=Layer.PUBLISHED),
            source=FundingSourceFactory(),
            year=2020,
            category=BudgetCategoryFactory(),
            amount_pence=1,
            reason="More.",
            by=cast.finance_officer,
        )


class VersionProperties(TestCase):
    @settings(max_examples=20, deadline=None)
    @given(amounts=st.lists(st.integers(0, 10**12), max_size=6))
    def test_the_last_version_is_what_the_line_says_and_each_begins_where_the_one_before_ended(
        self, amounts: list[int]
    ) -> None:
        by = UserFactory(role=Role.FINANCE_OFFICER)
        line = added(by)
        for pence in amounts:
            line.refresh_from_db()
            if pence != line.amount_pence:
                change_budget_line(line=line, amount_pence=pence, reason="Because.", by=by)
        line.refresh_from_db()
        versions = list(line.changes.all())
        assert versions[-1].after_pence == line.amount_pence
        assert [row.before_pence for row in versions] == [0, *(row.after_pence for row in versions[:-1])]
