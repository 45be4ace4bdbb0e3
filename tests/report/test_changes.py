"""What changed between two editions: each figure's old and new value, and why."""

from __future__ import annotations

import pytest

from evaluation.reports.changes import changes_between, corrections_between, differing
from evaluation.reports.facts import Facts
from evaluation.reports.imprint import Changed
from grants.models import FundingSplit, Revision
from programmes.models import Allocation
from tests.report import unit_year as year
from tests.report.changing import LATER, REASON, approve_late, correct

pytestmark = pytest.mark.django_db


@pytest.fixture
def before() -> Facts:
    year.unit_year()
    year.outline()
    return year.facts()


def after() -> Facts:
    return year.facts(as_at=LATER)


def changed(old: Facts, new: Facts, **more) -> dict[str, Changed]:
    return {each.key: each for each in changes_between(old, new, **more)}


def test_the_same_records_on_a_later_day_change_nothing(before: Facts) -> None:
    assert changes_between(before, after()) == ()


def test_a_corrected_return_is_the_reason_of_each_figure_it_moved_and_of_no_other(before: Facts) -> None:
    correct(new=75)
    found = changed(before, after())
    assert (found["reach.new"].old, found["reach.new"].new) == ("140", "145")
    assert found["reach.new"].why == "One return (2020-21 Q1) was corrected after approval."
    assert "reach.new quarter=2020-21Q2" not in found
    assert "spend.total" not in found


def test_the_sentence_of_a_correction_is_for_the_unit_only(before: Facts) -> None:
    correct()
    new = after()
    assert REASON not in changed(before, new)["reach.new"].why
    assert changed(before, new, with_reasons=True)["reach.new"].why.endswith(f"Reason given: {REASON}.")


def test_a_return_approved_since_is_told_apart_from_a_correction(before: Facts) -> None:
    correct(number=2, new=71)
    approve_late(number=3, new=40)
    why = changed(before, after())["reach.new"].why
    assert why == ("One return (2020-21 Q2) was corrected after approval. One return (2020-21 Q3) was approved since.")


def test_a_restated_allocation_is_named_with_its_reason_for_the_unit(before: Facts) -> None:
    old = Allocation.objects.get(source__slug="reserves")
    Allocation.objects.create(
        source=old.source,
        year=old.year,
        layer=old.layer,
        sequence=2,
        amount_pence=old.amount_pence + 100_000_000,
        restated_because="The board released more",
    )
    new = after()
    found = changed(before, new)
    assert found["funding.total"].why == "An allocation was restated."
    assert found["funding.source source=reserves"].why == "An allocation was restated."
    assert "funding.source source=home" not in found
    assert "The board released more." in changed(before, new, with_reasons=True)["funding.total"].why


def test_awards_that_were_split_anew_say_so(before: Facts) -> None:
    split = FundingSplit.objects.get()
    FundingSplit.objects.filter(pk=split.pk).update(amount_pence=split.amount_pence + 500)
    assert changed(before, after())["award.total"].why == (
        "Awards, their splits between funders or their areas were changed."
    )


def test_a_definition_worded_anew_is_a_reason_of_its_own(before: Facts) -> None:
    correct()
    new = after()
    definitions = [
        {**each, "numerator": "Something else"} if each["family"] == "reach.new" else each
        for each in new.data["definitions"]
    ]
    why = changed(before, Facts({**new.data, "definitions": definitions}))["reach.new"].why
    assert why.startswith("What it counts was defined anew. One return")


def test_a_figure_hidden_in_one_edition_shows_no_number_of_the_other(before: Facts) -> None:
    correct()
    new = after()
    figures = {
        key: {**each, "value": None, "low": None, "high": None, "display": "[c]", "hidden": True}
        | {"shown": dict.fromkeys(each["shown"], "[c]")}
        if key == "reach.new"
        else each
        for key, each in new.data["figures"].items()
    }
    found = changed(before, Facts({**new.data, "figures": figures}))["reach.new"]
    assert (found.new, found.why) == ("[c]", "Hidden in the later edition, so that nobody can be recognised.")


def test_figures_that_only_one_edition_prints_are_no_changes(before: Facts) -> None:
    new = after()
    fewer = {key: each for key, each in new.data["figures"].items() if key != "reach.new"}
    assert not differing(before, Facts({**new.data, "figures": fewer}))


def test_an_amount_that_rounds_to_the_same_is_shown_to_the_penny(before: Facts) -> None:
    Allocation.objects.filter(source__slug="home").update(amount_pence=760_000_100)
    found = changed(before, after())["funding.total"]
    assert (found.old, found.new) == ("£8,100,000.00", "£8,100,001.00")


def test_corrections_between_two_sets_of_revisions_name_return_and_reason(before: Facts) -> None:
    earlier = set(Revision.objects.live().values_list("pk", flat=True))
    later = correct()
    approve_late()
    (found,) = corrections_between(earlier, set(Revision.objects.live().values_list("pk", flat=True)))
    assert (found.grant, found.quarter, found.new_revision, found.reason) == ("G1", "2020-21Q1", later.pk, REASON)


def test_revisions_of_an_edition_count_although_they_were_superseded_on_its_own_day(before: Facts) -> None:
    printed = frozenset(Revision.objects.live().values_list("pk", flat=True))
    correct()
    new = after()
    now = frozenset(Revision.objects.live().values_list("pk", flat=True))
    found = changed(before, new, old_revisions=printed, new_revisions=now)
    assert found == changed(before, new)


def test_the_number_of_queries_does_not_grow_with_the_number_of_changes(
    before: Facts, django_assert_max_num_queries
) -> None:
    correct()
    correct(number=2, new=90)
    new = after()
    assert len(differing(before, new)) >= 10
    with django_assert_max_num_queries(60):
        changes_between(before, new)
