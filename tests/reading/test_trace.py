"""From a printed figure to the returns that re-add to it, and back from a return to what printed it."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from evaluation.models import Edition
from evaluation.tracing import appearances_of, facts_of, public_trace, shares_of, trace_of
from evaluation.tracing.words import verdict
from grants.models import Cell, FundingSplit, MonitoringReturn, ReachTarget
from tests.factories import StaffRoleFactory
from tests.reading.editions import built_edition
from tests.report.changing import LATER, REASON, approve_late, correct
from vru.accounts.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
TODAY = LATER


@pytest.fixture
def edition() -> Edition:
    return built_edition()


@pytest.fixture
def analyst(client):
    user = StaffRoleFactory(role=Role.ANALYST).user
    client.force_login(user)
    return user


def traced(edition: Edition, key: str):
    trace = trace_of(edition, facts_of(edition), key, today=TODAY)
    assert trace is not None
    return trace


def first_return() -> MonitoringReturn:
    return MonitoringReturn.objects.get(commitment__ref="G1", quarter__number=1)


def test_every_computed_figure_of_an_edition_re_adds_to_what_it_printed(edition: Edition) -> None:
    facts = facts_of(edition)
    for key, printed in facts.data["figures"].items():
        if printed["basis"] == "computed":
            assert traced(edition, key).re_adds, key


def test_it_still_re_adds_after_a_correction_and_says_what_it_would_be_now(edition: Edition) -> None:
    correct(new=75)
    approve_late(new=40)
    trace = traced(edition, "reach.new")
    assert trace.re_adds
    assert [(row.grant, row.quarter, row.value) for row in trace.rows] == [
        ("G1", "2020-21Q1", 70),
        ("G1", "2020-21Q2", 70),
    ]
    assert verdict(trace) == "The 2 rows add up to 140, which is what the edition printed."
    assert trace.today is not None
    assert trace.today.display == "185"
    assert trace.why_changed == (
        f"One return (2020-21 Q1) was corrected after approval. Reason given: {REASON}. "
        "One return (2020-21 Q3) was approved since."
    )


def test_a_ratio_is_shown_with_both_its_halves(edition: Edition) -> None:
    trace = traced(edition, "unit_cost")
    assert verdict(trace) == (
        "The 2 rows add up to £48,001.00 and 140: one ÷ the other is £342.86, which is what the edition printed."
    )
    share = traced(edition, "indicator.result indicator=safer")
    assert verdict(share) == (
        "The 2 rows add up to 60 and 80: one ÷ the other × 100 is 75%, which is what the edition printed."
    )


def test_records_beside_returns_that_were_changed_since_are_owned_up_to(edition: Edition) -> None:
    split = FundingSplit.objects.get()
    FundingSplit.objects.update(amount_pence=split.amount_pence - 5_678)
    trace = traced(edition, "award.total")
    assert trace.re_adds is False
    assert verdict(trace).startswith("The row gives £123,400.00, and the edition printed £123,456.78. ")
    assert trace.why_changed == "Awards, their splits between funders or their areas were changed."


def test_a_target_changed_since_is_no_reason_to_doubt_the_returns(edition: Edition) -> None:
    ReachTarget.objects.filter(quarter__number=1).update(value=61)
    assert traced(edition, "reach.new").re_adds
    assert traced(edition, "reach.target objective=1").re_adds is False


def test_a_hidden_figure_keeps_its_number_within_the_unit() -> None:
    Cell.objects.filter(category__slug="18-24").update(value=1)
    Cell.objects.filter(category__slug="not-known").update(value=9)
    edition = built_edition()
    facts = facts_of(edition)
    key = "reach.breakdown category=18-24 dimension=age"
    assert facts.data["figures"][key]["hidden"]
    trace = traced(edition, key)
    assert trace.re_adds
    assert not trace.why_changed
    assert "The edition prints [c] in its place" in verdict(trace)
    public = public_trace(facts, key)
    assert public is not None
    assert public.is_hidden
    assert public.printed["value"] is None


def test_a_stated_figure_leads_to_its_document_and_adds_nothing_up(edition: Edition) -> None:
    trace = traced(edition, "series.value period=2019 series=knives")
    assert (trace.rows, trace.re_adds) == ([], None)
    assert trace.printed["sources"]
    assert not trace.why_changed


def test_a_figure_that_the_edition_does_not_print_has_no_trace(edition: Edition) -> None:
    facts = facts_of(edition)
    assert trace_of(edition, facts, "reach.new quarter=2020-21Q9", today=TODAY) is None
    assert public_trace(facts, "spend.total programme=P9") is None


def test_a_return_knows_every_edition_that_counted_it_and_what_became_of_its_version(analyst, edition) -> None:
    later = correct(new=75)
    newer = built_edition(as_at=LATER, number=2)
    found = appearances_of(first_return(), user=analyst)
    assert {each.edition for each in found} == {edition, newer}
    of_old = next(each for each in found if each.edition == edition)
    assert (of_old.is_current, of_old.replaced_by) == (False, later)
    assert next(each for each in found if each.edition == newer).is_current


def test_what_a_return_added_is_its_part_of_the_version_that_was_printed(edition: Edition) -> None:
    correct(new=75)
    shares = {each.key: each for each in shares_of(edition, facts_of(edition), first_return())}
    assert shares["reach.new"].shown == "70"
    assert shares["spend.total"].shown == "£24,000.50"
    assert shares["unit_cost"].shown == "£24,000.50 of 70"
    assert "reach.new quarter=2020-21Q2" not in shares
    assert "award.total" not in shares


def test_the_pages_show_trace_list_and_return(client, analyst, edition) -> None:
    figures = reverse("evaluation:edition-figures", args=[edition.pk])
    listed = client.get(figures)
    assert "?key=reach.new" in listed.content.decode()
    one = client.get(figures, {"key": "reach.new"}).content.decode()
    assert "which is what the edition printed" in one
    assert "From 2 of 2 returns" in one
    item = first_return()
    page = client.get(reverse("evaluation:printed-return", args=[item.pk]), {"edition": edition.pk}).content.decode()
    assert "Of which this return" in page
    assert "£24,000.50" in page


def test_the_web_edition_leads_to_pages_that_exist(client, analyst, edition) -> None:
    page = reverse("evaluation:report-file", args=[edition.pk, "html"])
    assert reverse("evaluation:edition-figures", args=[edition.pk]) == f"{page.removesuffix('files/html/')}figures/"
    for key in facts_of(edition).data["figures"]:
        assert client.get(reverse("evaluation:edition-figures", args=[edition.pk]), {"key": key}).status_code == 200


def test_words_find_a_figure_and_none_says_so(client, analyst, edition) -> None:
    figures = reverse("evaluation:edition-figures", args=[edition.pk])
    assert "Home Office" in client.get(figures, {"text": "home office"}).content.decode()
    assert "No figures match" in client.get(figures, {"text": "zebra"}).content.decode()


@pytest.mark.parametrize("key", ["nonsense", "reach.new objective=99", "<script>"])
def test_a_key_that_is_not_printed_is_not_found(client, analyst, edition, key) -> None:
    assert client.get(reverse("evaluation:edition-figures", args=[edition.pk]), {"key": key}).status_code == 404


def test_facts_that_are_gone_are_a_page_that_says_so(client, analyst, edition, store) -> None:
    for path in store.rglob("*snapshot.json"):
        path.unlink()
    page = client.get(reverse("evaluation:edition-figures", args=[edition.pk]))
    assert page.status_code == 503
    assert "missing from the file store" in page.content.decode()


def test_a_return_that_nothing_printed_says_so(client, analyst) -> None:
    page = client.get(reverse("evaluation:printed-return", args=[first_return().pk])).content.decode()
    assert "No edition printed it" in page


def test_the_queries_of_a_trace_do_not_grow_with_the_returns(
    client, analyst, edition, django_assert_max_num_queries
) -> None:
    address = reverse("evaluation:edition-figures", args=[edition.pk])
    with django_assert_max_num_queries(45):
        client.get(address, {"key": "reach.new"})
    for number in (3, 4):
        approve_late(number=number)
    newer = built_edition(as_at=datetime.date(2021, 9, 1), number=2)
    with django_assert_max_num_queries(45):
        client.get(reverse("evaluation:edition-figures", args=[newer.pk]), {"key": "reach.new"})
