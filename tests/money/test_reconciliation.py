"""A whole unit agrees to the penny; a row changed past the site is named by a check."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.figures.scope import Scope
from evaluation.reconciliation import Reconciliation, reconcile
from evaluation.reconciliation.describe import page
from grants.actions.submission import note_spend
from grants.models import Payment
from tests.cast import STAFF
from tests.factories import (
    AgreementChangeFactory,
    AllocationFactory,
    BudgetChangeFactory,
    BudgetLineFactory,
    ClaimFactory,
    ConsortiumPartnerFactory,
    CostHeadingFactory,
    FunderAgreementFactory,
    GrantClosingFactory,
    LedgerImportFactory,
    LedgerLineFactory,
    PaymentFactory,
    PaymentRunFactory,
    PaymentRunLineFactory,
    ReceiptFactory,
    RecoveryDebtFactory,
    SpendLineFactory,
    UserFactory,
    VariationFactory,
    VirementFactory,
    YearEndStatementFactory,
    approved_return,
)
from tests.money.worlds import MoneyWorld
from vru.lib.periods import FinancialYear

pytestmark = pytest.mark.django_db
YEAR = FinancialYear(2020)
PAID = {"status": Payment.Status.PAID, "paid_on": datetime.date(2020, 7, 31)}


def found(layer: str = "recorded") -> Reconciliation:
    return reconcile(Scope.of(YEAR, layer, timezone.localdate()))


def named(result: Reconciliation) -> set[str]:
    return {each.check.name for each in result.differing}


@pytest.fixture
def books(money_world: MoneyWorld) -> MoneyWorld:
    """Everything the checks look at, in agreement: one of each kind of row about money."""
    world = money_world
    _changes(world)
    _payments(world)
    revision = approved_return(world.grant, 1)
    lines = [
        SpendLineFactory(revision=revision, heading=heading, actual_pence=pence, forecast_pence=7_00, match_pence=3_00)
        for heading, pence in ((world.staff, 123_456), (world.rooms, 44))
    ]
    note_spend(revision, lines)
    _funders(world)
    return world


def _changes(world: MoneyWorld) -> None:
    approved = {"approved_at": timezone.now(), "approved_by": UserFactory(), "commitment": world.grant}
    VariationFactory(**approved, number=1, before_pence=9_000_000, after_pence=9_500_000)
    VariationFactory(**approved, number=2, before_pence=9_500_000, after_pence=world.grant.award_pence)
    line = BudgetLineFactory(programme=world.programme, source=world.home, category=world.category)
    BudgetChangeFactory(line=line, number=1, after_pence=8_000_000)
    BudgetChangeFactory(line=line, number=2, before_pence=8_000_000, after_pence=line.amount_pence)
    VirementFactory(source=world.home, from_commitment=world.second, to_commitment=world.third)


def _payments(world: MoneyWorld) -> None:
    payment = PaymentFactory(commitment=world.grant, number=1, amount_pence=2_500_000, **PAID)
    run = PaymentRunFactory(
        status="paid",
        approved_by=UserFactory(),
        approved_at=timezone.now(),
        paid_by=UserFactory(),
        paid_at=timezone.now(),
    )
    PaymentRunLineFactory(run=run, payment=payment)
    debt = RecoveryDebtFactory(
        commitment=world.grant, amount_pence=100_000, status="recovered",
        closed_at=timezone.now(), closed_by=UserFactory(),
    )  # fmt: skip
    RecoveryDebtFactory(commitment=world.grant, amount_pence=50_000)
    note = {"commitment": world.grant, "is_credit_note": True, **PAID}
    PaymentFactory(**note, number=2, amount_pence=-100_000, credits=payment, recovers=debt)
    PaymentFactory(commitment=world.grant, number=3, amount_pence=700_000)
    ConsortiumPartnerFactory(commitment=world.grant)
    GrantClosingFactory(commitment=world.third, paid_pence=0, spent_pence=0)
    ledger = LedgerImportFactory(year=YEAR.start, total_pence=2_400_000)
    for row, each in enumerate(Payment.objects.filter(status="paid").order_by("number"), start=2):
        LedgerLineFactory(
            ledger=ledger,
            row=row,
            amount_pence=each.amount_pence,
            payment=each,
            outcome="matched",
            posted_on=PAID["paid_on"],
        )


def _funders(world: MoneyWorld) -> None:
    agreement = FunderAgreementFactory(source=world.home)
    AgreementChangeFactory(
        agreement=agreement, status="approved", decided_on=datetime.date(2020, 9, 1), amount_pence=agreement.offer_pence
    )
    ReceiptFactory(
        agreement=agreement, claim=ClaimFactory(agreement=agreement, status="agreed", sent_on=PAID["paid_on"])
    )
    YearEndStatementFactory(agreement=agreement)
    AllocationFactory(source=world.core, year=YEAR.start, sequence=2, amount_pence=90_000_000, restated_because="Cut.")


def test_year_with_a_row_of_every_kind_agrees(books: MoneyWorld) -> None:
    result = found()
    assert [
        f"{pair.where}: {pair.left} against {pair.right}" for each in result.differing for pair in each.differing
    ] == []
    assert all(each.difference == 0 for each in result.compared)


def test_every_check_has_something_to_compare_in_it(books: MoneyWorld) -> None:
    empty = {each.check.name for each in found().compared if not each.pairs}
    # Plans kept as JSON and drafts have tests of their own.
    assert empty == {"variation-record", "variation-plan", "award-drafts"}


def test_unit_without_money_has_nothing_that_differs(db: None) -> None:
    assert found().agrees


@dataclass(frozen=True)
class Corruption:
    table: str
    column: str
    says: str
    where: str = "1 = 1"

    def __str__(self) -> str:
        return f"{self.table}.{self.column} ({self.says})"


CORRUPTIONS = (
    Corruption("grants_commitment", "award_pence", "award-splits"),
    Corruption("grants_commitment", "award_pence", "award-shares"),
    Corruption("grants_commitment", "award_pence", "award-by-organisation"),
    Corruption("grants_fundingsplit", "amount_pence", "award-splits"),
    Corruption("grants_areashare", "amount_pence", "award-shares"),
    Corruption("grants_profileline", "amount_pence", "award-profile"),
    Corruption("grants_variation", "after_pence", "variation-chain", "number = 1"),
    Corruption("grants_variation", "after_pence", "variation-chain", "number = 2"),
    Corruption("grants_variation", "before_pence", "variation-chain", "number = 2"),
    Corruption("grants_variation", "before_pence", "history", "number = 1"),
    Corruption("programmes_budgetline", "amount_pence", "budget-changes"),
    Corruption("programmes_budgetline", "amount_pence", "history"),
    Corruption("programmes_budgetchange", "after_pence", "budget-changes", "number = 2"),
    Corruption("programmes_budgetchange", "before_pence", "budget-changes", "number = 2"),
    Corruption("programmes_budgetchange", "before_pence", "budget-changes", "number = 1"),
    Corruption("grants_payment", "amount_pence", "payment-run-lines", "number = 1"),
    Corruption("grants_payment", "amount_pence", "payment-runs-paid", "number = 1"),
    Corruption("grants_payment", "amount_pence", "ledger-payments", "number = 1"),
    Corruption("grants_payment", "amount_pence", "history", "number = 3"),
    Corruption("grants_payment", "amount_pence", "debt-recovered", "number = 2"),
    Corruption("grants_paymentrunline", "amount_pence", "payment-run-lines"),
    Corruption("grants_recoverydebt", "amount_pence", "debt-recovered", "status = 'recovered'"),
    Corruption("grants_recoverydebt", "amount_pence", "history", "status = 'open'"),
    Corruption("grants_consortiumpartner", "share_pence", "history"),
    Corruption("grants_grantclosing", "award_pence", "closing-position"),
    Corruption("grants_grantclosing", "paid_pence", "closing-position"),
    Corruption("grants_grantclosing", "spent_pence", "closing-position"),
    Corruption("grants_grantclosing", "unspent_pence", "history"),
    Corruption("grants_virement", "amount_pence", "history"),
    Corruption("grants_spendline", "actual_pence", "spend-lines"),
    Corruption("grants_spendline", "actual_pence", "spend-headings"),
    Corruption("grants_spendline", "actual_pence", "printed-spend"),
    Corruption("grants_spendline", "actual_pence", "printed-spend-organisation"),
    Corruption("grants_spendline", "actual_pence", "printed-spend-quarter"),
    Corruption("grants_spendline", "actual_pence", "printed-spend-objective"),
    Corruption("grants_spendline", "actual_pence", "printed-spend-source"),
    Corruption("grants_spendline", "forecast_pence", "spend-lines"),
    Corruption("grants_spendline", "match_pence", "spend-lines"),
    Corruption("grants_revision", "control_actual_pence", "spend-lines"),
    Corruption("programmes_allocation", "amount_pence", "history"),
    Corruption("programmes_funderagreement", "offer_pence", "funder-offer"),
    Corruption("programmes_agreementchange", "amount_pence", "funder-offer"),
    Corruption("programmes_claim", "amount_pence", "history"),
    Corruption("programmes_receipt", "amount_pence", "history"),
    Corruption("programmes_yearendstatement", "spent_pence", "history"),
    Corruption("grants_ledgerline", "amount_pence", "ledger-file"),
    Corruption("grants_ledgerline", "amount_pence", "ledger-payments"),
    Corruption("grants_ledgerline", "difference_pence", "ledger-differences"),
    Corruption("grants_ledgerimport", "total_pence", "ledger-file"),
)


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount >= 1


class Undo(Exception):
    """Takes a corruption back."""


@contextmanager
def corrupted(statement: str) -> Iterator[Reconciliation]:
    """What is found while the statement holds; the next corruption starts from a whole world again."""
    try:
        with transaction.atomic():
            sql(statement)
            yield found()
            raise Undo
    except Undo:
        pass


def test_every_row_changed_by_sql_is_reported_by_its_check(books: MoneyWorld) -> None:
    """One world and fifty corruptions, one after another: building the world costs more than looking at it."""
    unreported = []
    for each in CORRUPTIONS:
        row = f"(SELECT min(id) FROM {each.table} WHERE {each.where})"
        with corrupted(f"UPDATE {each.table} SET {each.column} = {each.column} + 1 WHERE id = {row}") as result:
            if each.says not in named(result):
                unreported.append(f"{each}: {sorted(named(result))}")
    assert unreported == []
    assert found().agrees


LIMITS = (
    (
        "grants_payment",
        "amount_pence = 99000000",
        "number = 3",
        "status = 'paid', paid_on = '2020-08-01'",
        "payment-limit",
    ),
    ("grants_payment", "amount_pence = -9900000", "number = 2", "note = ''", "payment-credits"),
    ("programmes_receipt", "amount_pence = 900000000", "1 = 1", "reference = 'X'", "funder-received"),
    ("programmes_allocation", "amount_pence = 1", "1 = 1", "place = ''", "award-cover"),
    ("grants_consortiumpartner", "share_pence = 900000000", "1 = 1", "delivers = ''", "award-partners"),
)


def test_every_amount_beyond_its_limit_is_reported(books: MoneyWorld) -> None:
    unreported = []
    for table, amount, where, also, says in LIMITS:
        with corrupted(f"UPDATE {table} SET {amount}, {also} WHERE {where}") as result:
            if says not in named(result):
                unreported.append(says)
    assert unreported == []


def test_split_moved_to_another_source_past_the_plan_is_reported(books: MoneyWorld) -> None:
    plan = {"award": 5_000_000, "splits": {"home-office/2020": 3_333_333, "core/2020": 1_666_667}}
    VariationFactory(
        commitment=books.second, number=1, before_pence=4_000_000, after_pence=5_000_000, after=plan,
        before={"award": 4_000_000}, approved_at=timezone.now(), approved_by=UserFactory(),
    )  # fmt: skip
    sql("UPDATE grants_fundingsplit SET amount_pence = 3333334 WHERE amount_pence = 3333333")
    reported = next(each for each in found().differing if each.check.name == "variation-plan")
    assert [pair.where for pair in reported.differing] == ["GR-SECOND Grant GR-SECOND, splits home-office/2020"]


def test_amount_that_is_not_the_one_in_the_kept_plan_is_reported(books: MoneyWorld) -> None:
    VariationFactory(
        commitment=books.second, number=1, before_pence=4_000_000, after_pence=5_000_000,
        before={"award": 3_999_999}, approved_at=timezone.now(), approved_by=UserFactory(),
    )  # fmt: skip
    assert named(found()) == {"variation-record"}


def test_draft_planned_above_its_award_is_reported(books: MoneyWorld) -> None:
    sql("UPDATE grants_commitment SET status = 'draft' WHERE ref = 'GR-SECOND'")
    assert "award-drafts" not in named(found())
    sql("UPDATE grants_areashare SET amount_pence = amount_pence + 1 WHERE amount_pence = 2500000")
    assert "award-drafts" in named(found())


def test_row_deleted_by_sql_is_reported_and_one_taken_away_by_the_site_is_not(books: MoneyWorld) -> None:
    ConsortiumPartnerFactory(commitment=books.second).delete()
    assert found().agrees
    sql("DELETE FROM grants_virement")
    reported = next(each for each in found().differing if each.check.name == "history")
    assert [pair.where.endswith(", gone") for pair in reported.differing] == [True]


def test_two_rows_that_cancel_out_are_two_differences(books: MoneyWorld) -> None:
    sql("UPDATE grants_commitment SET award_pence = award_pence + 5 WHERE ref = 'GR-OURS'")
    sql("UPDATE grants_commitment SET award_pence = award_pence - 5 WHERE ref = 'GR-SECOND'")
    reported = next(each for each in found().differing if each.check.name == "award-splits")
    assert reported.difference == 0
    assert sorted(pair.difference for pair in reported.differing) == [-5, 5]


def test_another_layer_is_not_looked_at(books: MoneyWorld) -> None:
    sql("UPDATE grants_commitment SET award_pence = award_pence + 5")
    assert found("illustrative").agrees


def run(*arguments: str) -> tuple[int, str]:
    output = io.StringIO()
    try:
        call_command("reconcile", *arguments, stdout=output)
    except SystemExit as end:
        return int(str(end.code)), output.getvalue()
    return 0, output.getvalue()


def test_command_prints_the_contract_and_ends_with_nought(books: MoneyWorld) -> None:
    code, said = run("--year", "2020-21", "--layer", "recorded", "--format", "json")
    document = json.loads(said)
    assert code == 0
    assert document["differences"] == []
    first = document["checks"][0]
    assert first["name"] == "award-splits"
    assert first["left"] == first["right"] == "170000.04"
    assert first["difference"] == "0.00"


def test_command_ends_with_one_and_says_where(books: MoneyWorld) -> None:
    sql("UPDATE grants_commitment SET award_pence = award_pence + 5 WHERE ref = 'GR-OURS'")
    code, said = run("--year", "2020-21", "--layer", "recorded", "--format", "json")
    assert code == 1
    split = next(each for each in json.loads(said)["differences"] if each["name"] == "award-splits")
    assert split == {
        "name": "award-splits",
        "where": "GR-OURS Grant GR-OURS",
        "left": "100000.06",
        "right": "100000.01",
        "difference": "0.05",
    }
    assert run("--year", "2020-21", "--layer", "recorded")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--year", "2020"), "could be a calendar year"),
        (("--year", "2020-21", "--layer", "secret"), "is not a layer"),
        ((), "Say which year"),
    ],
)
def test_command_refuses_what_it_cannot_read(db: None, arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("reconcile", *arguments)


def test_document_of_the_checks_is_current(settings: object) -> None:
    kept = (settings.BASE_DIR / "docs" / "reconciliation.md").read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert kept == page(), "Run: manage.py reconcile --write-docs"


def test_page_shows_differences_first_and_leads_to_the_row(books: MoneyWorld, client: Client) -> None:
    client.force_login(books.cast.finance_officer)
    assert "Everything agrees" in client.get("/money/reconciliation/?year=2020-21&layer=recorded").content.decode()
    sql("UPDATE grants_commitment SET award_pence = award_pence + 5 WHERE ref = 'GR-OURS'")
    text = client.get("/money/reconciliation/?year=2020-21&layer=recorded").content.decode()
    assert "Everything agrees" not in text
    assert text.index("GR-OURS Grant GR-OURS") < text.index("What was compared")
    assert 'href="/grants/GR-OURS/"' in text
    assert "£100,000.06" in text


def test_page_costs_the_same_with_more_rows(books: MoneyWorld, client: Client) -> None:
    client.force_login(books.cast.auditor)
    address = "/money/reconciliation/?year=2020-21&layer=recorded"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(12):
        payment = PaymentFactory(commitment=books.second, number=number + 1, amount_pence=100, **PAID)
        PaymentRunLineFactory(payment=payment)
        BudgetLineFactory(programme=books.programme, source=books.home)
        CostHeadingFactory()
    assert queries() <= few <= 145


def test_only_staff_open_the_page(books: MoneyWorld) -> None:
    for name, expected in [*((name, 200) for name in STAFF), ("grantee", 403), ("nobody", 403)]:
        client = Client()
        client.force_login(books.cast.named(name))
        assert client.get("/money/reconciliation/?year=2020-21&layer=recorded").status_code == expected


def test_snapshot_inside_a_transaction_is_read_as_it_stands(books: MoneyWorld) -> None:
    with transaction.atomic():
        sql("UPDATE grants_commitment SET award_pence = award_pence + 5")
        assert run("--year", "2020-21", "--layer", "recorded")[0] == 1
