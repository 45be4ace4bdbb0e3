"""Pages of money coming in, as finance and the director use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.models import Commitment
from programmes.models import Allocation, BudgetLine, FunderAgreement, FunderRule, FundingSource, Overcommitment
from tests.cast import Cast
from tests.factories import (
    AgreementChangeFactory,
    AllocationFactory,
    BudgetCategoryFactory,
    BudgetLineFactory,
    ClaimFactory,
    CommitmentFactory,
    FunderAgreementFactory,
    FunderRuleFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    OvercommitmentFactory,
    ProgrammeFactory,
    ReceiptFactory,
    UnitFactory,
    YearEndStatementFactory,
)
from tests.signing_in import sign_in_strongly
from vru.accounts.models import User

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def dated(name: str, day: str) -> dict[str, str]:
    """A day written "2020-06-01", in its three boxes."""
    year, month, of_month = day.split("-")
    return {f"{name}-day": of_month, f"{name}-month": month, f"{name}-year": year}


@pytest.fixture
def source(cast: Cast) -> FundingSource:
    """£1,000.00 allocated for 2020-21, £900.00 of it promised."""
    UnitFactory()
    found: FundingSource = AllocationFactory(source__title="Safety fund", amount_pence=100_000).source
    grant = CommitmentFactory(status=Commitment.Status.ACTIVE, award_pence=90_000)
    FundingSplitFactory(commitment=grant, source=found, year=2020, amount_pence=90_000)
    return found


def test_sources_say_what_is_allocated_promised_and_left(cast: Cast, source: FundingSource) -> None:
    page = client_of(cast.auditor).get("/money/sources/?year=2020-21").content.decode()
    for words in ("Safety fund", "£1,000.00", "£900.00", "£100.00", "Not reported"):
        assert words in page
    assert "Promised more than may be" not in page


def test_a_source_that_promises_too_much_says_so_in_words(cast: Cast, source: FundingSource) -> None:
    AllocationFactory(source=source, sequence=2, amount_pence=80_000, restated_because="Cut by the funder.")
    client = client_of(cast.finance_officer)
    assert "Promised more than may be" in client.get("/money/sources/?year=2020-21").content.decode()
    page = client.get(f"/money/sources/{source.slug}/?year=2020-21").content.decode()
    assert "nothing more can be offered" in page
    assert "Cut by the funder." in page


def test_years_to_come_stand_in_the_table_by_source_and_year(cast: Cast, source: FundingSource) -> None:
    grant = CommitmentFactory(status=Commitment.Status.ACCEPTED)
    FundingSplitFactory(commitment=grant, source=source, year=2022, amount_pence=12_345)
    page = client_of(cast.director).get("/money/sources/?year=2020-21").content.decode()
    assert "2022-23" in page
    assert "£123.45" in page


def test_restating_below_what_is_promised_asks_for_a_tick_and_says_by_how_much(
    cast: Cast, source: FundingSource
) -> None:
    client, address = client_of(cast.finance_officer), f"/money/sources/{source.slug}/2020-21/allocation/"
    typed = {"amount": "850", "reason": "Cut by the funder.", "place": "", "seen": "1"}
    warned = client.post(address, typed)
    assert warned.status_code == 422
    assert "£50.00 would be promised and not covered" in warned.content.decode()
    assert Allocation.objects.count() == 1
    done = client.post(address, typed | {"understood": "on"})
    assert done.status_code == 302
    assert Allocation.objects.current().get().amount_pence == 85_000


@pytest.mark.parametrize("typed", ["£8.8m", "", "-5", "12.345"])
def test_an_amount_that_cannot_be_read_comes_back_as_typed(cast: Cast, source: FundingSource, typed: str) -> None:
    address = f"/money/sources/{source.slug}/2020-21/allocation/"
    page = client_of(cast.finance_officer).post(address, {"amount": typed, "reason": "x", "seen": "1"})
    assert page.status_code == 422
    assert f'value="{typed}"' in page.content.decode() or not typed
    assert Allocation.objects.count() == 1


def test_manager_asks_and_director_approves_with_a_strong_sign_in(cast: Cast, source: FundingSource) -> None:
    asked = client_of(cast.programme_manager).post(
        f"/money/sources/{source.slug}/2020-21/overcommitment/", {"amount": "50", "reason": "Two will underspend."}
    )
    assert asked.status_code == 302
    row = Overcommitment.objects.get()
    address = f"/money/overcommitments/{row.pk}/approve/"
    weak = client_of(cast.director).post(address, {"agreed": "on"})
    assert weak.status_code == 302
    assert not Overcommitment.objects.in_force().exists()
    strong = sign_in_strongly(Client(), cast.director)
    assert "Two will underspend." in strong.get(address).content.decode()
    assert strong.post(address, {"agreed": ""}).status_code == 422
    assert strong.post(address, {"agreed": "on"}).status_code == 302
    assert Overcommitment.objects.in_force().get().amount_pence == 5_000
    page = client_of(cast.auditor).get(f"/money/sources/{source.slug}/?year=2020-21").content.decode()
    assert "In force" in page


def test_an_agreement_goes_from_offer_to_certified_year_end(cast: Cast, source: FundingSource) -> None:
    finance = client_of(cast.finance_officer)
    offer = {
        "ref": "HO-2020",
        "source": str(source.pk),
        "year": "2020",
        "offer": "1,000",
        "conditions": "Spend it by 31 March.",
        **dated("offered_on", "2020-03-02"),
    }
    assert finance.post("/money/agreements/add/?layer=recorded", offer).status_code == 302
    home = "/money/agreements/HO-2020/"
    steps = [
        ("accept/", dated("accepted_on", "2020-03-20")),
        ("changes/add/", {"what": "A second strand.", "amount": "1,200", **dated("asked_on", "2020-05-01")}),
        ("changes/1/", {"outcome": "approved", "note": "Letter.", **dated("decided_on", "2020-06-01")}),
        (
            "claims/add/",
            {"amount": "1,200", **dated("starts_on", "2020-04-01"), **dated("ends_on", "2021-03-31")},
        ),
        ("claims/1/send/", dated("sent_on", "2021-04-10")),
        ("claims/1/agree/", {}),
        ("receipts/add/", {"amount": "1200", "reference": "RCT-1", **dated("received_on", "2021-04-20")}),
        ("statement/", {"spent": "1,150", "returned": "50"}),
    ]
    for path, typed in steps:
        assert finance.post(f"{home}{path}", typed).status_code == 302, path
    page = finance.get(home).content.decode()
    assert "£1,200.00 after approved changes" in page
    assert "restate the allocation" in page
    assert "somebody else than the person who prepared" in page
    director = sign_in_strongly(Client(), cast.director)
    read = {"spent_pence": "115000", "returned_pence": "5000", "agreed": "on"}
    assert director.post(f"{home}statement/certify/", read).status_code == 302
    assert FunderAgreement.objects.get().is_frozen
    frozen = finance.post(
        f"{home}receipts/add/", {"amount": "1", "reference": "X", **dated("received_on", "2021-04-21")}
    )
    assert frozen.status_code == 422
    assert "certified, so nothing" in frozen.content.decode()


def test_a_day_to_come_is_refused_for_what_has_happened(cast: Cast) -> None:
    agreement = FunderAgreementFactory()
    page = client_of(cast.finance_officer).post(
        f"/money/agreements/{agreement.ref}/accept/", dated("accepted_on", "2199-01-01")
    )
    assert page.status_code == 422
    assert "this has happened already" in page.content.decode()


def test_budget_adds_up_by_any_two_sides_and_says_what_is_not_set_aside(cast: Cast, source: FundingSource) -> None:
    category = BudgetCategoryFactory(title="Schools")
    for pence in (10_001, 20_002):
        BudgetLineFactory(source=source, category=category, amount_pence=pence)
    client = client_of(cast.analyst)
    for rows, columns in (("programme", "source"), ("source", "category"), ("category", "programme")):
        page = client.get(f"/money/budget/?year=2020-21&rows={rows}&columns={columns}").content.decode()
        assert "£300.03" in page
        assert "£699.97" in page  # allocated and not set aside
    narrowed = client.get(f"/money/budget/?year=2020-21&programme={BudgetLine.objects.first().programme_id}")  # type: ignore[union-attr]
    assert "1 budget line" in narrowed.content.decode()
    assert "2 budget lines" in client.get("/money/budget/?year=2020-21&rows=nonsense").content.decode()


def test_finance_adds_a_line_and_changes_it_with_a_reason(cast: Cast, source: FundingSource) -> None:
    client = client_of(cast.finance_officer)
    typed = {
        "programme": str(ProgrammeFactory().pk),
        "source": str(source.pk),
        "year": "2020",
        "category": str(BudgetCategoryFactory().pk),
        "amount": "1,000",
        "reason": "The year's budget.",
    }
    assert client.post("/money/budget/add/?layer=recorded", typed).status_code == 302
    line = BudgetLine.objects.get()
    address = f"/money/budget/{line.ref}/"
    assert client.post(address, {"amount": "900", "reason": "", "seen": "100000"}).status_code == 422
    assert client.post(address, {"amount": "900", "reason": "Less.", "seen": "100000"}).status_code == 302
    page = client.get(address).content.decode()
    assert "£900.00" in page
    assert "Less." in page
    client_of(cast.director).post(address, {"amount": "1", "reason": "Mine.", "seen": "90000"})
    line.refresh_from_db()
    assert line.amount_pence == 90_000


def test_rules_show_each_outcome_with_its_sum_and_finance_writes_them(cast: Cast, source: FundingSource) -> None:
    FunderRuleFactory(source=source, kind="no_carry_over", title="Nothing carried over")
    client = client_of(cast.finance_officer)
    good = {
        "source": str(source.pk),
        "title": "Most of it is promised",
        "kind": "minimum_share",
        "numerator": "award.total",
        "denominator": "funding.source",
        "threshold_percent": "80",
        "first_year": "2020",
        "last_year": "",
        "place": "Grant letter",
    }
    refused = client.post("/money/rules/add/", good | {"numerator": "award.totl"})
    assert refused.status_code == 422
    assert "There is no figure" in refused.content.decode()
    assert client.post("/money/rules/add/", good).status_code == 302
    page = client.get("/money/rules/?year=2020-21").content.decode()
    assert "£900.00 ÷ £1,000.00 = 90.00%, at least 80% asked" in page
    assert "Nothing carried over" in page
    rule = FunderRule.objects.get(title="Most of it is promised")
    changed = {name: value for name, value in good.items() if name != "source"} | {"threshold_percent": "95%"}
    assert client.post(f"/money/rules/{rule.pk}/", changed).status_code == 302
    assert "at least 95% is asked" in client.get("/money/rules/?year=2020-21").content.decode()


def test_empty_pages_say_what_to_do_next(cast: Cast) -> None:
    UnitFactory()
    client = client_of(cast.finance_officer)
    for path, words in (
        ("/money/sources/", "state what it allocates"),
        ("/money/agreements/", "Record what a funder offered"),
        ("/money/budget/", "Add a line"),
        ("/money/rules/", "Add what a funder"),
    ):
        page = client.get(path)
        assert page.status_code == 200
        assert words in page.content.decode()


def more_sources(source: FundingSource, many: int) -> None:
    for _ in range(many):
        other = AllocationFactory(source=FundingSourceFactory()).source
        FundingSplitFactory(source=other, year=2020)
        OvercommitmentFactory(source=other)


def more_of_the_source(source: FundingSource, many: int) -> None:
    for number in range(many):
        held = source.allocations.count()
        AllocationFactory(source=source, sequence=held + 1, restated_because="Again.", amount_pence=held)
        FunderAgreementFactory(source=source)
        OvercommitmentFactory(source=source)
        FundingSplitFactory(source=source, year=2020 + number)


def more_of_the_agreement(source: FundingSource, many: int) -> None:
    agreement = FunderAgreement.objects.filter(ref="ONE").first() or FunderAgreementFactory(ref="ONE", source=source)
    if not hasattr(agreement, "year_end_statement"):
        YearEndStatementFactory(agreement=agreement)
    for _ in range(many):
        at = agreement.changes.count() + 1
        AgreementChangeFactory(agreement=agreement, number=at)
        ReceiptFactory(agreement=agreement, claim=ClaimFactory(agreement=agreement, number=at))


def more_agreements(source: FundingSource, many: int) -> None:
    for _ in range(many):
        agreement = FunderAgreementFactory()
        AgreementChangeFactory(agreement=agreement)
        ReceiptFactory(agreement=agreement)


def more_lines(source: FundingSource, many: int) -> None:
    for _ in range(many):
        BudgetLineFactory()


def more_rules(source: FundingSource, many: int) -> None:
    for _ in range(many):
        FunderRuleFactory(source=source)


@pytest.mark.parametrize(
    ("path", "more", "most"),
    [
        ("/money/sources/?year=2020-21", more_sources, 40),
        ("/money/sources/{slug}/?year=2020-21", more_of_the_source, 45),
        ("/money/agreements/?layer=recorded", more_agreements, 20),
        ("/money/agreements/ONE/", more_of_the_agreement, 25),
        ("/money/budget/?year=2020-21", more_lines, 30),
        ("/money/rules/?year=2020-21", more_rules, 40),
    ],
)
def test_pages_ask_no_more_because_there_is_more_to_show(
    cast: Cast, source: FundingSource, path: str, more: Callable[[FundingSource, int], None], most: int
) -> None:
    client, address = client_of(cast.finance_officer), path.format(slug=source.slug)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    more(source, 2)
    client.get(address)
    first = queries()
    more(source, 5)
    assert queries() == first
    assert first <= most
